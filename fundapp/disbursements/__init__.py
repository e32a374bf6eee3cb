"""Money out: requests for help, approvals, payouts, proofs of receipt.

It may import children and everything below; it meets giving only in the ledger. Words: a *request*
asks one fund for an amount for each of one or more children; an *approval* is one person's
decision; a *payout* is the money leaving; a *proof of receipt* is what the guardian or school says
of the money, with the signed paper. Who asks, who approves and who pays are three people.
"""
