"""Children as far as the viewer may see them, found by what is not encrypted and by keyed hash."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, case, func, inspect, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.codes import parse_code
from fundapp.children.encryption import lookup_id_number
from fundapp.children.models import (
    Child,
    ChildNameKey,
    ChildStatus,
    Consent,
    ConsentKind,
    Guardian,
)
from fundapp.children.name_keys import search_keys
from fundapp.children.queries.visibility import sees_child, visible_to
from fundapp.db import db, newest_of_each
from fundapp.errors import NotFoundError
from fundapp.paging import Page, page_of
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.queries import list_remarks
from fundapp.thai.folding import bare_number

PAGE_SIZE = 50
#: No request is for more children at once; a statement takes only so many values.
MOST_AT_ONCE = 5_000
_IN_STATEMENT = 1_000
#: Children whose names are compared with what was searched for.
MOST_NAMED = 80


def get_child(public_id: str, *, viewer: Actor) -> Child:
    """The child of that public id; NotFoundError when there is none or the viewer may not see
    it.
    """
    child = db.session.scalars(select(Child).where(Child.public_id == public_id)).one_or_none()
    if child is None or not sees_child(viewer, child):
        raise NotFoundError
    return child


def get_children(public_ids: Iterable[str], *, viewer: Actor) -> list[Child]:
    """These children by code; NotFoundError when one is missing or not the viewer's to see."""
    wanted = set(public_ids)
    if len(wanted) > MOST_AT_ONCE:
        raise NotFoundError
    children = _in_chunks(Child.public_id, wanted, viewer)
    if len(children) != len(wanted):
        raise NotFoundError
    return children


def find_by_number_or_code(text: str, *, viewer: Actor) -> Child | None:
    """The child with exactly this identity number or code, or None when there is none or the viewer
    may not see it.
    """
    child = find_by_code(text, viewer=viewer) or find_id_holder(bare_number(text))
    return child if child is not None and sees_child(viewer, child) else None


