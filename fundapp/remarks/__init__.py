"""Words that people write about what they did: encrypted, shown by right, erasable.

Rows that are kept for ever (the journal, decisions, the trail) carry a code from a list and the
digest of the words. The words stand here alone. It may import trail and below.
"""
