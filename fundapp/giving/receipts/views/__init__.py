"""Pages of receipts: the receipt itself, the office's register, e-Donation, yearly statements."""

from fundapp.giving.receipts.views import e_donation, receipt, register, statements

__all__ = ["e_donation", "receipt", "register", "statements"]
