"""Pages of giving: the donor's (give, pledge, receipt) and the officer's (donors, payments)."""

from fundapp.giving.imports import views as imports
from fundapp.giving.receipts import views as receipts
from fundapp.giving.reminders import views as reminders
from fundapp.giving.views import (
    card_payments,
    donors,
    duplicates,
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
    "card_payments",
    "donors",
    "duplicates",
    "finding",
    "give",
    "imports",
    "own_gifts",
    "payments",
    "pledges",
    "promised",
    "receipts",
    "reminders",
]
