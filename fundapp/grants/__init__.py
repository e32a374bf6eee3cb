"""Grants received from agencies and companies: agreement, budget lines, conditions, reports."""
