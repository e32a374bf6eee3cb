"""Pages of giving: the donor's (give, pledge, receipt) and the officer's (donors, payments)."""

from fundapp.giving.receipts import views as receipts
from fundapp.giving.views import donors, give, own_gifts, payments, pledges
from fundapp.giving.views.blueprint import blueprint

__all__ = ["blueprint", "donors", "give", "own_gifts", "payments", "pledges", "receipts"]
