"""Money in: donors, pledges, instalments, payments, allocations, receipts.

It may import identity, places, trail, ledger, documents, mail, web and the kernel; it meets
disbursements only in the ledger. Words: a *pledge* is a promise, cut into dated *instalments*; a
*payment* is money that arrived; an *allocation* puts a payment (or a part) on an instalment; a
*designation* puts it into a fund; what no instalment takes is a further gift to the same fund. A
gift given once is a pledge of one instalment.
"""
