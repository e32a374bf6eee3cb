"""Putting lines aside, and releasing them again."""

from fundapp.access.actors import Actor, require
from fundapp.banking.matching.steps import (
    change_status,
    line_remark,
    record_line_event,
    require_line_reason,
    require_whole,
)
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import StatementLine
from fundapp.banking.policy import may_match_lines
from fundapp.db import db
from fundapp.remarks.models import ReasonCode, RemarkKind


def hold_line(
    public_id: str, *, reason: str, code: ReasonCode = ReasonCode.OTHER, actor: Actor
) -> StatementLine:
    """Put a line on hold until more is known.

    Raises ForbiddenError, NotFoundError, LineTakenError, LineReasonMissingError,
    PersonalDataError and ChildNamedError.
    """
    require(may_match_lines(actor))
    return _put_aside(public_id, LineAction.HOLD, reason, code, actor)


def ignore_line(
    public_id: str, *, reason: str, code: ReasonCode = ReasonCode.OTHER, actor: Actor
) -> StatementLine:
    """Leave a line out for good; it stays a named difference of the reconciliation.

    Raises ForbiddenError, NotFoundError, LineTakenError, PartlyMatchedError,
    LineReasonMissingError, PersonalDataError and ChildNamedError.
    """
    require(may_match_lines(actor))
    return _put_aside(public_id, LineAction.IGNORE, reason, code, actor)


def release_line(public_id: str, *, actor: Actor) -> StatementLine:
    """Let a line that was held or ignored be matched again.

    Raises ForbiddenError, NotFoundError and LineTakenError.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.RELEASE)
    record_line_event(LineAction.RELEASE, line, actor)
    db.session.flush()
    return line


def _put_aside(
    public_id: str, action: LineAction, text: str, code: ReasonCode, actor: Actor
) -> StatementLine:
    reason = require_line_reason(text)
    line = change_status(public_id, action)
    # At once: any query may write the row, and one that is ignored without a reason is refused.
    line.status_reason = code
    if action is LineAction.IGNORE:
        require_whole(line)
    remark = line_remark(line, reason, RemarkKind.LINE, code, actor)
    record_line_event(action, line, actor, remark.trace)
    db.session.flush()
    return line
