"""Pages of giving: the donor's (give, pledge, receipt) and the officer's (donors, payments)."""

from fundapp.giving.views import donors, give, payments, pledges, receipts
from fundapp.giving.views.blueprint import blueprint

__all__ = ["blueprint", "donors", "give", "payments", "pledges", "receipts"]
