"""Existing lists of children come from spreadsheets: columns, dry run, duplicates to decide."""
