"""Pages of giving: the donor's (give, pledge, receipt) and the officer's (donors, payments)."""

from fundapp.giving.campaigns import views as campaigns
from fundapp.giving.cash import views as cash
from fundapp.giving.channels import views as channels
from fundapp.giving.gift_batches import views as gift_batches
from fundapp.giving.imports import views as imports
from fundapp.giving.in_kind import views as in_kind
from fundapp.giving.receipts import views as receipts
from fundapp.giving.reminders import views as reminders
from fundapp.giving.slips import views as slips
from fundapp.giving.views import (
    card_payments,
    donors,
    duplicates,
    finding,
    give,
    office_pledges,
    own_gifts,
    own_refunds,
    payments,
    pledges,
    promised,
    real_fund,
    refunds,
)
from fundapp.giving.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "campaigns",
    "card_payments",
    "cash",
    "channels",
    "donors",
    "duplicates",
    "finding",
    "gift_batches",
    "give",
    "imports",
    "in_kind",
    "office_pledges",
    "own_gifts",
    "own_refunds",
    "payments",
    "pledges",
    "promised",
    "real_fund",
    "receipts",
    "refunds",
    "reminders",
    "slips",
]
