"""Reading requests for people who work on them, and payouts for the bank. Nothing is decrypted."""

from fundapp.disbursements.queries.account_checks import (
    AccountWarning,
    checks_of,
    count_accounts_to_verify,
    find_account_warnings,
    list_accounts_to_verify,
)
from fundapp.disbursements.queries.confirmations import AskedReceipt, get_asked_receipt
from fundapp.disbursements.queries.evidence import (
    find_evidence,
    list_evidence,
    list_payout_slips,
)
from fundapp.disbursements.queries.payouts import (
    COMEBACK_WITHIN,
    DAYS_AROUND,
    days_of_shares_back,
    has_larger_payout,
    is_payment_of_request,
    is_share_out,
    list_returnable_payouts,
    list_unmatched_payouts,
    shares_back_of,
)
from fundapp.disbursements.queries.requests import (
    Move,
    count_by_status,
    count_requests_in_work,
    count_without_consent,
    find_next_to_decide,
    find_open_requests,
    get_request,
    get_request_to_change,
    list_moves,
    list_open_requests_of,
    list_requests,
    list_waiting,
    load_whole,
)
from fundapp.disbursements.queries.shares import ChildShare, HelpShare, Part, read_shares
from fundapp.disbursements.queries.staff_accounts import count_staff_accounts
from fundapp.disbursements.queries.visibility import (
    has_handed_on,
    sees_request,
    shown_parts,
    visible_requests,
)

__all__ = [
    "COMEBACK_WITHIN",
    "DAYS_AROUND",
    "AccountWarning",
    "AskedReceipt",
    "ChildShare",
    "HelpShare",
    "Move",
    "Part",
    "checks_of",
    "count_accounts_to_verify",
    "count_by_status",
    "count_requests_in_work",
    "count_staff_accounts",
    "count_without_consent",
    "days_of_shares_back",
    "find_account_warnings",
    "find_evidence",
    "find_next_to_decide",
    "find_open_requests",
    "get_asked_receipt",
    "get_request",
    "get_request_to_change",
    "has_handed_on",
    "has_larger_payout",
    "is_payment_of_request",
    "is_share_out",
    "list_accounts_to_verify",
    "list_evidence",
    "list_moves",
    "list_open_requests_of",
    "list_payout_slips",
    "list_requests",
    "list_returnable_payouts",
    "list_unmatched_payouts",
    "list_waiting",
    "load_whole",
    "read_shares",
    "sees_request",
    "shares_back_of",
    "shown_parts",
    "visible_requests",
]
