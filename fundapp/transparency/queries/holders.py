"""To whom checkpoints are mailed, and what it is time to mail."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.db import db
from fundapp.ledger.log.queries import last_checkpoint, log_size
from fundapp.ledger.models import LogCheckpoint, Period
from fundapp.transparency.models import CheckpointHolder, CheckpointMailing

#: When checkpoints are mailed on working days, in Thailand.
MAILED_AT = time(17)
#: Months that were closed longer ago are not told any more.
_RECENT = timedelta(days=7)
_FRIDAY = 4


def list_holders() -> list[str]:
    """The addresses, in their order."""
    addresses = db.session.scalars(select(CheckpointHolder.address))
    return sorted(addresses)


def list_mailings(most: int) -> Sequence[CheckpointMailing]:
    """What was mailed last, the newest first."""
    order = CheckpointMailing.mailed_at.desc(), CheckpointMailing.occasion.desc()
    return db.session.scalars(select(CheckpointMailing).order_by(*order).limit(most)).all()


def occasions_to_mail() -> list[str]:
    """What checkpoints have to be mailed for now: the working day from 17:00, and each month that
    was closed since, once a checkpoint covers it.
    """
    newest = last_checkpoint()
    if newest is None or not list_holders():
        return []
    now = clock.now()
    local = now.astimezone(clock.BANGKOK)
    found = []
    if local.weekday() <= _FRIDAY and local.time() >= MAILED_AT:
        found.append(f"day {local.date()}")
    found += _closings(newest, now)
    known = select(CheckpointMailing.occasion).where(CheckpointMailing.occasion.in_(found))
    return [each for each in found if each not in set(db.session.scalars(known))]


def _closings(newest: LogCheckpoint, now: datetime) -> list[str]:
    closed = db.session.scalars(
        select(Period).where(Period.closed_at >= now - _RECENT).order_by(Period.starts_on)
    )
    covers_all = newest.size == log_size()
    return [
        f"month {each.starts_on} closed {each.closed_at:%Y-%m-%dT%H:%M:%SZ}"
        for each in closed
        if each.closed_at is not None and (covers_all or newest.signed_at >= each.closed_at)
    ]
