"""Tables of money in. Their triggers are in ``fundapp/giving/sql/``."""

from fundapp.giving.models.campaigns import (
    Campaign,
    CampaignEvent,
    CampaignPledge,
    CampaignStatus,
)
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
from fundapp.giving.models.cash_counts import (
    BoxStatus,
    CashCount,
    CashCountPiece,
    CashDifference,
    CountKind,
    CountStatus,
    DonationBox,
)
from fundapp.giving.models.donors import (
    Donor,
    DonorKind,
    DonorMerge,
)
from fundapp.giving.models.gift_batches import (
    BatchStatus,
    GiftBatch,
    GiftBatchRow,
)
from fundapp.giving.models.gifts_in_kind import (
    GiftInKind,
    InKindStatus,
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
    "BatchStatus",
    "BoxStatus",
    "Campaign",
    "CampaignEvent",
    "CampaignPledge",
    "CampaignStatus",
    "CashCount",
    "CashCountPiece",
    "CashDifference",
    "Checkout",
    "CheckoutStatus",
    "CountKind",
    "CountStatus",
    "Designation",
    "DonationBox",
    "Donor",
    "DonorKind",
    "DonorMerge",
    "EDonationEntry",
    "EDonationState",
    "Frequency",
    "GiftBatch",
    "GiftBatchRow",
    "GiftInKind",
    "HandledNotice",
    "InKindStatus",
    "Instalment",
    "InstalmentState",
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
    "TaxDetails",
]
