"""Tables of money in. Their triggers are in ``fundapp/giving/sql/``."""

from fundapp.giving.models.donors import (
    Donor,
    DonorKind,
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

__all__ = [
    "Allocation",
    "Designation",
    "Donor",
    "DonorKind",
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
    "ReturnReason",
]
