"""Lists of children are uploaded, their columns mapped, and taken over whole or not at all."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.imports.columns import ChildMapping
from fundapp.children.imports.errors import ChildColumnsError, ChildImportChangedError
from fundapp.children.imports.models import ChildImport, ChildImportMark, ChildImportProfile
from fundapp.children.imports.plan import ChildrenPlan, plan_children
from fundapp.children.imports.queries import find_child_profile, get_child_import
from fundapp.children.imports.reader import encrypt_list, open_list
from fundapp.children.imports.steps import write_files
from fundapp.children.policy import may_import_children, may_index_names
from fundapp.db import Base, connection_of_work, db, is_postgresql, lock, lock_all
from fundapp.db.many_rows import write_rows
from fundapp.errors import NotFoundError
from fundapp.ids import new_id
from fundapp.spreadsheets.errors import (
    ImportOverError,
    NothingToImportError,
    RowsWrongError,
    UnknownImportProfileError,
)
from fundapp.spreadsheets.headings import distinct_headings
from fundapp.spreadsheets.reading import Sheet
from fundapp.trail.operations import record_event

#: How long an upload is kept that is not taken over.
KEPT_FOR = timedelta(days=1)
#: Of the advisory lock; no other part of the program takes one with this number.
_IMPORTING = 1563


def keep_list(content: bytes, sheet: Sheet, *, profile_name: str = "", actor: Actor) -> ChildImport:
    """Keep a list that was read, encrypted, for a day. The columns of the profile are those of the
    file, if it has all their headings. Raises ForbiddenError, UnknownImportProfileError.
    """
    require(may_import_children(actor))
    import_id, mapping = new_id(), {}
    if profile_name:
        profile = find_child_profile(profile_name)
        if profile is None:
            raise UnknownImportProfileError(field="profile", params={"name": profile_name})
        headings = set(ChildMapping.parse(profile.mapping).headings.values())
        if headings <= set(distinct_headings(sheet.headings)):
            mapping = profile.mapping
    row = ChildImport(
        id=import_id,
        file_sha256=hashlib.sha256(content).digest(),
        row_count=len(sheet.rows),
        rows_encrypted=encrypt_list(import_id, sheet),
        mapping=mapping,
        uploaded_by_id=actor.person_id,
        uploaded_at=clock.now(),
        expires_at=clock.now() + KEPT_FOR,
    )
    db.session.add(row)
    db.session.flush()
    _record("upload", row, actor)
    return row


def forget_expired_lists(*, actor: Actor) -> int:
    """Remove the rows of lists that nobody took over in time; of how many. Raises
    ForbiddenError.
    """
    require(may_index_names(actor))
    waiting = ChildImport.rows_encrypted.is_not(None), ChildImport.expires_at <= clock.now()
    found = lock_all(select(ChildImport).where(*waiting).order_by(ChildImport.id))
    for row in found:
        row.rows_encrypted = None
        _record("expire", row, actor)
    db.session.flush()
    return len(found)


def map_list(
    public_id: str, mapping: ChildMapping, *, profile_name: str = "", actor: Actor
) -> ChildImport:
    """Say which columns hold what; under ``profile_name`` it is kept for later files. Raises
    ForbiddenError, NotFoundError, ImportOverError, ChildColumnsError.
    """
    require(may_import_children(actor))
    row = _lock_import(public_id, actor)
    if row.rows_encrypted is None:
        raise ImportOverError
    missing = mapping.missing()
    if missing is not None:
        raise ChildColumnsError(field=f"column_{missing}")
    row.mapping = mapping.as_json()
    if profile_name:
        profile = find_child_profile(profile_name) or ChildImportProfile(name=profile_name)
        profile.mapping = row.mapping
        profile.saved_by_id, profile.saved_at = actor.person_id, clock.now()
        db.session.add(profile)
    db.session.flush()
    return row


def commit_list(
    public_id: str,
    *,
    version: str | None = None,
    report: Callable[[int], None] = lambda _count: None,
    actor: Actor,
) -> ChildrenPlan:
    """Register the children as the preview of ``version`` showed, all or none. Those who may have a
    file wait for a supervisor.

    Raises ForbiddenError, NotFoundError, ImportOverError, RowsWrongError, NothingToImportError, and
    ChildImportChangedError when it would bring something else than was shown (None: nothing was).
    """
    require(may_import_children(actor))
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_IMPORTING)))
    row = _lock_import(public_id, actor)
    sheet, mapping = open_list(row), ChildMapping.parse(row.mapping)
    plan = plan_children(sheet, mapping, actor=actor, report=report)
    if version not in (None, plan.version(row.file_sha256, mapping)):
        raise ChildImportChangedError
    if plan.problems:
        raise RowsWrongError(params={"count": plan.counts["wrong"]})
    if plan.brings_nothing:
        raise NothingToImportError
    ids = write_files(plan.children, actor=actor)
    marks = [
        {"digest": each.digest, "child_id": ids[each.row.number], "import_id": row.id}
        for each in plan.children
    ]
    _write(ChildImportMark, marks)
    row.rows_encrypted, row.committed_at = None, clock.now()
    row.counts = dict(plan.counts)
    _record("commit", row, actor)
    db.session.flush()
    return plan


def _lock_import(public_id: str, actor: Actor) -> ChildImport:
    get_child_import(public_id, viewer=actor)
    row = lock(select(ChildImport).where(ChildImport.public_id == public_id))
    if row is None:
        raise NotFoundError
    return row


def _write(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    write_rows(connection_of_work(), Base.metadata.tables[model.__tablename__], rows)


def _record(verb: str, row: ChildImport, actor: Actor) -> None:
    record_event(
        f"children:import:{verb}",
        actor=actor,
        subject_type="child_import",
        subject_ref=row.public_id,
    )
