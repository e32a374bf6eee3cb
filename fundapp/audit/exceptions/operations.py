"""Dismissing an exception with a reason."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.audit.exceptions.errors import DismissedAlreadyError
from fundapp.audit.exceptions.models import Dismissal
from fundapp.audit.exceptions.policy import may_dismiss
from fundapp.audit.exceptions.queries import (
    SeenDays,
    find_dismissals,
    find_exceptions,
    get_rule,
)
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event

#: What the trail and remarks call the exceptions of a rule.
SUBJECT_TYPE = "audit_exception"


def dismiss_exception(
    rule: str, key: str, reason: str, *, among: SeenDays, actor: Actor
) -> Dismissal:
    """Note why nothing follows from an exception that the rule finds in these days; it stays in
    the list. Raises ForbiddenError, NotFoundError for no rule and for what it does not find, and
    DismissedAlreadyError.
    """
    require(may_dismiss(actor))
    found, _is_more = find_exceptions(get_rule(rule), among)
    if key not in {each.key for each in found}:
        raise NotFoundError
    if find_dismissals(rule, [key]):
        raise DismissedAlreadyError
    remark = write_remark(
        reason, kind=RemarkKind.AUDIT, subject_type=SUBJECT_TYPE, subject_ref=rule, actor=actor
    )
    dismissal = Dismissal(
        rule=rule,
        key=key,
        reason_digest=remark.digest,
        dismissed_by=actor.ref,
        dismissed_at=clock.now(),
    )
    db.session.add(dismissal)
    db.session.flush()
    record_event(
        "audit:exception:dismiss",
        actor=actor,
        subject_type=SUBJECT_TYPE,
        subject_ref=rule,
        note=remark.trace,
    )
    return dismissal
