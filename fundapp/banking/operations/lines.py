"""Putting lines aside and taking them up again."""

from fundapp.access.actors import Actor
from fundapp.banking.models import StatementLine
from fundapp.banking.operations.locking import record_line_event, require_reason, take_line
from fundapp.banking.workflow import LineAction
from fundapp.db import db


def hold_line(public_id: str, *, reason: str, actor: Actor) -> StatementLine:
    """Put a line on hold until something is found out.

    Raises NotFoundError, LineTakenError, ReasonMissingError, PersonalDataError.
    """
    return _put_aside(public_id, LineAction.HOLD, reason, actor)


def ignore_line(public_id: str, *, reason: str, actor: Actor) -> StatementLine:
    """Leave a line out for good, with the reason; it stays a named difference of the bank proof.

    Raises NotFoundError, LineTakenError, ReasonMissingError, PersonalDataError.
    """
    return _put_aside(public_id, LineAction.IGNORE, reason, actor)


def release_line(public_id: str, *, actor: Actor) -> StatementLine:
    """Take up again a line that was held or ignored. Raises NotFoundError, LineTakenError."""
    line = take_line(public_id, LineAction.RELEASE)
    record_line_event("release", line, actor)
    db.session.flush()
    return line


def _put_aside(public_id: str, action: LineAction, text: str, actor: Actor) -> StatementLine:
    reason = require_reason(text)
    line = take_line(public_id, action)
    line.status_reason = reason
    record_line_event(action, line, actor, reason)
    db.session.flush()
    return line
