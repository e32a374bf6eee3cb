"""Campaigns: what is raised for a purpose in some weeks, its events, public page and poster."""
