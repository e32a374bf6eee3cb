"""What rules the house is changed by two people: one proposes, another confirms.

The package knows the way of a proposal and nothing of what is changed. The packages that own the
things register their kinds (`registry.ProposalKind`): what is so now, what it would be, and how it
is done.
"""
