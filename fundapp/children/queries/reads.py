"""Who read what names a child."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.models import Child, Purpose
from fundapp.children.queries.visibility import visible_to
from fundapp.db import db
from fundapp.identity.queries import names_of
from fundapp.paging import Page
from fundapp.trail.models import ChildRead
from fundapp.trail.queries import Span, search_child_reads


@dataclass(frozen=True, slots=True)
class ReadRow:
    """Somebody read the child's file, or something that names the child."""

    at: datetime
    reader_name: str
    purpose: Purpose
    child: Child


def list_reads(span: Span, *, child: Child, after: int | None = None, limit: int) -> Page[ReadRow]:
    """The reads of one child in a span, newest first."""
    found = search_child_reads(
        span, child_refs=ChildRead.child_ref == child.public_id, after=after, limit=limit
    )
    return _rows(found, {child.public_id: child})


def search_reads(
    span: Span,
    *,
    viewer: Actor,
    readers: list[str] | None = None,
    after: int | None = None,
    limit: int,
) -> Page[ReadRow]:
    """The reads of all children of the districts that the viewer supervises, newest first."""
    # Asked of each read in turn: all children of the districts are many more than a page.
    is_seen = visible_to(viewer, Permission.CHILD_READS_LIST)
    child = select(Child.id).where(Child.public_id == ChildRead.child_ref, is_seen)
    seen: ColumnElement[bool] = child.scalar_subquery().is_not(None)
    found = search_child_reads(span, child_refs=seen, readers=readers, after=after, limit=limit)
    refs = {read.child_ref for read in found.rows}
    children = db.session.scalars(select(Child).where(Child.public_id.in_(refs)))
    return _rows(found, {child.public_id: child for child in children})


def _rows(found: Page[ChildRead], children: dict[str, Child]) -> Page[ReadRow]:
    names = names_of(read.reader for read in found.rows)
    rows = [
        ReadRow(
            read.at,
            names.get(read.reader, read.reader),
            Purpose(read.purpose),
            children[read.child_ref],
        )
        for read in found.rows
    ]
    return Page(rows, found.next_key)
