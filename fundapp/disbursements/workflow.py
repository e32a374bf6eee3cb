"""Which action is possible in which state, and the state it leads to. What is not in the mapping
is impossible.
"""

from enum import StrEnum

from fundapp.disbursements.models import Decision, ReceiptOutcome, RequestStatus


class Action(StrEnum):
    """Something a person does with a request."""

    RESUBMIT = "resubmit"
    VERIFY = "verify"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    CANCEL = "cancel"
    RELEASE = "release"
    PAY = "pay"
    CONFIRM = "confirm"
    REPORT_PROBLEM = "report_problem"
    REOPEN = "reopen"
    COME_BACK = "come_back"
    SHARE_BACK = "share_back"


TRANSITIONS: dict[tuple[RequestStatus, Action], RequestStatus] = {
    (RequestStatus.SUBMITTED, Action.VERIFY): RequestStatus.SUBMITTED,
    (RequestStatus.SUBMITTED, Action.APPROVE): RequestStatus.APPROVED,
    (RequestStatus.SUBMITTED, Action.RETURN): RequestStatus.RETURNED,
    (RequestStatus.SUBMITTED, Action.REJECT): RequestStatus.REJECTED,
    (RequestStatus.SUBMITTED, Action.CANCEL): RequestStatus.CANCELLED,
    (RequestStatus.RETURNED, Action.RESUBMIT): RequestStatus.SUBMITTED,
    (RequestStatus.RETURNED, Action.CANCEL): RequestStatus.CANCELLED,
    (RequestStatus.APPROVED, Action.VERIFY): RequestStatus.APPROVED,
    (RequestStatus.APPROVED, Action.RELEASE): RequestStatus.APPROVED,
    (RequestStatus.APPROVED, Action.PAY): RequestStatus.PAID,
    (RequestStatus.APPROVED, Action.CANCEL): RequestStatus.CANCELLED,
    (RequestStatus.APPROVED, Action.REOPEN): RequestStatus.RETURNED,
    (RequestStatus.PAID, Action.RELEASE): RequestStatus.PAID,
    (RequestStatus.PAID, Action.CONFIRM): RequestStatus.CONFIRMED,
    (RequestStatus.PAID, Action.REPORT_PROBLEM): RequestStatus.PROBLEM,
    (RequestStatus.PROBLEM, Action.CONFIRM): RequestStatus.CONFIRMED,
    (RequestStatus.PROBLEM, Action.REPORT_PROBLEM): RequestStatus.PROBLEM,
    (RequestStatus.PROBLEM, Action.RELEASE): RequestStatus.PROBLEM,
    (RequestStatus.CONFIRMED, Action.RELEASE): RequestStatus.CONFIRMED,
    (RequestStatus.PAID, Action.COME_BACK): RequestStatus.RETURNED,
    (RequestStatus.PROBLEM, Action.COME_BACK): RequestStatus.RETURNED,
    (RequestStatus.CONFIRMED, Action.COME_BACK): RequestStatus.RETURNED,
    (RequestStatus.PAID, Action.SHARE_BACK): RequestStatus.PAID,
    (RequestStatus.PROBLEM, Action.SHARE_BACK): RequestStatus.PROBLEM,
    (RequestStatus.CONFIRMED, Action.SHARE_BACK): RequestStatus.CONFIRMED,
}

#: In these states the fund owes the money or has paid it.
OWED_STATES = frozenset(
    {
        RequestStatus.APPROVED,
        RequestStatus.PAID,
        RequestStatus.CONFIRMED,
        RequestStatus.PROBLEM,
    }
)


#: In these states somebody still has to decide on the request, to pay it or to prove its receipt.
OPEN_STATES = frozenset(
    {
        RequestStatus.SUBMITTED,
        RequestStatus.RETURNED,
        RequestStatus.APPROVED,
        RequestStatus.PAID,
        RequestStatus.PROBLEM,
    }
)


def next_status(status: RequestStatus, action: Action) -> RequestStatus | None:
    """The state that ``action`` leads to from ``status``, or None when it is not possible there."""
    return TRANSITIONS.get((status, action))


def actions_in(status: RequestStatus) -> frozenset[Action]:
    """Every action that is possible in ``status``."""
    return frozenset(action for state, action in TRANSITIONS if state is status)


def action_of_decision(decision: Decision) -> Action:
    """The action that an approver's decision is."""
    return Action(decision.value)


def action_of_outcome(outcome: ReceiptOutcome) -> Action:
    """The action that a proof of receipt is: only "received" settles a request."""
    return Action.CONFIRM if outcome is ReceiptOutcome.RECEIVED else Action.REPORT_PROBLEM
