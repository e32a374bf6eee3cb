"""Bank accounts, statements, and their lines matched to money in and money out.

It may import giving, disbursements and everything below them. Words: a *statement* is one imported
file, its *lines* are the movements that the bank states; a *match* assigns a line to a payment, a
payout or a journal entry, and keeps the reasons; a *reconciliation* explains the difference between
the bank's balance and the books' balance. Each of the parts `statement_files`, `matching` and
`reconciliation` uses the same file names; `operations` and `queries` offer what others may use.
"""
