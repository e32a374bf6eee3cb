"""Entering a grant: the agreement and its parts, until it starts or is given up."""

from typing import Any

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import public_words
from fundapp.db import db
from fundapp.documents.intake import Accepted
from fundapp.documents.operations import store_document
from fundapp.errors import NotFoundError, StaleError
from fundapp.giving.models import Donor
from fundapp.giving.policy import is_organisation
from fundapp.grants.drafts import (
    ConditionDraft,
    GrantDraft,
    GrantLineDraft,
    InstalmentDraft,
    PartDraft,
    ReportDraft,
)
from fundapp.grants.errors import (
    GrantDayError,
    GrantDaysError,
    GrantKnownError,
    GrantorError,
    OutsideGrantError,
    SameLineError,
)
from fundapp.grants.locking import lock_grant
from fundapp.grants.models import (
    GrantCondition,
    GrantInstalment,
    GrantLine,
    GrantReport,
    GrantStatus,
    ReceivedGrant,
)
from fundapp.grants.policy import is_within, line_of, may_keep_grants, touches, version_of
from fundapp.grants.steps import SUBJECT_TYPE, move_on, record_grant
from fundapp.grants.workflow import GrantAction
from fundapp.ids import new_id
from fundapp.ledger.steps import require_not_closed
from fundapp.money import format_baht

#: The tables of the parts, as their addresses name them.
PARTS: dict[str, type[Any]] = {
    "lines": GrantLine,
    "instalments": GrantInstalment,
    "conditions": GrantCondition,
    "reports": GrantReport,
}


def draft_grant(draft: GrantDraft, paper: Accepted | None, *, actor: Actor) -> ReceivedGrant:
    """Enter a grant as a draft, with its agreement if that is at hand.

    Raises ForbiddenError, NotFoundError, GrantorError, GrantDaysError, GrantDayError,
    GrantKnownError, FundClosedError, PersonalDataError and ChildNamedError.
    """
    require(may_keep_grants(actor))
    grant = ReceivedGrant(
        id=new_id(), status=GrantStatus.DRAFT, created_by=actor.ref, created_at=clock.now()
    )
    _fill(grant, draft)
    db.session.add(grant)
    db.session.flush()
    record_grant("draft", grant, actor)
    _file(grant, paper, actor)
    return grant


def change_grant(
    public_id: str,
    draft: GrantDraft,
    paper: Accepted | None,
    *,
    seen: str | None = None,
    actor: Actor,
) -> ReceivedGrant:
    """Change what a draft says of the agreement; without a paper the one that was sent stays.
    ``seen`` is the `version_of` the grant when the actor read it.

    Raises what `draft_grant` raises, GrantStateError, and StaleError when it is another by now.
    """
    require(may_keep_grants(actor))
    grant = _lock_draft(public_id, seen)
    before = format_baht(grant.total_satang)
    _fill(grant, draft)
    changes: dict[str, tuple[object, object]] = {"total": (before, format_baht(grant.total_satang))}
    record_grant("change", grant, actor, changes=changes)
    db.session.flush()
    _file(grant, paper, actor)
    return grant


def add_part(
    public_id: str, part: PartDraft, *, seen: str | None = None, actor: Actor
) -> ReceivedGrant:
    """Add a budget line, an instalment, a condition or a report to a draft; ``seen`` as above, so
    that a form that is sent twice adds it once.

    Raises ForbiddenError, NotFoundError, GrantStateError, StaleError, SameLineError,
    OutsideGrantError, GrantDaysError, PersonalDataError and ChildNamedError.
    """
    require(may_keep_grants(actor))
    grant = _lock_draft(public_id, seen)
    db.session.add(_part(grant, part))
    record_grant("change", grant, actor)
    db.session.flush()
    db.session.expire(grant)
    return grant


