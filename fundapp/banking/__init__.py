"""Bank accounts, statements and matching: ties money in and money out to the bank.

It may import giving, disbursements and everything below them. Words: a *statement* is one imported
file, its *lines* are what the bank says happened; a *match* ties a line to a payment or a payout,
with the reason in words.
"""
