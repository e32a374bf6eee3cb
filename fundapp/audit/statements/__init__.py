"""Statements of the books: each is described once (`description`), and its screen, print, CSV,
spreadsheet and PDF are drawn from that description.
"""
