"""Packs that were asked for."""

from datetime import datetime, timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.audit.packs.models import NUMBER_PREFIX, AuditPack
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.ids import from_readable

#: So many are listed.
_MOST_SHOWN = 50
#: After so long without a worker that begins, the page says that none may be running.
BEGUN_WITHIN = timedelta(minutes=2)


def list_packs() -> list[AuditPack]:
    """The newest packs, the newest first."""
    return list(
        db.session.scalars(select(AuditPack).order_by(AuditPack.id.desc()).limit(_MOST_SHOWN))
    )


def get_pack(number: str) -> AuditPack:
    """The pack with this number; NotFoundError."""
    pack = db.session.get(AuditPack, from_readable(number, NUMBER_PREFIX) or 0)
    if pack is None:
        raise NotFoundError
    return pack


def find_pack_of_key(key: str) -> AuditPack | None:
    """The pack that the form with this id asked for."""
    return db.session.scalar(select(AuditPack).where(AuditPack.idempotency_key == key))


def waits_too_long(pack: AuditPack, now: datetime | None = None) -> bool:
    """Whether nobody has begun it although it was asked for a while ago."""
    return pack.begun_at is None and pack.asked_at < (now or clock.now()) - BEGUN_WITHIN
