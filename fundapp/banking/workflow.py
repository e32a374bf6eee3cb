"""What may happen to a line of a statement, and what becomes of it (pure)."""

from enum import StrEnum

from fundapp.banking.errors import LineTakenError
from fundapp.banking.models import LineStatus


class LineAction(StrEnum):
    """What is done to a line."""

    MATCH = "match"
    HOLD = "hold"
    IGNORE = "ignore"
    RELEASE = "release"
    UNMATCH = "unmatch"


#: (state, action) → state. What is not here is not allowed.
LINE_TRANSITIONS: dict[tuple[LineStatus, LineAction], LineStatus] = {
    (LineStatus.UNMATCHED, LineAction.MATCH): LineStatus.MATCHED,
    (LineStatus.UNMATCHED, LineAction.HOLD): LineStatus.HELD,
    (LineStatus.UNMATCHED, LineAction.IGNORE): LineStatus.IGNORED,
    (LineStatus.HELD, LineAction.MATCH): LineStatus.MATCHED,
    (LineStatus.HELD, LineAction.IGNORE): LineStatus.IGNORED,
    (LineStatus.HELD, LineAction.RELEASE): LineStatus.UNMATCHED,
    (LineStatus.IGNORED, LineAction.RELEASE): LineStatus.UNMATCHED,
    (LineStatus.MATCHED, LineAction.UNMATCH): LineStatus.UNMATCHED,
}

#: States in which a line still waits for somebody.
OPEN_STATUSES = (LineStatus.UNMATCHED, LineStatus.HELD)


def may_line(status: LineStatus, action: LineAction) -> bool:
    """Whether ``action`` is possible for a line in ``status``."""
    return (status, action) in LINE_TRANSITIONS


def next_line_status(status: LineStatus, action: LineAction) -> LineStatus:
    """What a line in ``status`` becomes by ``action``; LineTakenError when it is not possible."""
    if not may_line(status, action):
        raise LineTakenError
    return LINE_TRANSITIONS[status, action]
