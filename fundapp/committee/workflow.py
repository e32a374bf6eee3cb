"""What can be done with a meeting in which state, and the state it leads to. What is not in the
mapping is impossible.
"""

from enum import StrEnum

from fundapp.committee.models import MeetingStatus


class MeetingAction(StrEnum):
    """Something a person does with a meeting."""

    ADD_ITEMS = "add_items"
    OPEN = "open"
    CANCEL = "cancel"
    ATTEND = "attend"
    DECLARE = "declare"
    VOTE = "vote"
    COUNT = "count"
    CLOSE = "close"


_PLANNED, _OPEN = MeetingStatus.PLANNED, MeetingStatus.OPEN

TRANSITIONS: dict[tuple[MeetingStatus, MeetingAction], MeetingStatus] = {
    (_PLANNED, MeetingAction.ADD_ITEMS): _PLANNED,
    (_PLANNED, MeetingAction.OPEN): _OPEN,
    (_PLANNED, MeetingAction.CANCEL): MeetingStatus.CANCELLED,
    (_OPEN, MeetingAction.ATTEND): _OPEN,
    (_OPEN, MeetingAction.DECLARE): _OPEN,
    (_OPEN, MeetingAction.VOTE): _OPEN,
    (_OPEN, MeetingAction.COUNT): _OPEN,
    (_OPEN, MeetingAction.CLOSE): MeetingStatus.CLOSED,
}

#: What the members do; the secretary does the rest.
OF_MEMBERS = frozenset({MeetingAction.DECLARE, MeetingAction.VOTE})


def next_status(status: MeetingStatus, action: MeetingAction) -> MeetingStatus | None:
    """The state that ``action`` leads to from ``status``, or None when it is not possible there."""
    return TRANSITIONS.get((status, action))
