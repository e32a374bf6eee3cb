"""The books: funds, chart of accounts, journal entries, postings, periods and balances.

Money moves only through `fundapp.ledger.operations.post_entries`. This package knows nothing of
donors, children or the web: a business object is a ``source_type`` and a ``source_ref`` to it, and
upper packages hold the key *to* the journal entry. It may import the kernel only.

Words: a *journal entry* holds one or more *postings*; a posting moves an amount of one *fund* from
the account it credits to the account it debits, so every row balances by construction, and so does
every fund. A mistake is *reversed* by a new entry. A fund's *available* money is its net assets:
what came in as income less what was spent or approved to be spent.
"""
