"""Reminders before and after a due date, and the preference of a donor not to get them."""
