"""Writing the trail.

These functions record what another operation did and has checked, so they ask for no permission.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import append_rows, db
from fundapp.db.prepared import Run, insert_of
from fundapp.ids import new_id
from fundapp.trail.models import AuditEvent, ChildRead

_INSERT = insert_of(AuditEvent)


def record_event(
    action: str,
    *,
    actor: Actor,
    subject_type: str,
    subject_ref: str,
    note: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> AuditEvent:
    """Record that ``actor`` did ``action`` to a thing, in the caller's unit of work.

    ``changes`` are the values before and after by name; those that are the same are left out.
    """
    event = AuditEvent(
        id=new_id(),
        at=clock.now(),
        actor=actor.ref,
        action=action,
        subject_type=subject_type,
        subject_ref=subject_ref,
        note=note,
        changes={
            name: ["" if value is None else str(value) for value in (before, after)]
            for name, (before, after) in (changes or {}).items()
            if before != after
        },
    )
    append_rows(event)
    return event


def record_events(
    action: str, *, actor: Actor, subject_type: str, subject_refs: Iterable[str]
) -> None:
    """Record that ``actor`` did ``action`` to each of many things, with one statement."""
    rows = [_row(action, actor, subject_type, subject_ref) for subject_ref in subject_refs]
    if rows:
        # Not through the session, which would write what is still being made, and take longer.
        db.session.connection().execute(insert(AuditEvent), rows)


def event_run(action: str, *, actor: Actor, subject_type: str, subject_ref: str) -> Run:
    """The statement that records that ``actor`` did ``action`` to a thing, to run with others at
    once in the caller's unit of work.
    """
    return _INSERT.run(**_row(action, actor, subject_type, subject_ref))


def record_child_reads(child_refs: Iterable[str], *, reader: Actor, purpose: str) -> None:
    """Record that ``reader`` read what names these children, and for which purpose, in the
    caller's unit of work.
    """
    at = clock.now()
    rows = [
        ChildRead(id=new_id(), at=at, reader=reader.ref, child_ref=child_ref, purpose=purpose)
        for child_ref in child_refs
    ]
    append_rows(*rows)


def _row(action: str, actor: Actor, subject_type: str, subject_ref: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": clock.now(),
        "actor": actor.ref,
        "action": action,
        "subject_type": subject_type,
        "subject_ref": subject_ref,
        "note": "",
        "changes": {},
    }
