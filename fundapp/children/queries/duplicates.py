"""New files that may be of a child who has one already."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.codes import parse_code
from fundapp.children.models import Child, ChildMerge, ChildStatus, DuplicateFinding
from fundapp.children.queries.visibility import visible_to
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.paging import Page, page_of

#: A decision that was made within this time is on the list of decisions.
RECENT = timedelta(days=7)
PAGE_SIZE = 50


def find_finding(child: Child) -> DuplicateFinding | None:
    """Why the new file of this child waits or waited; None for most."""
    statement = select(DuplicateFinding).where(DuplicateFinding.child_id == child.id)
    return db.session.scalars(statement).one_or_none()


def get_finding(child: Child) -> DuplicateFinding:
    """The same; NotFoundError where there is none."""
    finding = find_finding(child)
    if finding is None:
        raise NotFoundError
    return finding


def find_merge(child: Child) -> ChildMerge | None:
    """The merge by which this file is closed, until it is undone."""
    statement = select(ChildMerge).where(
        ChildMerge.child_id == child.id, ChildMerge.undone_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def list_merged(child: Child) -> list[Child]:
    """The files that were merged into this one and still are, by code."""
    found = select(Child).where(Child.id.in_(merged_into(child.id))).order_by(Child.code)
    return list(db.session.scalars(found))


def merged_into(child_id: int) -> Select[int]:
    """Their ids, for a statement that asks for all files of a child."""
    return select(ChildMerge.child_id).where(
        ChildMerge.into_id == child_id, ChildMerge.undone_at.is_(None)
    )


def find_other_file(code: str) -> Child | None:
    """The file of this code, in whatever district: a supervisor was told it."""
    return db.session.scalars(select(Child).where(Child.code == parse_code(code))).one_or_none()


def list_findings(
    *, viewer: Actor, is_decided: bool, after: int | None = None, limit: int = PAGE_SIZE
) -> Page[DuplicateFinding]:
    """What waits for a decision, or was decided in the last 7 days, in the districts in which the
    viewer decides or registers, or else may see files; the oldest first, by key.
    """
    statement = _listed(select(DuplicateFinding), viewer, is_decided)
    statement = statement.order_by(DuplicateFinding.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(DuplicateFinding.id > after)
    rows = db.session.scalars(statement).all()
    return page_of(rows, limit, lambda finding: finding.id)


def count_findings(*, viewer: Actor, is_decided: bool) -> int:
    """How many `list_findings` lists."""
    return count_rows(_listed(select(DuplicateFinding.id), viewer, is_decided))


def _listed(statement: Any, viewer: Actor, is_decided: bool) -> Any:
    work = Permission.CHILD_REGISTER if is_decided else Permission.DUPLICATE_DECIDE
    permission = work if viewer.can(work) else Permission.CHILD_READ
    new_file = DuplicateFinding.child_id == Child.id
    statement = statement.join(Child, new_file).where(visible_to(viewer, permission))
    if is_decided:
        return statement.where(DuplicateFinding.decided_at >= _since())
    return statement.where(DuplicateFinding.decision.is_(None), Child.status == ChildStatus.WAITING)


def _since() -> datetime:
    return clock.now() - RECENT
