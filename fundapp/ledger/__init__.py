"""The books: funds, chart of accounts, journal entries, postings, periods and balances.

Money moves only through `fundapp.ledger.operations.post_entries`. The books know nothing of donors,
children or the web (the pages here are those of settings): a business object is a ``source_type``
and a ``source_ref`` to it, and upper packages hold the key *to* the journal entry.

Words: a *journal entry* holds one or more *postings*; a posting moves an amount of one *fund* from
the account it credits to the account it debits, so every row balances by construction, and so does
every fund. A mistake is *reversed* by a new entry. A fund's *available* money is its net assets:
what came in as income less what was spent or approved to be spent. A fund is *open*, *frozen* (it
promises and pays nothing new) or *closed* (it takes no entry).
"""
