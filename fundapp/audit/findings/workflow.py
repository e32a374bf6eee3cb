"""What a finding may become next (pure)."""

from enum import StrEnum

from fundapp.audit.findings.errors import FindingStateError
from fundapp.audit.findings.models import FindingStatus


class FindingAction(StrEnum):
    """What is done with a finding."""

    ANSWER = "answer"
    CONFIRM = "confirm"
    FAIL = "fail"
    REOPEN = "reopen"
    ADD_EVIDENCE = "add-evidence"


_NEXT: dict[tuple[FindingStatus, FindingAction], FindingStatus] = {
    (FindingStatus.OPEN, FindingAction.ANSWER): FindingStatus.ANSWERED,
    (FindingStatus.REOPENED, FindingAction.ANSWER): FindingStatus.ANSWERED,
    (FindingStatus.ANSWERED, FindingAction.CONFIRM): FindingStatus.CLOSED,
    (FindingStatus.ANSWERED, FindingAction.FAIL): FindingStatus.REOPENED,
    (FindingStatus.CLOSED, FindingAction.REOPEN): FindingStatus.REOPENED,
    (FindingStatus.OPEN, FindingAction.ADD_EVIDENCE): FindingStatus.OPEN,
    (FindingStatus.ANSWERED, FindingAction.ADD_EVIDENCE): FindingStatus.ANSWERED,
    (FindingStatus.REOPENED, FindingAction.ADD_EVIDENCE): FindingStatus.REOPENED,
}


def next_finding_status(status: FindingStatus, action: FindingAction) -> FindingStatus:
    """The state that the action leads to; FindingStateError."""
    if (status, action) not in _NEXT:
        raise FindingStateError
    return _NEXT[status, action]


def finding_actions(status: FindingStatus) -> frozenset[FindingAction]:
    """What can be done in this state."""
    return frozenset(action for known, action in _NEXT if known is status)
