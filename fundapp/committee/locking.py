"""The locks of the committee. The order is: the first order, the meeting."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor
from fundapp.committee.models import CommitteeMeeting, CommitteeOrder
from fundapp.committee.queries import get_meeting
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.identity.queries import current_authority


def lock_numbers() -> None:
    """Let nobody else take the number of a meeting or a resolution until the unit of work ends: the
    first order that was ever recorded is there for as long as the committee.
    """
    lock(select(CommitteeOrder).order_by(CommitteeOrder.id).limit(1).options(lazyload("*")))


def lock_meeting(public_id: str, *, actor: Actor) -> tuple[CommitteeMeeting, Actor]:
    """The meeting, locked and read again, and the actor, read again too. NotFoundError."""
    wanted = select(CommitteeMeeting).where(CommitteeMeeting.public_id == public_id)
    locked = lock(wanted.options(lazyload("*")))
    if locked is None:
        raise NotFoundError
    db.session.expire(locked)
    return get_meeting(public_id), current_authority(actor)