def list_children(
    *,
    viewer: Actor,
    district_code: str | None = None,
    status: ChildStatus | None = None,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> Page[Child]:
    """Children the viewer may see, newest first, by key: ``after`` is the last row id shown."""
    conditions: list[ColumnElement[bool]] = []
    if status:
        conditions.append(Child.status == status)
    if after is not None:
        conditions.append(Child.id < after)
    if district_code or not viewer.can_everywhere(Permission.CHILD_READ):
        codes = _codes_shown(viewer, district_code)
        conditions.append(visible_to(viewer))
        conditions = [
            newest_of_each(Child.id, Child.district_code, codes, *conditions, limit=limit + 1)
        ]
    statement = select(Child).where(*conditions).order_by(Child.id.desc()).limit(limit + 1)
    return page_of(db.session.scalars(statement).all(), limit, lambda child: child.id)


def _codes_shown(viewer: Actor, district_code: str | None) -> set[str]:
    """The districts of a list: the chosen one, or all of the viewer."""
    if viewer.can_everywhere(Permission.CHILD_READ):
        return {district_code} if district_code else set()
    own = set(viewer.districts_of(Permission.CHILD_READ))
    return own & {district_code} if district_code else own


def load_again(children: Iterable[Child]) -> None:
    """Read these anew, all at once: what was read before a unit of work began is not current in it,
    and each would be read by itself.
    """
    ids = [row_id for child in children for row_id in inspect(child).identity or ()]
    db.session.scalars(select(Child).where(Child.id.in_(ids))).all()


def list_requestable_children(
    *, viewer: Actor, district_code: str, code: str | None = None, limit: int | None = None
) -> list[Child]:
    """Children of a district for whom the viewer may ask for help, by code; or the one of it."""
    asks = visible_to(viewer, Permission.DISBURSEMENT_REQUEST)
    statement = (
        select(Child)
        .where(asks, Child.district_code == district_code)
        .where(*([Child.code == code] if code else []))
        .where(Child.status == ChildStatus.ACTIVE, has_consent_on(clock.today()))
        .order_by(Child.code)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def list_siblings(child: Child, *, viewer: Actor) -> list[Child]:
    """Other children of the same guardian that the viewer may see, by code."""
    statement = select(Child).where(
        Child.guardian_id == child.guardian_id, Child.id != child.id, visible_to(viewer)
    )
    return list(db.session.scalars(statement.order_by(Child.code)))


def find_child_of_guardian(public_id: str, *, viewer: Actor) -> Child | None:
    """A child of that guardian whose name the viewer may be shown today, or None."""
    statement = (
        select(Child)
        .join(Guardian, Guardian.id == Child.guardian_id)
        .where(Guardian.public_id == public_id, visible_to(viewer))
        .where(has_consent_on(clock.today()))
        .order_by(Child.id)
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def find_by_code(text: str, *, viewer: Actor) -> Child | None:
    """The child with this code, when the viewer may see it."""
    statement = select(Child).where(Child.code == parse_code(text), visible_to(viewer))
    return db.session.scalars(statement).one_or_none()


def find_by_codes(codes: Iterable[str], *, viewer: Actor) -> dict[str, Child]:
    """The children with these codes whom the viewer may see, by code."""
    return {child.code: child for child in _in_chunks(Child.code, set(codes), viewer)}


def _in_chunks(
    column: InstrumentedAttribute[str], values: Collection[str], viewer: Actor
) -> list[Child]:
    """The children with these values, by code."""
    ordered, found = sorted(values), list[Child]()
    for start in range(0, len(ordered), _IN_STATEMENT):
        wanted = column.in_(ordered[start : start + _IN_STATEMENT])
        found += db.session.scalars(select(Child).where(wanted, visible_to(viewer)))
    return sorted(found, key=lambda child: child.code)


def find_id_holder(number: str) -> Child | None:
    """The child with this normalised number, in whatever district; the caller decides what may be
    said of it.
    """
    if not number:
        return None
    statement = select(Child).where(Child.id_number_lookup == lookup_id_number(number))
    return db.session.scalars(statement).one_or_none()


def find_by_words(text: str, *, viewer: Actor, limit: int = MOST_NAMED) -> list[Child]:
    """Children whom the viewer may see, in whose name words of ``text`` may be, by keyed hash: who
    has most of them first. Their names are still to be compared.
    """
    words = search_keys(text)
    if not words:
        return []
    number = case(*((ChildNameKey.key.in_(keys), at) for at, keys in enumerate(words)))
    named = (
        select(
            ChildNameKey.child_id,
            func.count(number.distinct()).label("of_words"),
            func.count().label("found"),
        )
        .where(ChildNameKey.key.in_(set().union(*words)))
        .group_by(ChildNameKey.child_id)
        .subquery()
    )
    # Who sees it is asked of each child once, not of each key.
    statement = (
        select(named.c.child_id)
        .join(Child, Child.id == named.c.child_id)
        .where(visible_to(viewer))
        .order_by(named.c.of_words.desc(), named.c.found.desc(), named.c.child_id.desc())
        .limit(limit)
    )
    ids = list(db.session.scalars(statement))
    return list(db.session.scalars(select(Child).where(Child.id.in_(ids))))


def is_corrected(child: Child) -> bool:
    """Whether what the file says was ever corrected."""
    return bool(list_remarks("child", [child.public_id], RemarkKind.CHILD_FACTS))


def is_code_taken(code: str) -> bool:
    """Whether a child has this code."""
    return db.session.scalar(select(Child.id).where(Child.code == code)) is not None


def list_codes() -> set[str]:
    """The codes of all children, where many new ones are needed."""
    return set(db.session.scalars(select(Child.code)))


def has_consent_on(day: date, kind: ConsentKind = ConsentKind.KEEP_FILE) -> ColumnElement[bool]:
    """The rule of `policy.has_consent`, as SQL."""
    return Child.consents.any(
        (Consent.kind == kind)
        & (Consent.signed_on <= day)
        & or_(Consent.withdrawn_on.is_(None), Consent.withdrawn_on > day)
        & or_(Consent.expires_on.is_(None), Consent.expires_on >= day)
    )
