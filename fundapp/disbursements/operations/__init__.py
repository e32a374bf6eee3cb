"""Everything that is done with requests: every change, and every read of what is encrypted."""

from fundapp.disbursements.operations.account_checks import (
    read_accounts_to_verify,
    verify_account,
    verify_accounts,
)
from fundapp.disbursements.operations.briefings import read_briefing
from fundapp.disbursements.operations.confirmations import confirm_by_link, print_receipt_link
from fundapp.disbursements.operations.decisions import cancel_request, decide_request
from fundapp.disbursements.operations.erasures import erase_request_words
from fundapp.disbursements.operations.evidence import read_evidence
from fundapp.disbursements.operations.files import (
    read_children_to_offer,
    read_codes_to_list,
    read_request,
    read_request_to_change,
    read_voucher,
)
from fundapp.disbursements.operations.fund_rules import set_fund_rules
from fundapp.disbursements.operations.help_rules import set_help_rules
from fundapp.disbursements.operations.interests import declare_interest_in_request
from fundapp.disbursements.operations.openings import open_request
from fundapp.disbursements.operations.payees import note_staff_account, write_payee_digests
from fundapp.disbursements.operations.payouts import SentPayout, record_payout, record_sent_payouts
from fundapp.disbursements.operations.proofs import file_proof_of_receipt, read_signed_paper
from fundapp.disbursements.operations.releases import read_stops, release_payment
from fundapp.disbursements.operations.reopenings import reopen_request
from fundapp.disbursements.operations.requests import resubmit_request, submit_request
from fundapp.disbursements.operations.returns import record_comeback, record_share_return
from fundapp.disbursements.operations.slips import file_payout_slip, read_payout_slip
from fundapp.disbursements.operations.vendors import (
    propose_vendor,
    read_vendors_to_offer,
    record_vendor,
)
from fundapp.disbursements.operations.withdrawals import tell_of_withdrawal

__all__ = [
    "SentPayout",
    "cancel_request",
    "confirm_by_link",
    "decide_request",
    "declare_interest_in_request",
    "erase_request_words",
    "file_payout_slip",
    "file_proof_of_receipt",
    "note_staff_account",
    "open_request",
    "print_receipt_link",
    "propose_vendor",
    "read_accounts_to_verify",
    "read_briefing",
    "read_children_to_offer",
    "read_codes_to_list",
    "read_evidence",
    "read_payout_slip",
    "read_request",
    "read_request_to_change",
    "read_signed_paper",
    "read_stops",
    "read_vendors_to_offer",
    "read_voucher",
    "record_comeback",
    "record_payout",
    "record_sent_payouts",
    "record_share_return",
    "record_vendor",
    "release_payment",
    "reopen_request",
    "resubmit_request",
    "set_fund_rules",
    "set_help_rules",
    "submit_request",
    "tell_of_withdrawal",
    "verify_account",
    "verify_accounts",
    "write_payee_digests",
]
