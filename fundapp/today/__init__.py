"""The first page after signing in: everything that waits on one, each number with its list.

It reads every package below and writes nothing. Nobody imports it.
"""
