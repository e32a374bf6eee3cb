"""Casework as far as the viewer may see the child. Nothing here decrypts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.casework.models import (
    CaseEntry,
    CaseKind,
    ChildDetails,
    ChildMove,
    FurtherGuardian,
)
from fundapp.children.handovers.queries import is_own_or_nobodys, unmanaged_children
from fundapp.children.models import Child, ChildStatus
from fundapp.children.queries.visibility import is_of_child, visible_to
from fundapp.db import BigInt, Day, count_rows, db
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents
from fundapp.errors import NotFoundError
from fundapp.paging import Page, day_key, day_key_text, page_of

#: What is due within this time is on the list.
SOON = timedelta(days=14)
PAGE_SIZE = 50
#: The ``subject_type`` of a photograph of a visit.
PHOTO = "home_visit"


def list_entries(child: Child, limit: int) -> list[CaseEntry]:
    """The child's newest entries, newest first."""
    statement = select(CaseEntry).where(CaseEntry.child_id == child.id)
    return list(db.session.scalars(statement.order_by(CaseEntry.id.desc()).limit(limit)))


def zakat_entries(children: Iterable[Child], until: datetime | None = None) -> dict[int, CaseEntry]:
    """The entry that says the zakat group of each child, by the child's id: the newest, or the
    newest that was written ``until`` then.
    """
    is_zakat = [CaseEntry.kind == CaseKind.ZAKAT]
    if until is not None:
        is_zakat.append(CaseEntry.written_at <= until)
    newest = select(func.max(CaseEntry.id)).where(
        CaseEntry.child_id.in_({child.id for child in children}), *is_zakat
    )
    found = select(CaseEntry).where(CaseEntry.id.in_(newest.group_by(CaseEntry.child_id)))
    return {entry.child_id: entry for entry in db.session.scalars(found)}


def details_of(children: Iterable[Child]) -> dict[int, ChildDetails]:
    """The details of these files, by the child's id."""
    statement = select(ChildDetails).where(
        ChildDetails.child_id.in_({child.id for child in children})
    )
    return {row.child_id: row for row in db.session.scalars(statement)}


def get_entry(child: Child, public_id: str) -> CaseEntry:
    """The entry of this child; NotFoundError."""
    statement = select(CaseEntry).where(
        CaseEntry.child_id == child.id, CaseEntry.public_id == public_id
    )
    entry = db.session.scalar(statement.execution_options(populate_existing=True))
    if entry is None:
        raise NotFoundError
    return entry


def find_by_key(child: Child, key: str) -> CaseEntry | None:
    """The child's entry that a form of this id wrote."""
    statement = select(CaseEntry).where(CaseEntry.idempotency_key == key)
    return db.session.scalar(statement.where(CaseEntry.child_id == child.id)) if key else None


def is_key_of_another(child: Child, key: str) -> bool:
    """Whether a form of this id wrote an entry of another child."""
    statement = select(CaseEntry.id).where(
        CaseEntry.idempotency_key == key, CaseEntry.child_id != child.id
    )
    return bool(key) and db.session.scalar(statement) is not None


def photos_of(entries: Sequence[CaseEntry]) -> dict[str, tuple[Document, ...]]:
    """The photographs of these entries, by the entry's public id."""
    refs = [entry.public_id for entry in entries if entry.kind is CaseKind.VISIT]
    found: dict[str, tuple[Document, ...]] = {}
    for photo in list_documents(PHOTO, refs):
        found[photo.subject_ref] = (*found.get(photo.subject_ref, ()), photo)
    return found


def find_photo(child: Child, photo_id: str) -> Document | None:
    """A photograph of a visit to this child."""
    refs = select(CaseEntry.public_id).where(CaseEntry.child_id == child.id)
    statement = select(Document).where(
        Document.public_id == photo_id,
        Document.subject_type == PHOTO,
        Document.subject_ref.in_(refs),
    )
    return db.session.scalar(statement)


def find_details(child: Child) -> ChildDetails | None:
    """The details of the file, if there are any."""
    return db.session.scalar(select(ChildDetails).where(ChildDetails.child_id == child.id))


