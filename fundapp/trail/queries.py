"""Reads of the trail."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, and_, false, literal, or_, select, text, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from fundapp.db import db
from fundapp.paging import Page, page_of
from fundapp.trail.models import (
    EVERYDAY_ACTIONS,
    EVERYDAY_SUBJECTS,
    NOT_EVERYDAY,
    AuditEvent,
    ChildRead,
)

#: Values in one query.
_AT_ONCE = 500

Columns = TypeVarTuple("Columns")
R = TypeVar("R", AuditEvent, ChildRead)


def rows_by(
    statement: Select[*Columns], key: InstrumentedAttribute[Any], values: Collection[Any]
) -> Iterator[Row[*Columns]]:
    """The rows of ``statement`` whose ``key`` is one of the values: one query for a page, a few
    for a file.
    """
    listed = sorted(set(values))
    for begin in range(0, len(listed), _AT_ONCE):
        chosen = statement.where(key.in_(listed[begin : begin + _AT_ONCE]))
        yield from db.session.execute(chosen)


def list_events(
    subject_type: str,
    subject_ref: str,
    limit: int = 200,
    actions: Collection[str] | None = None,
) -> list[AuditEvent]:
    """The events of a thing, newest first; all of them, or those of these actions."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.subject_type == subject_type, AuditEvent.subject_ref == subject_ref)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    if actions is not None:
        statement = statement.where(AuditEvent.action.in_(actions))
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
    kind: str | None = None,
    things: Mapping[str, Collection[str]] | None = None,
    action: str | None = None,
    after: int | None = None,
    limit: int,
) -> Page[AuditEvent]:
    """The events in a span, newest first: of some actors, about one kind of thing, about some
    things (refs by kind), of one action.
    """
    conditions = [*_within(AuditEvent, span), *_before(AuditEvent, after)]
    if actors is not None:
        conditions.append(AuditEvent.actor.in_(actors))
    if kind is not None:
        conditions.append(_is_about(kind))
    if things is not None:
        conditions.append(or_(false(), *map(_about, things, things.values())))
    if action:
        conditions.append(is_of(action))
    return _page(AuditEvent, conditions, limit)


def is_of(*actions: str) -> ColumnElement[bool]:
    """That an event is of one of these actions; rare ones are found by their index."""
    wanted = AuditEvent.action.in_(actions)
    if set(actions) & set(EVERYDAY_ACTIONS):
        return wanted
    return and_(wanted, text(f"audit_events.{NOT_EVERYDAY}"))


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


def _is_about(kind: str) -> ColumnElement[bool]:
    """That an event is about a thing of this kind: those of everyday are found by time, and not by
    an index of all of them; others by their own.
    """
    if kind in EVERYDAY_SUBJECTS:
        return AuditEvent.subject_type.concat("") == kind
    return and_(AuditEvent.subject_type == kind, text(f"audit_events.{NOT_EVERYDAY}"))


def _about(kind: str, refs: Collection[str]) -> ColumnElement[bool]:
    return and_(AuditEvent.subject_type == kind, AuditEvent.subject_ref.in_(refs))


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
