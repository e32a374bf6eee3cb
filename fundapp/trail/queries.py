"""Reads of the trail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, literal, select, tuple_

from fundapp.db import db
from fundapp.paging import Page, page_of
from fundapp.trail.models import AuditEvent, ChildRead

R = TypeVar("R", AuditEvent, ChildRead)


def list_events(subject_type: str, subject_ref: str, limit: int = 200) -> list[AuditEvent]:
    """The events of a thing, newest first."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.subject_type == subject_type, AuditEvent.subject_ref == subject_ref)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time: from ``begin``, up to but not ``end``."""

    begin: datetime
    end: datetime


def search_events(
    span: Span,
    *,
    actors: Collection[str] | None = None,
    subject: tuple[str, str] | None = None,
    action: str | None = None,
    after: int | None = None,
    limit: int,
) -> Page[AuditEvent]:
    """The events in a span, newest first: of some actors, about one thing (its type and its ref,
    or its type alone with an empty ref), of one action.
    """
    conditions = [*_within(AuditEvent, span), *_before(AuditEvent, after)]
    if actors is not None:
        conditions.append(AuditEvent.actor.in_(actors))
    if subject is not None:
        kind, ref = subject
        conditions.append(AuditEvent.subject_type == kind)
        conditions += [AuditEvent.subject_ref == ref] if ref else []
    if action:
        conditions.append(AuditEvent.action == action)
    return _page(AuditEvent, conditions, limit)


def search_child_reads(
    span: Span,
    *,
    child_refs: ColumnElement[bool] | None = None,
    readers: Collection[str] | None = None,
    after: int | None = None,
    limit: int,
) -> Page[ChildRead]:
    """Who read what names which child in a span, newest first; ``child_refs`` is a condition on
    `ChildRead.child_ref`.
    """
    conditions = [*_within(ChildRead, span), *_before(ChildRead, after)]
    if child_refs is not None:
        conditions.append(child_refs)
    if readers is not None:
        conditions.append(ChildRead.reader.in_(readers))
    return _page(ChildRead, conditions, limit)


def _within(table: type[AuditEvent | ChildRead], span: Span) -> list[ColumnElement[bool]]:
    return [table.at >= span.begin, table.at < span.end]


def _before(table: type[AuditEvent | ChildRead], after: int | None) -> list[ColumnElement[bool]]:
    """What follows the row with the id ``after`` in the list."""
    if after is None:
        return []
    last = select(table.at).where(table.id == after).scalar_subquery()
    return [tuple_(table.at, table.id) < tuple_(last, literal(after))]


def _page(table: type[R], conditions: list[ColumnElement[bool]], limit: int) -> Page[R]:
    order = (table.at.desc(), table.id.desc())
    statement = select(table).where(*conditions).order_by(*order).limit(limit + 1)
    return page_of(list(db.session.scalars(statement)), limit, lambda row: row.id)
