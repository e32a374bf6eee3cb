"""What a concern may become next (pure)."""

from fundapp.concerns.errors import ConcernStateError
from fundapp.concerns.models import ConcernAction, ConcernStatus

_NEXT: dict[tuple[ConcernStatus, ConcernAction], ConcernStatus] = {
    (ConcernStatus.NEW, ConcernAction.TAKE): ConcernStatus.IN_WORK,
    (ConcernStatus.NEW, ConcernAction.REPLY): ConcernStatus.NEW,
    (ConcernStatus.NEW, ConcernAction.RESTRICT): ConcernStatus.NEW,
    (ConcernStatus.IN_WORK, ConcernAction.TAKE): ConcernStatus.IN_WORK,
    (ConcernStatus.IN_WORK, ConcernAction.NOTE): ConcernStatus.IN_WORK,
    (ConcernStatus.IN_WORK, ConcernAction.ANSWER): ConcernStatus.ANSWERED,
    (ConcernStatus.IN_WORK, ConcernAction.REPLY): ConcernStatus.IN_WORK,
    (ConcernStatus.IN_WORK, ConcernAction.RESTRICT): ConcernStatus.IN_WORK,
    (ConcernStatus.ANSWERED, ConcernAction.TAKE): ConcernStatus.IN_WORK,
    (ConcernStatus.ANSWERED, ConcernAction.NOTE): ConcernStatus.ANSWERED,
    (ConcernStatus.ANSWERED, ConcernAction.ANSWER): ConcernStatus.ANSWERED,
    (ConcernStatus.ANSWERED, ConcernAction.REPLY): ConcernStatus.IN_WORK,
    (ConcernStatus.ANSWERED, ConcernAction.RESTRICT): ConcernStatus.IN_WORK,
    (ConcernStatus.ANSWERED, ConcernAction.CLOSE): ConcernStatus.CLOSED,
    (ConcernStatus.CLOSED, ConcernAction.REPLY): ConcernStatus.IN_WORK,
    (ConcernStatus.CLOSED, ConcernAction.REOPEN): ConcernStatus.IN_WORK,
}
#: What only the owner does.
OWNERS_ACTIONS = frozenset({ConcernAction.ANSWER, ConcernAction.CLOSE})


def next_concern_status(status: ConcernStatus, action: ConcernAction) -> ConcernStatus:
    """The state that the action leads to; ConcernStateError."""
    if (status, action) not in _NEXT:
        raise ConcernStateError
    return _NEXT[status, action]


def concern_actions(status: ConcernStatus) -> frozenset[ConcernAction]:
    """What can be done in this state."""
    return frozenset(action for known, action in _NEXT if known is status)
