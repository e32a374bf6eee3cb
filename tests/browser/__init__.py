"""The pages in Chromium: clicked through, looked at in two sizes, reached by keyboard.

On SQLite only; the program behind the pages is tested on both databases elsewhere.
"""
