"""The thread from a gift to the help that it became, and back; it speaks of entries alone.

The rule is in `rule`; what follows from it is kept by whoever spends (`steps`) and read by
`queries`.
"""
