"""Asking for packs, and the worker's notes while it makes one."""

import hashlib
from datetime import date, timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.audit.packs.models import AuditPack
from fundapp.audit.packs.policy import may_make_packs
from fundapp.audit.packs.queries import find_pack_of_key
from fundapp.audit.packs.steps import require_days
from fundapp.db import db, lock
from fundapp.documents.intake import Accepted
from fundapp.documents.operations import store_document
from fundapp.documents.policy import PACK
from fundapp.trail.operations import record_event

#: After so long without a sign of the worker that makes a pack, another one takes it.
SILENT_FOR = timedelta(minutes=15)
MEDIA_TYPE = "application/zip"


def order_pack(from_on: date, to_on: date, *, key: str, actor: Actor) -> AuditPack:
    """Ask for the pack of a period; ``key`` makes it happen once. Raises ForbiddenError and
    PackDaysError.
    """
    require(may_make_packs(actor))
    known = find_pack_of_key(key)
    if known is not None:
        return known
    require_days(from_on, to_on)
    pack = AuditPack(
        from_on=from_on,
        to_on=to_on,
        asked_by=actor.ref,
        asked_at=clock.now(),
        idempotency_key=key,
    )
    db.session.add(pack)
    db.session.flush()
    _record("order", pack, actor)
    return pack


def take_pack(*, actor: Actor) -> AuditPack | None:
    """The oldest pack that nobody makes, begun, or None. Raises ForbiddenError."""
    require(may_make_packs(actor))
    is_free = AuditPack.begun_at.is_(None) | (AuditPack.seen_at < clock.now() - SILENT_FOR)
    oldest = (
        select(AuditPack)
        .where(AuditPack.ended_at.is_(None), is_free)
        .order_by(AuditPack.id)
        .limit(1)
    )
    pack = lock(oldest)
    if pack is not None:
        pack.begun_at = pack.seen_at = clock.now()
        pack.parts_done = 0
    return pack


def note_parts(pack_id: int, done: int, in_all: int, *, actor: Actor) -> None:
    """Note how far a pack is. Raises ForbiddenError."""
    require(may_make_packs(actor))
    pack = _lock(pack_id)
    pack.seen_at = clock.now()
    pack.parts_done, pack.parts_in_all = done, in_all


def store_pack(pack_id: int, content: bytes, *, actor: Actor) -> AuditPack:
    """Keep the archive, encrypted, and end the pack. Raises ForbiddenError."""
    require(may_make_packs(actor))
    pack = _lock(pack_id)
    digest = hashlib.sha256(content).digest()
    accepted = Accepted(MEDIA_TYPE, content, digest)
    stored = store_document(accepted, subject_type=PACK, subject_ref=pack.number, actor=actor)
    pack.document_id, pack.sha256 = stored.document.id, digest
    pack.ended_at = pack.seen_at = clock.now()
    db.session.flush()
    _record("make", pack, actor)
    return pack


def release_pack(pack_id: int, *, actor: Actor) -> None:
    """Let another worker begin the pack anew. Raises ForbiddenError."""
    require(may_make_packs(actor))
    pack = _lock(pack_id)
    pack.begun_at = pack.seen_at = None


def give_up_pack(pack_id: int, *, actor: Actor) -> None:
    """End a pack that could not be made. Raises ForbiddenError."""
    require(may_make_packs(actor))
    _lock(pack_id).ended_at = clock.now()


def record_taken(pack: AuditPack, *, actor: Actor) -> None:
    """Write that somebody took the pack away. Raises ForbiddenError."""
    require(may_make_packs(actor))
    _record("take", pack, actor)


def _lock(pack_id: int) -> AuditPack:
    pack = lock(select(AuditPack).where(AuditPack.id == pack_id))
    if pack is None:
        raise LookupError(pack_id)
    return pack


def _record(verb: str, pack: AuditPack, actor: Actor) -> None:
    record_event(
        f"audit:pack:{verb}", actor=actor, subject_type="audit_pack", subject_ref=pack.number
    )
