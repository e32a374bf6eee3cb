"""Reading children. Whoever shows a name from here logs it: `trail.record_child_reads`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.codes import parse_code
from fundapp.children.encryption import lookup_id_number, lookup_person
from fundapp.children.files import ChildFile, ChildName, open_file, open_name
from fundapp.children.models import (
    Child,
    ChildStatus,
    Consent,
    ConsentKind,
    Guardian,
    Purpose,
    TargetGroup,
)
from fundapp.children.policy import may_see_child, own_districts, sees_children_everywhere
from fundapp.children.suppression import PublishedTable, suppress_table
from fundapp.db import db, lock
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents
from fundapp.errors import NotFoundError
from fundapp.identity.queries import names_of
from fundapp.paging import Page, page_of
from fundapp.places.models import District, Subdistrict
from fundapp.places.queries import find_subdistrict, list_districts, list_subdistricts
from fundapp.thai.identity_numbers import normalise_id
from fundapp.trail.queries import list_child_reads

__all__ = ["ChildFile", "ChildName", "open_file", "open_name"]

PAGE_SIZE = 50
#: No page offers more children at once; a statement has only so many places for values.
MOST_AT_ONCE = 1000
PAPER = "consent"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """Somebody opened the file."""

    at: datetime
    reader_name: str
    purpose: Purpose


def get_child(public_id: str, *, viewer: Actor) -> Child:
    """The child of that public id; NotFoundError when there is none or the viewer may not see
    it.
    """
    child = db.session.scalars(select(Child).where(Child.public_id == public_id)).one_or_none()
    if child is None or not may_see_child(viewer, child):
        raise NotFoundError
    return child


def lock_child(public_id: str, *, viewer: Actor) -> Child:
    """As `get_child`, with the row locked until the unit of work ends."""
    statement = select(Child).where(Child.public_id == public_id)
    # PostgreSQL locks no row on the far side of an outer join, so the relations are loaded later.
    alone = (lazyload(Child.guardian), lazyload(Child.district), lazyload(Child.subdistrict))
    found = lock(statement.options(*alone))
    if found is None or not may_see_child(viewer, found):
        raise NotFoundError
    return found


def get_children(public_ids: Iterable[str], *, viewer: Actor) -> list[Child]:
    """These children by code; NotFoundError when one is missing or not the viewer's to see."""
    wanted = set(public_ids)
    if len(wanted) > MOST_AT_ONCE:
        raise NotFoundError
    statement = select(Child).where(Child.public_id.in_(wanted), _visible_to(viewer))
    found = list(db.session.scalars(statement.order_by(Child.code)))
    if len(found) != len(wanted):
        raise NotFoundError
    return found


def get_consent(child: Child, consent_id: int) -> Consent:
    """The child's consent of that id; NotFoundError when it is not this child's."""
    for consent in child.consents:
        if consent.id == consent_id:
            return consent
    raise NotFoundError


