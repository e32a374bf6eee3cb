"""Tables of money out: requests with all that is done about them, answers by
link, the rules of help, and what auditors look at.
"""

from fundapp.disbursements.models.account_checks import (
    AccountAnswer,
    AccountCheck,
    AccountCheckRule,
    CheckedBy,
    RequestBeforeChecks,
)
from fundapp.disbursements.models.audits import PayeeDigest, RequestOpening, StaffAccount
from fundapp.disbursements.models.confirmations import ReceiptConfirmation, ReceiptLink
from fundapp.disbursements.models.fund_rules import (
    LISTS,
    OLDEST_AGE,
    FundRules,
    FundRuleValue,
    RuleAspect,
)
from fundapp.disbursements.models.help_rules import (
    FEWEST_APPROVERS,
    MOST_APPROVERS,
    MOST_BANDS,
    ApprovalBand,
    HelpRules,
)
from fundapp.disbursements.models.help_sums import HelpDay, HelpFolding, HelpMonth
from fundapp.disbursements.models.interests import Interest, RequestInterest
from fundapp.disbursements.models.payees import RequestPayee
from fundapp.disbursements.models.proofs import ProofOfReceipt
from fundapp.disbursements.models.requests import (
    Approval,
    Decision,
    DisbursementRequest,
    Need,
    PayeeKind,
    PaymentRelease,
    Payout,
    PayoutMethod,
    ReceiptOutcome,
    RequestLine,
    RequestStatus,
)
from fundapp.disbursements.models.returns import (
    PayoutReturn,
    ReturnCause,
    ShareReturn,
    ShareReturnLine,
)
from fundapp.disbursements.models.stops import PaidStop, StopReason
from fundapp.disbursements.models.vendors import (
    RequestVendor,
    Vendor,
    VendorEnd,
    VendorKind,
    VendorVersion,
)

__all__ = [
    "FEWEST_APPROVERS",
    "LISTS",
    "MOST_APPROVERS",
    "MOST_BANDS",
    "OLDEST_AGE",
    "AccountAnswer",
    "AccountCheck",
    "AccountCheckRule",
    "Approval",
    "ApprovalBand",
    "CheckedBy",
    "Decision",
    "DisbursementRequest",
    "FundRuleValue",
    "FundRules",
    "HelpDay",
    "HelpFolding",
    "HelpMonth",
    "HelpRules",
    "Interest",
    "Need",
    "PaidStop",
    "PayeeDigest",
    "PayeeKind",
    "PaymentRelease",
    "Payout",
    "PayoutMethod",
    "PayoutReturn",
    "ProofOfReceipt",
    "ReceiptConfirmation",
    "ReceiptLink",
    "ReceiptOutcome",
    "RequestBeforeChecks",
    "RequestInterest",
    "RequestLine",
    "RequestOpening",
    "RequestPayee",
    "RequestStatus",
    "RequestVendor",
    "ReturnCause",
    "RuleAspect",
    "ShareReturn",
    "ShareReturnLine",
    "StaffAccount",
    "StopReason",
    "Vendor",
    "VendorEnd",
    "VendorKind",
    "VendorVersion",
]
