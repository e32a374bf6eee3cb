"""Money out: requests for help, approvals, payouts, proofs.

It may import children and everything below; it meets giving only in the ledger. Words: a *request*
asks one fund for an amount per child; an *approval* is one person's decision; a *payout* is the
money leaving; a *proof* is the guardian's or school's word that it came. Asker, approver and payer
are three people.
"""
