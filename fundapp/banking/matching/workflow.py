"""Which action is possible in which state of a line, and the state it leads to (pure)."""

from enum import StrEnum

from fundapp.banking.errors import LineTakenError
from fundapp.banking.models import LineStatus


class LineAction(StrEnum):
    """An action on a line."""

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
    # A part of a line that was split may be matched while the rest waits.
    (LineStatus.UNMATCHED, LineAction.UNMATCH): LineStatus.UNMATCHED,
    (LineStatus.HELD, LineAction.UNMATCH): LineStatus.HELD,
}

#: Actions whose state follows from the matches that they write or undo.
BY_MATCHES = (LineAction.MATCH, LineAction.UNMATCH)

#: States in which a line can still be matched.
OPEN_STATUSES = (LineStatus.UNMATCHED, LineStatus.HELD)


def is_line_action_possible(status: LineStatus, action: LineAction) -> bool:
    """Whether ``action`` is possible for a line in ``status``."""
    return (status, action) in LINE_TRANSITIONS


def next_line_status(status: LineStatus, action: LineAction) -> LineStatus:
    """The state that ``action`` leads to; LineTakenError when it is not possible."""
    if not is_line_action_possible(status, action):
        raise LineTakenError
    return LINE_TRANSITIONS[status, action]
