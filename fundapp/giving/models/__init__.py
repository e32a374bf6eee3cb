"""Tables of money in. Their triggers are in ``fundapp/giving/sql/``."""

from fundapp.giving.models.donors import (
    Donor,
    DonorKind,
    DonorMerge,
)
from fundapp.giving.models.payments import (
    Allocation,
    Designation,
    Payment,
    PaymentStatus,
    ReturnReason,
)
from fundapp.giving.models.pledges import (
    Frequency,
    Instalment,
    InstalmentState,
    Method,
    Pledge,
    PledgeStatus,
)
from fundapp.giving.models.receipts import (
    Receipt,
    ReceiptCounter,
)
from fundapp.giving.models.reminders import (
    Reminder,
    ReminderKind,
)

__all__ = [
    "Allocation",
    "Designation",
    "Donor",
    "DonorKind",
    "DonorMerge",
    "Frequency",
    "Instalment",
    "InstalmentState",
    "Method",
    "Payment",
    "PaymentStatus",
    "Pledge",
    "PledgeStatus",
    "Receipt",
    "ReceiptCounter",
    "Reminder",
    "ReminderKind",
    "ReturnReason",
]
