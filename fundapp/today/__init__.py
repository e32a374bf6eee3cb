"""The first page after signing in: what the person has to do, each number with a link to its list.

It reads every package below and writes nothing; no package imports it.
"""
