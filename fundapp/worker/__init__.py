"""The process that works behind the pages: sends messages, folds balances.

It may import everything below. It holds no state of its own, so it may be stopped at any moment
and run more than once.
"""