def list_guardians(child: Child) -> list[FurtherGuardian]:
    """The other adults who belong to the child."""
    statement = select(FurtherGuardian).where(
        FurtherGuardian.child_id == child.id, FurtherGuardian.ended_on.is_(None)
    )
    return list(db.session.scalars(statement.order_by(FurtherGuardian.id)))


def get_guardian(child: Child, public_id: str) -> FurtherGuardian:
    """One of them; NotFoundError."""
    statement = select(FurtherGuardian).where(
        FurtherGuardian.child_id == child.id, FurtherGuardian.public_id == public_id
    )
    guardian = db.session.scalar(statement)
    if guardian is None:
        raise NotFoundError
    return guardian


def list_moves(child: Child) -> list[ChildMove]:
    """The moves of the child, oldest first."""
    statement = select(ChildMove).where(ChildMove.child_id == child.id).order_by(ChildMove.id)
    return list(db.session.scalars(statement))


def find_waiting_move(child: Child) -> ChildMove | None:
    """The newest move, while nobody has taken the child over."""
    moves = list_moves(child)
    return moves[-1] if moves and moves[-1].taken_at is None else None


def list_due(
    *,
    viewer: Actor,
    today: date,
    plans: bool,
    own: bool = False,
    after: str | None = None,
    limit: int = PAGE_SIZE,
) -> Page[tuple[CaseEntry, Child]]:
    """What is due within 14 days or was due before: follow-ups and what else has a day, or with
    ``plans`` the plans that a supervisor is to agree to; the longest due first. With ``own`` of
    children for whom the viewer is responsible, or nobody.
    """
    unmanaged = unmanaged_children(viewer) if own else None
    statement = select(CaseEntry, Child).join(Child, Child.id == CaseEntry.child_id)
    statement = statement.where(*_due(viewer, today, plans, unmanaged))
    statement = statement.order_by(CaseEntry.due_on, CaseEntry.id).limit(limit + 1)
    key = day_key(after)
    if key is not None:
        due_on, row_id = key
        last_shown = tuple_(literal(due_on, Day), literal(row_id, BigInt))
        statement = statement.where(tuple_(CaseEntry.due_on, CaseEntry.id) > last_shown)
    rows = [(entry, child) for entry, child in db.session.execute(statement)]
    return page_of(rows, limit, lambda row: day_key_text(row[0].due_on or today, row[0].id))


def count_due(
    *, viewer: Actor, today: date, plans: bool, unmanaged: Select[Any] | None = None
) -> int:
    """How many `list_due` lists. With the children for whom nobody is responsible: only what is of
    them, or of those for whom the viewer is.
    """
    return count_rows(select(CaseEntry.id).where(*_due(viewer, today, plans, unmanaged)))


def list_waiting_moves(viewer: Actor) -> list[tuple[ChildMove, Child]]:
    """Children who were handed over to the viewer's districts and whom nobody has taken."""
    return [(move, child) for move, child in db.session.execute(_moved(viewer).limit(PAGE_SIZE))]


def count_waiting_moves(viewer: Actor) -> int:
    """How many there are."""
    return count_rows(_moved(viewer).with_only_columns(ChildMove.id))


def _moved(viewer: Actor) -> Any:
    return (
        select(ChildMove, Child)
        .join(Child, Child.id == ChildMove.child_id)
        .where(ChildMove.taken_at.is_(None), visible_to(viewer, Permission.CHILD_REGISTER))
        .where(ChildMove.to_district == Child.district_code)
        .order_by(ChildMove.id)
    )


def _due(
    viewer: Actor, today: date, plans: bool, unmanaged: Select[Any] | None
) -> list[ColumnElement[bool]]:
    permission = Permission.PLAN_AGREE if plans else Permission.CHILD_REGISTER
    is_plan = CaseEntry.kind == CaseKind.PLAN
    return [
        CaseEntry.settled_at.is_(None),
        CaseEntry.due_on.is_not(None),
        is_plan if plans else (~is_plan & (CaseEntry.due_on <= today + SOON)),
        is_of_child(
            CaseEntry.child_id,
            Child.status == ChildStatus.ACTIVE,
            visible_to(viewer, permission),
            *([] if unmanaged is None else [is_own_or_nobodys(viewer, unmanaged)]),
        ),
    ]
