"""The public pages: totals received, spent and in hand, by fund, month and district.

It reads the books and, for the districts, what was paid. Numbers of children pass
`fundapp.children.suppression`, and figures of districts end with the last complete month, so that
nobody learns about one child by comparing the pages of two days. It may import every package below
it; no package imports it.
"""
