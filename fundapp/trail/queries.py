"""Reads of the trail."""

from sqlalchemy import select

from fundapp.db import db
from fundapp.trail.models import AuditEvent, ChildRead


def list_events(subject_type: str, subject_ref: str, limit: int = 200) -> list[AuditEvent]:
    """The events of a thing, newest first."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.subject_type == subject_type, AuditEvent.subject_ref == subject_ref)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def list_child_reads(child_ref: str, limit: int = 200) -> list[ChildRead]:
    """Who read what names a child, newest first."""
    statement = (
        select(ChildRead)
        .where(ChildRead.child_ref == child_ref)
        .order_by(ChildRead.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))