def list_children(
    *,
    viewer: Actor,
    district_code: str | None = None,
    status: ChildStatus | None = None,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> Page[Child]:
    """Children the viewer may see, newest first, by key: ``after`` is the last row id shown."""
    statement = select(Child).where(_visible_to(viewer))
    if district_code:
        statement = statement.where(Child.district_code == district_code)
    if status:
        statement = statement.where(Child.status == status)
    if after is not None:
        statement = statement.where(Child.id < after)
    rows = db.session.scalars(statement.order_by(Child.id.desc()).limit(limit + 1)).all()
    return page_of(rows, limit, lambda child: child.id)


def list_requestable_children(*, viewer: Actor, district_code: str) -> list[Child]:
    """Children of a district that help may be asked for, by code; none outside the viewer's
    sight.
    """
    statement = (
        select(Child)
        .where(_visible_to(viewer), Child.district_code == district_code)
        .where(Child.status == ChildStatus.ACTIVE, _has_consent_on(clock.today()))
        .order_by(Child.code)
    )
    return list(db.session.scalars(statement))


def list_siblings(child: Child, *, viewer: Actor) -> list[Child]:
    """Other children of the same guardian that the viewer may see, by code."""
    statement = select(Child).where(
        Child.guardian_id == child.guardian_id, Child.id != child.id, _visible_to(viewer)
    )
    return list(db.session.scalars(statement.order_by(Child.code)))


def find_guardian_with_child(public_id: str, *, viewer: Actor) -> tuple[Guardian, Child] | None:
    """The guardian and one of the guardian's children that the viewer may see by name, or None."""
    statement = (
        select(Child)
        .join(Guardian, Guardian.id == Child.guardian_id)
        .where(Guardian.public_id == public_id, _visible_to(viewer))
        .where(_has_consent_on(clock.today()))
        .order_by(Child.id)
        .limit(1)
    )
    child = db.session.scalars(statement).one_or_none()
    return (child.guardian, child) if child else None


def find_by_id_number(text: str, *, viewer: Actor) -> Child | None:
    """The child with exactly this identity number, when the viewer may see it."""
    child = find_id_holder(normalise_id(text))
    return child if child and may_see_child(viewer, child) else None


def find_by_code(text: str, *, viewer: Actor) -> Child | None:
    """The child with this code, when the viewer may see it."""
    statement = select(Child).where(Child.code == parse_code(text), _visible_to(viewer))
    return db.session.scalars(statement).one_or_none()


def find_id_holder(number: str) -> Child | None:
    """The child with this normalised number, wherever it lives; what to tell is the caller's
    care.
    """
    if not number:
        return None
    statement = select(Child).where(Child.id_number_lookup == lookup_id_number(number))
    return db.session.scalars(statement).one_or_none()


def find_same_person(
    given_name: str, family_name: str, birth_on: date, *, viewer: Actor
) -> Child | None:
    """A child of the same names and birth date in the viewer's own list."""
    same = Child.person_lookup == lookup_person(given_name, family_name, birth_on)
    statement = select(Child).where(same, _visible_to(viewer)).order_by(Child.id).limit(1)
    return db.session.scalars(statement).one_or_none()


def is_code_taken(code: str) -> bool:
    """Whether a child has this code."""
    return db.session.scalar(select(Child.id).where(Child.code == code)) is not None


def is_subdistrict_of(subdistrict_code: str, district_code: str) -> bool:
    """Whether the subdistrict exists and lies in the district."""
    found = find_subdistrict(subdistrict_code)
    return found is not None and found.district_code == district_code


def list_own_districts(viewer: Actor) -> list[District]:
    """The districts whose children the viewer may see, by code."""
    every, own = list_districts(), own_districts(viewer)
    return [place for place in every if sees_children_everywhere(viewer) or place.code in own]


def list_subdistricts_of(districts: Iterable[District]) -> list[Subdistrict]:
    """The subdistricts of these districts, by code."""
    return [place for district in districts for place in list_subdistricts(district.code)]


def list_reads(child: Child, limit: int = 25) -> list[ReadRow]:
    """Who opened the file, newest first."""
    reads = list_child_reads(child.public_id, limit)
    names = names_of(read.reader for read in reads)
    return [
        ReadRow(read.at, names.get(read.reader, read.reader), Purpose(read.purpose))
        for read in reads
    ]


def list_papers(child: Child) -> dict[int, Document]:
    """The signed papers of the child's consents, by consent."""
    papers = list_documents(PAPER, [str(consent.id) for consent in child.consents])
    return {int(paper.subject_ref): paper for paper in papers}


def count_by_district() -> dict[str, int]:
    """Open files by district, every district named. Exact: not for public pages."""
    return {district.code: 0 for district in list_districts()} | _counts(Child.district_code)


def count_by_target_group() -> dict[str, int]:
    """Open files by target group, every group named. Exact: not for public pages."""
    return {str(group): 0 for group in TargetGroup} | _counts(Child.target_group)


def published_counts() -> PublishedTable[str, str]:
    """Open files by district and target group, as they may be published, with totals."""
    statement = (
        select(Child.district_code, Child.target_group, func.count())
        .where(Child.status == ChildStatus.ACTIVE)
        .group_by(Child.district_code, Child.target_group)
    )
    found = {
        (district, str(group)): count for district, group, count in db.session.execute(statement)
    }
    every = {
        (district, group): 0 for district in count_by_district() for group in map(str, TargetGroup)
    }
    return suppress_table(every | found)


def _counts(column: object) -> dict[str, int]:
    statement = (
        select(column, func.count())  # type: ignore[call-overload]
        .where(Child.status == ChildStatus.ACTIVE)
        .group_by(column)
    )
    return {str(key): count for key, count in db.session.execute(statement)}


def _visible_to(viewer: Actor) -> ColumnElement[bool]:
    """The rule of `policy.may_see_child`, as SQL."""
    if sees_children_everywhere(viewer):
        return Child.id.is_not(None)
    return Child.district_code.in_(own_districts(viewer))


def _has_consent_on(day: date) -> ColumnElement[bool]:
    """The rule of `policy.has_consent` for keeping the file, as SQL."""
    return Child.consents.any(
        (Consent.kind == ConsentKind.KEEP_FILE)
        & (Consent.signed_on <= day)
        & or_(Consent.withdrawn_on.is_(None), Consent.withdrawn_on > day)
        & or_(Consent.expires_on.is_(None), Consent.expires_on >= day)
    )
