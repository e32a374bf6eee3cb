"""Tables of money in. Their triggers are in ``fundapp/giving/sql/``."""

from fundapp.giving.models.card_payments import (
    Checkout,
    CheckoutStatus,
    HandledNotice,
    MovementKind,
    ProcessorMovement,
    ProcessorNotice,
    ProcessorPayout,
    RefundOrder,
    RefundStatus,
    SavedCard,
)
from fundapp.giving.models.channels import (
    LineCode,
    StoredLineEvent,
    YearMessage,
)
from fundapp.giving.models.donors import (
    Donor,
    DonorKind,
    DonorMerge,
)
from fundapp.giving.models.payments import (
    REASONS_OF_BANKS,
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
    "REASONS_OF_BANKS",
    "Allocation",
    "Checkout",
    "CheckoutStatus",
    "Designation",
    "Donor",
    "DonorKind",
    "DonorMerge",
    "EDonationEntry",
    "EDonationState",
    "Frequency",
    "HandledNotice",
    "Instalment",
    "InstalmentState",
    "LineCode",
    "Method",
    "MovementKind",
    "Payment",
    "PaymentStatus",
    "Pledge",
    "PledgeStatus",
    "ProcessorMovement",
    "ProcessorNotice",
    "ProcessorPayout",
    "Receipt",
    "ReceiptContent",
    "ReceiptCounter",
    "ReceiptPdf",
    "ReceiptPrint",
    "RefundOrder",
    "RefundStatus",
    "Reminder",
    "ReminderKind",
    "ReplaceReason",
    "ReturnReason",
    "SavedCard",
    "StoredLineEvent",
    "TaxDetails",
    "YearMessage",
]
