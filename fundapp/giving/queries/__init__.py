"""Every read of giving, split by noun. Lists are pages by key."""

from fundapp.giving.queries.donors import (
    DonorFile,
    DonorRow,
    TimelineEvent,
    find_donor,
    get_donor,
    list_donors,
    open_donor,
)
from fundapp.giving.queries.payments import (
    PaymentDetail,
    PaymentFilter,
    get_payment,
    list_payments,
    open_payment,
)
from fundapp.giving.queries.pledges import (
    find_instalment,
    get_pledge,
    list_donor_pledges,
    list_gift_funds,
    list_matching_instalments,
    list_open_ended_tokens,
)
from fundapp.giving.queries.receipts import (
    ReceiptDetail,
    find_receipt_of,
    get_receipt,
    list_pledge_receipts,
    open_receipt,
)

__all__ = [
    "DonorFile",
    "DonorRow",
    "PaymentDetail",
    "PaymentFilter",
    "ReceiptDetail",
    "TimelineEvent",
    "find_donor",
    "find_instalment",
    "find_receipt_of",
    "get_donor",
    "get_payment",
    "get_pledge",
    "get_receipt",
    "list_donor_pledges",
    "list_donors",
    "list_gift_funds",
    "list_matching_instalments",
    "list_open_ended_tokens",
    "list_payments",
    "list_pledge_receipts",
    "open_donor",
    "open_payment",
    "open_receipt",
]
