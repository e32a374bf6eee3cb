"""Every read of money out: requests for people who work on them, payouts for the bank, sums for
everybody.
"""

from fundapp.disbursements.queries.files import (
    OpenLine,
    OpenProof,
    RequestFile,
    get_proof_document,
    open_request,
)
from fundapp.disbursements.queries.payouts import (
    AssistanceTotal,
    list_unmatched_payouts,
    paid_by_district,
    paid_by_need,
)
from fundapp.disbursements.queries.requests import (
    Move,
    count_by_status,
    count_requests,
    get_request,
    list_moves,
    list_requests,
)

__all__ = [
    "AssistanceTotal",
    "Move",
    "OpenLine",
    "OpenProof",
    "RequestFile",
    "count_by_status",
    "count_requests",
    "get_proof_document",
    "get_request",
    "list_moves",
    "list_requests",
    "list_unmatched_payouts",
    "open_request",
    "paid_by_district",
    "paid_by_need",
]
