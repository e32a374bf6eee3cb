"""Backups: a folder with the database, the documents and a manifest of both; never a key.

A backup is made while the program runs, checked without it, and restored into an empty place only.
"""
