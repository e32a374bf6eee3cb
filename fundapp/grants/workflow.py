"""What a grant, and a report on it, may become next (pure)."""

from enum import StrEnum

from fundapp.grants.errors import GrantStateError
from fundapp.grants.models import GrantStatus, ReportStatus


class GrantAction(StrEnum):
    """What is done with a grant."""

    CHANGE = "change"
    START = "start"
    WITHDRAW = "withdraw"
    COMPLETE = "complete"
    END = "end"
    AMEND = "amend"


class ReportAction(StrEnum):
    """What is done with a report."""

    SEND = "send"
    ACCEPT = "accept"
    RETURN = "return"


_GRANTS: dict[tuple[GrantStatus, GrantAction], GrantStatus] = {
    (GrantStatus.DRAFT, GrantAction.CHANGE): GrantStatus.DRAFT,
    (GrantStatus.DRAFT, GrantAction.START): GrantStatus.RUNNING,
    (GrantStatus.DRAFT, GrantAction.WITHDRAW): GrantStatus.WITHDRAWN,
    (GrantStatus.RUNNING, GrantAction.COMPLETE): GrantStatus.COMPLETED,
    (GrantStatus.RUNNING, GrantAction.END): GrantStatus.ENDED,
    (GrantStatus.RUNNING, GrantAction.AMEND): GrantStatus.RUNNING,
}
_REPORTS: dict[tuple[ReportStatus, ReportAction], ReportStatus] = {
    (ReportStatus.DUE, ReportAction.SEND): ReportStatus.SENT,
    (ReportStatus.RETURNED, ReportAction.SEND): ReportStatus.SENT,
    (ReportStatus.SENT, ReportAction.ACCEPT): ReportStatus.ACCEPTED,
    (ReportStatus.SENT, ReportAction.RETURN): ReportStatus.RETURNED,
}


def next_grant_status(status: GrantStatus, action: GrantAction) -> GrantStatus:
    """The state that the action leads to; GrantStateError."""
    if (status, action) not in _GRANTS:
        raise GrantStateError
    return _GRANTS[status, action]


def next_report_status(status: ReportStatus, action: ReportAction) -> ReportStatus:
    """The state that the action leads to; GrantStateError."""
    if (status, action) not in _REPORTS:
        raise GrantStateError
    return _REPORTS[status, action]


def report_actions(status: ReportStatus) -> frozenset[ReportAction]:
    """What can be done with a report in this state."""
    return frozenset(action for known, action in _REPORTS if known is status)
