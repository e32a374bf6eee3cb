"""Complaints and concerns that anybody tells, and what became of them."""
