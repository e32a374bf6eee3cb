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
    EDonationEntry,
    EDonationState,
    Receipt,
    ReceiptContent,
    ReceiptCounter,
    ReceiptPdf,
    ReceiptPrint,
    ReplaceReason,
    TaxDetails,
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
    "EDonationEntry",
    "EDonationState",
    "Frequency",
    "Instalment",
    "InstalmentState",
    "Method",
    "Payment",
    "PaymentStatus",
    "Pledge",
    "PledgeStatus",
    "Receipt",
    "ReceiptContent",
    "ReceiptCounter",
    "ReceiptPdf",
    "ReceiptPrint",
    "Reminder",
    "ReminderKind",
    "ReplaceReason",
    "ReturnReason",
    "TaxDetails",
]
