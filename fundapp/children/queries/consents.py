"""Consents of a child and their signed papers, and the consents that end."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import aliased

from fundapp.access.actors import Actor
from fundapp.children.models import (
    ASKED_KINDS,
    Child,
    ChildNameKey,
    ChildStatus,
    Consent,
    ConsentKind,
)
from fundapp.children.name_keys import birth_month_text, hash_texts
from fundapp.children.policy import ASKED_AGAIN_AT
from fundapp.children.queries.visibility import is_of_child, visible_to
from fundapp.db import after_day, count_rows, db
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents
from fundapp.errors import NotFoundError
from fundapp.paging import Page, day_key_text, page_of

#: The ``subject_type`` of the signed paper of a consent; its ``subject_ref`` is the consent's id.
CONSENT_PAPER = "consent"
#: A consent that ends within this time is on the list.
SOON = timedelta(days=30)
PAGE_SIZE = 50


def get_consent(child: Child, consent_id: int) -> Consent:
    """The child's consent of that id; NotFoundError when it is not this child's."""
    for consent in child.consents:
        if consent.id == consent_id:
            return consent
    raise NotFoundError


def list_papers(child: Child) -> dict[int, Document]:
    """The newest signed paper of each of the child's consents, by the consent's id."""
    refs = [str(consent.id) for consent in child.consents]
    return {int(paper.subject_ref): paper for paper in list_documents(CONSENT_PAPER, refs)}


def list_ending_consents(
    *, viewer: Actor, today: date, after: str | None = None, limit: int = PAGE_SIZE
) -> Page[tuple[Consent, Child]]:
    """Consents of open files that have run out, or run out within 30 days, with their children,
    the longest ended first; paged by the day of the end and the consent's id.

    Of each kind the one that ends last, and none that was withdrawn.
    """
    order = Consent.expires_on, Consent.id
    statement = select(Consent, Child).join(Child, Child.id == Consent.child_id)
    statement = statement.where(*_ending(viewer, today), *after_day(after, *order))
    statement = statement.order_by(*order).limit(limit + 1)
    rows = [(consent, child) for consent, child in db.session.execute(statement)]
    return page_of(rows, limit, lambda row: day_key_text(row[0].expires_on or today, row[0].id))


def count_ending_consents(*, viewer: Actor, today: date) -> int:
    """How many consents `list_ending_consents` lists."""
    return count_rows(select(Consent.id).where(*_ending(viewer, today)))


def list_grown_children(*, viewer: Actor, today: date, limit: int = PAGE_SIZE) -> list[Child]:
    """Children with open files who turned 10 or 20 in the last year, or do this or next month, and
    for whom nobody signed since the month of the birthday, by code.
    """
    grown = select(Child).where(Child.id.in_(_grown(viewer, today))).order_by(Child.code)
    return list(db.session.scalars(grown.limit(limit)))


def count_grown_children(*, viewer: Actor, today: date) -> int:
    """How many there are."""
    return count_rows(_grown(viewer, today))


def _grown(viewer: Actor, today: date) -> Select[int]:
    """Their ids, by the hash of the month of birth; nothing is decrypted. What is asked
    begins with the few children of these months.
    """
    months = [_month_before(today, back) for back in range(-1, 13)]
    turned = [(age, month) for month in months for age in ASKED_AGAIN_AT]
    texts = [birth_month_text(month.year - age, month.month) for age, month in turned]
    months_of = dict(zip(hash_texts(texts), [month for _, month in turned], strict=True))
    signed = select(Consent.id).where(
        Consent.child_id == ChildNameKey.child_id,
        Consent.kind == ConsentKind.KEEP_FILE,
        Consent.signed_on >= case(months_of, value=ChildNameKey.key),
    )
    child = select(Child.id).where(
        Child.id == ChildNameKey.child_id, visible_to(viewer), Child.status == ChildStatus.ACTIVE
    )
    return select(ChildNameKey.child_id).where(
        ChildNameKey.key.in_(months_of),
        child.correlate_except(Child).exists(),
        ~signed.exists(),
    )


def _month_before(day: date, back: int) -> date:
    """The first day of the month so many months before; of a later one for less than 0."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def _ending(viewer: Actor, today: date) -> list[ColumnElement[bool]]:
    return [
        is_of_child(Consent.child_id, visible_to(viewer), Child.status == ChildStatus.ACTIVE),
        Consent.kind.in_(ASKED_KINDS),
        # In the words of their index, so that it is used.
        Consent.withdrawn_on.is_(None),
        Consent.expires_on.is_not(None),
        Consent.expires_on <= today + SOON,
        ~_is_followed(),
    ]


def _is_followed() -> ColumnElement[bool]:
    """Whether another consent of the child and the kind ends later, or never."""
    other = aliased(Consent)
    return (
        select(other.id)
        .where(
            other.child_id == Consent.child_id,
            other.kind == Consent.kind,
            other.withdrawn_on.is_(None),
            or_(
                other.expires_on.is_(None),
                other.expires_on > Consent.expires_on,
                and_(other.expires_on == Consent.expires_on, other.id > Consent.id),
            ),
        )
        .exists()
    )
