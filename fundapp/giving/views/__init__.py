"""Pages of giving: the donor's (give, pledge, receipt) and the officer's (donors, payments)."""

from fundapp.giving.campaigns import views as campaigns
from fundapp.giving.receipts import views as receipts
from fundapp.giving.reminders import views as reminders
from fundapp.giving.views import (
    card_payments,
    donors,
    finding,
    give,
    own_gifts,
    payments,
    pledges,
    promised,
)
from fundapp.giving.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "campaigns",
    "card_payments",
    "donors",
    "finding",
    "give",
    "own_gifts",
    "payments",
    "pledges",
    "promised",
    "receipts",
    "reminders",
]
