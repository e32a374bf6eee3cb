"""The process that works behind the pages: sends messages, folds balances, extends open pledges,
reminds donors, checks the files of documents, and by night runs the checks of the books.

It may import everything below. It stores no state of its own, so it may be stopped at any moment
and several may run at once.
"""
