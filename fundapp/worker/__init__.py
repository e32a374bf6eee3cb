"""The process that works behind the pages: sends messages, folds balances, seals entries and signs
checkpoints, extends open pledges, reminds donors, tells them early in a year what they gave, checks
the files of documents, and by night or when somebody asks runs the checks of the books.

It may import everything below. It stores no state of its own but how far a run of the checks is, so
it may be stopped at any moment and several may run at once.
"""
