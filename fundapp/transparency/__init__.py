"""What everybody may see: totals in, out and in hand, by fund, month and district.

Reads the books and, for the districts, what was paid. A number of children leaves only through
`fundapp.children.suppression`, and figures of districts end with the last complete month, so that
nobody can take yesterday's page from today's. It may import every package below it; nobody imports
it.
"""
