"""Every read of giving, split by noun. Lists are pages by key."""

from fundapp.giving.queries.donors import (
    find_donor,
    get_donor_file,
    is_known,
    is_mailbox_of_donor,
    list_donors,
)
from fundapp.giving.queries.matching import list_matching_instalments
from fundapp.giving.queries.payments import (
    PaymentFilter,
    get_payment,
    get_payment_detail,
    list_payments,
)
from fundapp.giving.queries.pledges import (
    OfferedFund,
    find_instalment,
    find_running_pledges,
    get_pledge,
    get_pledge_to_confirm,
    gift_funds_version,
    list_donor_pledges,
    list_gift_funds,
    list_offered_funds,
    list_open_ended_tokens,
)
from fundapp.giving.queries.promised import Promised, sum_promised
from fundapp.giving.receipts.queries import (
    find_receipt_of,
    get_receipt_detail,
    list_pledge_receipts,
)

__all__ = [
    "OfferedFund",
    "PaymentFilter",
    "Promised",
    "find_donor",
    "find_instalment",
    "find_receipt_of",
    "find_running_pledges",
    "get_donor_file",
    "get_payment",
    "get_payment_detail",
    "get_pledge",
    "get_pledge_to_confirm",
    "get_receipt_detail",
    "gift_funds_version",
    "is_known",
    "is_mailbox_of_donor",
    "list_donor_pledges",
    "list_donors",
    "list_gift_funds",
    "list_matching_instalments",
    "list_offered_funds",
    "list_open_ended_tokens",
    "list_payments",
    "list_pledge_receipts",
    "sum_promised",
]
