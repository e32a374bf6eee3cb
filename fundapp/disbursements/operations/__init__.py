"""Every change of a request. Locks are always taken in one order: the fund, then the request."""

from fundapp.disbursements.operations.decisions import cancel_request, decide_request
from fundapp.disbursements.operations.payouts import file_proof_of_receipt, record_payout
from fundapp.disbursements.operations.reading import (
    read_children_on_offer,
    read_proof_document,
    read_request,
    read_request_to_change,
)
from fundapp.disbursements.operations.requests import resubmit_request, submit_request

__all__ = [
    "cancel_request",
    "decide_request",
    "file_proof_of_receipt",
    "read_children_on_offer",
    "read_proof_document",
    "read_request",
    "read_request_to_change",
    "record_payout",
    "resubmit_request",
    "submit_request",
]
