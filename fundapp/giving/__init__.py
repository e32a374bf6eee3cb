"""Money in: donors, pledges, instalments, payments, allocations, receipts.

It may import identity, places, trail, ledger, documents, mail, web and the kernel; it meets
disbursements only in the ledger. Terms: a *pledge* is a promise, cut into *instalments*, each with
a due date; a *payment* is money that arrived; an *allocation* is the part of a payment that pays an
instalment; the *surplus* is what no instalment takes, and stays a gift to the same fund; a
*designation* is the part of a payment that goes into a fund. A gift given once is a pledge of one
instalment.
"""
