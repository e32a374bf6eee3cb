"""Remarks without their words: nothing here decrypts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from fundapp.db import db
from fundapp.ids import from_readable
from fundapp.remarks.erasers import Written, all_erasers
from fundapp.remarks.models import ErasureReason, Remark, RemarkKind
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import is_of

#: The event of erasing the words of a remark, by its number; its note is the ground.
SUBJECT_TYPE, ERASED = "remark", "remarks:remark:erase"


def find_remarks(digests: Iterable[bytes | None]) -> dict[bytes, Remark]:
    """The remarks with these digests, by digest, in one query; None among them is left out."""
    wanted = {digest for digest in digests if digest is not None}
    if not wanted:
        return {}
    rows = db.session.scalars(select(Remark).where(Remark.digest.in_(wanted)))
    return {remark.digest: remark for remark in rows}


def list_remarks(
    subject_type: str, subject_refs: Iterable[str], kind: RemarkKind | None = None
) -> list[Remark]:
    """The remarks on these things, oldest first, in one query."""
    refs = set(subject_refs)
    if not refs:
        return []
    statement = select(Remark).where(
        Remark.subject_type == subject_type, Remark.subject_ref.in_(refs)
    )
    if kind is not None:
        statement = statement.where(Remark.kind == kind)
    return list(db.session.scalars(statement.order_by(Remark.id)))


def written_of(remark: Remark) -> Written:
    """What the page of erased words says of a remark."""
    return Written(remark.number, remark.kind.label, remark.written_at)


@dataclass(frozen=True, slots=True)
class ErasedWords:
    """Words that were erased: what they were, when and on what ground."""

    written: Written
    erased_at: datetime
    why: ErasureReason


def list_erased(limit: int = 50) -> list[ErasedWords]:
    """What was erased by its number, as the trail has it, the last first: words of remarks, and all
    that a thing of another package said of people.
    """
    finders = {eraser.event: eraser.find for eraser in all_erasers()}
    finders[SUBJECT_TYPE, ERASED] = _find_written
    kinds = [
        (AuditEvent.subject_type == subject_type) & (AuditEvent.action == action)
        for subject_type, action in finders
    ]
    is_erasure = is_of(*sorted({action for _subject_type, action in finders}))
    erased = select(AuditEvent).where(is_erasure, or_(*kinds)).order_by(AuditEvent.id.desc())
    events = db.session.scalars(erased.limit(limit)).all()
    written: dict[tuple[str, str], Written] = {}
    for (subject_type, action), find in finders.items():
        refs = [each.subject_ref for each in events if each.action == action]
        written |= {(subject_type, ref): found for ref, found in find(refs).items()}
    return [
        ErasedWords(found, event.at, ErasureReason(event.note))
        for event in events
        if (found := written.get((event.subject_type, event.subject_ref)))
    ]


def _find_written(numbers: Collection[str]) -> dict[str, Written]:
    """The remarks with these numbers."""
    ids = [each for number in numbers if (each := from_readable(number, "RM")) is not None]
    remarks = db.session.scalars(select(Remark).where(Remark.id.in_(ids)))
    return {remark.number: written_of(remark) for remark in remarks}
