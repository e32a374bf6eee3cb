"""Samples of entries that an auditor draws, checks one by one and projects."""
