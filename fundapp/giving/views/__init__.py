"""Pages of giving: the donor's (give, pledge, receipt) and the officer's (donors, payments)."""

from fundapp.giving.receipts import views as receipts
from fundapp.giving.reminders import views as reminders
from fundapp.giving.views import (
    card_payments,
    donors,
    finding,
    give,
    own_gifts,
    own_refunds,
    payments,
    pledges,
    promised,
    refunds,
)
from fundapp.giving.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "card_payments",
    "donors",
    "finding",
    "give",
    "own_gifts",
    "own_refunds",
    "payments",
    "pledges",
    "promised",
    "receipts",
    "refunds",
    "reminders",
]
