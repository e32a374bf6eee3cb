"""The pages in Chromium: clicked through, checked in two sizes, used by keyboard.

On SQLite only; other tests run the program on both databases.
"""
