"""Pages of giving: the donor's (give, pledge, receipt) and the officer's (donors, payments)."""

from fundapp.giving.receipts import views as receipts
from fundapp.giving.reminders import views as reminders
from fundapp.giving.slips import views as slips
from fundapp.giving.views import (
    card_payments,
    donors,
    finding,
    give,
    office_pledges,
    own_gifts,
    payments,
    pledges,
    promised,
    real_fund,
)
from fundapp.giving.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "card_payments",
    "donors",
    "finding",
    "give",
    "office_pledges",
    "own_gifts",
    "payments",
    "pledges",
    "promised",
    "real_fund",
    "receipts",
    "reminders",
    "slips",
]
