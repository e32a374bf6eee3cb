"""What the words of a request are called on pages."""

from fundapp.disbursements.models import (
    Decision,
    Need,
    PayeeKind,
    PayoutMethod,
    ProofOutcome,
    RequestStatus,
)
from fundapp.web.lazy import lazy as _l

STATUSES: dict[RequestStatus, str] = {
    RequestStatus.SUBMITTED: _l("Waiting for approval"),
    RequestStatus.RETURNED: _l("Returned for changes"),
    RequestStatus.APPROVED: _l("Approved, to be paid"),
    RequestStatus.PAID: _l("Paid, proof awaited"),
    RequestStatus.PROBLEM: _l("Problem with the receipt"),
    RequestStatus.CONFIRMED: _l("Receipt confirmed"),
    RequestStatus.REJECTED: _l("Rejected"),
    RequestStatus.CANCELLED: _l("Cancelled"),
}

#: Short, for the tabs above the list: what is to be done.
TABS: dict[RequestStatus, str] = {
    RequestStatus.SUBMITTED: _l("To decide"),
    RequestStatus.RETURNED: _l("Returned"),
    RequestStatus.APPROVED: _l("To pay"),
    RequestStatus.PAID: _l("Proof awaited"),
    RequestStatus.PROBLEM: _l("Problem"),
    RequestStatus.CONFIRMED: _l("Confirmed"),
    RequestStatus.REJECTED: _l("Rejected"),
    RequestStatus.CANCELLED: _l("Cancelled"),
}

STATUS_TONES: dict[RequestStatus, str] = {
    RequestStatus.SUBMITTED: "info",
    RequestStatus.RETURNED: "warn",
    RequestStatus.APPROVED: "info",
    RequestStatus.REJECTED: "neutral",
    RequestStatus.CANCELLED: "neutral",
    RequestStatus.PAID: "info",
    RequestStatus.CONFIRMED: "good",
    RequestStatus.PROBLEM: "bad",
}

NEEDS: dict[Need, str] = {
    Need.LIVING: _l("Living costs"),
    Need.EDUCATION: _l("Education"),
    Need.TRAVEL: _l("Travel"),
    Need.HEALTH: _l("Health"),
    Need.FOOD: _l("Food"),
}

PAYEE_KINDS: dict[PayeeKind, str] = {
    PayeeKind.GUARDIAN: _l("Guardian"),
    PayeeKind.SCHOOL: _l("School"),
}

METHODS: dict[PayoutMethod, str] = {
    PayoutMethod.TRANSFER: _l("Bank transfer"),
    PayoutMethod.PROMPTPAY: _l("PromptPay"),
    PayoutMethod.CASH: _l("Cash"),
}

DECISIONS: dict[Decision, str] = {
    Decision.APPROVE: _l("Approved"),
    Decision.RETURN: _l("Returned for changes"),
    Decision.REJECT: _l("Rejected"),
}

DECISION_TONES: dict[Decision, str] = {
    Decision.APPROVE: "good",
    Decision.RETURN: "warn",
    Decision.REJECT: "bad",
}

OUTCOMES: dict[ProofOutcome, str] = {
    ProofOutcome.RECEIVED: _l("Received"),
    ProofOutcome.NOT_RECEIVED: _l("Not received"),
    ProofOutcome.PROBLEM: _l("Received with a problem"),
}