def remove_part(public_id: str, kind: str, part_id: int, *, actor: Actor) -> ReceivedGrant:
    """Take a part out of a draft again; ``kind`` is a key of `PARTS`.

    Raises ForbiddenError, NotFoundError, GrantStateError.
    """
    require(may_keep_grants(actor))
    grant = _lock_draft(public_id)
    part = db.session.get(PARTS[kind], part_id) if kind in PARTS else None
    if part is None or part.grant_id != grant.id:
        raise NotFoundError
    db.session.delete(part)
    record_grant("change", grant, actor)
    db.session.flush()
    db.session.expire(grant)
    return grant


def withdraw_grant(public_id: str, *, actor: Actor) -> ReceivedGrant:
    """Give a draft up. Raises ForbiddenError, NotFoundError, GrantStateError."""
    require(may_keep_grants(actor))
    grant = lock_grant(public_id)
    move_on(grant, GrantAction.WITHDRAW)
    record_grant("withdraw", grant, actor)
    db.session.flush()
    return grant


def _lock_draft(public_id: str, seen: str | None = None) -> ReceivedGrant:
    """The grant, locked; GrantStateError unless it is a draft, StaleError unless as it was seen."""
    grant = lock_grant(public_id)
    move_on(grant, GrantAction.CHANGE)
    if seen is not None and seen != version_of(grant):
        raise StaleError
    return grant


def _fill(grant: ReceivedGrant, draft: GrantDraft) -> None:
    donor = db.session.scalar(select(Donor).where(Donor.public_id == draft.donor))
    if donor is None or not is_organisation(donor):
        raise GrantorError(field="donor")
    if draft.ends_on < draft.starts_on:
        raise GrantDaysError(field="ends_on")
    if draft.signed_on > clock.today():
        raise GrantDayError(field="signed_on")
    fund = require_not_closed(draft.fund_code)
    number = public_words(draft.number, field="number")
    known = select(ReceivedGrant.id).where(
        ReceivedGrant.donor_id == donor.id,
        ReceivedGrant.number == number,
        ReceivedGrant.id != grant.id,
    )
    if db.session.scalar(known) is not None:
        raise GrantKnownError(field="number")
    grant.donor_id, grant.fund_code = donor.id, fund.code
    grant.number, grant.title = number, public_words(draft.title, field="title")
    grant.signed_on = draft.signed_on
    grant.starts_on, grant.ends_on = draft.starts_on, draft.ends_on
    grant.total_satang = draft.total_satang


def _file(grant: ReceivedGrant, paper: Accepted | None, actor: Actor) -> None:
    if paper is not None:
        stored = store_document(
            paper, subject_type=SUBJECT_TYPE, subject_ref=grant.public_id, actor=actor
        )
        grant.document_id = stored.document.id
        db.session.flush()


def _part(
    grant: ReceivedGrant, part: PartDraft
) -> GrantLine | GrantInstalment | GrantCondition | GrantReport:
    """The row of a part, after every rule of it."""
    days: dict[str, object] = {"first": grant.starts_on, "last": grant.ends_on}
    if isinstance(part, GrantLineDraft):
        if not touches(part.fiscal_year, grant):
            raise OutsideGrantError(field="fiscal_year", params=days)
        if line_of(grant.lines, part.account_code, part.fiscal_year) is not None:
            raise SameLineError(field="account")
        return GrantLine(
            grant_id=grant.id,
            account_code=part.account_code,
            fiscal_year=part.fiscal_year,
            amount_satang=part.satang,
            rule=part.rule,
        )
    if isinstance(part, InstalmentDraft):
        return GrantInstalment(
            grant_id=grant.id,
            due_on=part.due_on,
            amount_satang=part.satang,
            condition=public_words(part.condition, field="condition"),
        )
    if isinstance(part, ConditionDraft):
        text = public_words(part.text, field="text")
        return GrantCondition(grant_id=grant.id, due_on=part.due_on, text=text)
    return _report(grant, part, days)


def _report(grant: ReceivedGrant, part: ReportDraft, days: dict[str, object]) -> GrantReport:
    if part.to_on < part.from_on:
        raise GrantDaysError(field="to_on")
    if not is_within(part, grant):
        raise OutsideGrantError(field="from_on", params=days)
    return GrantReport(
        grant_id=grant.id, from_on=part.from_on, to_on=part.to_on, due_on=part.due_on
    )
