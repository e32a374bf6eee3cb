"""Pages of receipts: the receipt itself and its proof, the office's register, e-Donation, yearly
statements.
"""

from fundapp.giving.receipts.views import e_donation, proof, receipt, register, statements

__all__ = ["e_donation", "proof", "receipt", "register", "statements"]
