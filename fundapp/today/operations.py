"""What is written to the trail of files with a donor's own data."""

from datetime import date

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving.models import Donor
from fundapp.today import policy
from fundapp.today.own_data import Data, gather_donor_data, gather_own_data
from fundapp.today.own_giving import own_donors
from fundapp.trail.operations import record_event


def copy_own_data(*, actor: Actor) -> Data:
    """Everything that the fund keeps of who is signed in. Raises ForbiddenError, NotFoundError."""
    require(policy.may_copy_own_data(actor))
    data = gather_own_data(actor)
    found = select(Donor.public_id).where(Donor.id.in_(own_donors(actor)))
    for public_id in db.session.scalars(found):
        _record(public_id, "", actor)
    return data


def copy_donor_data(public_id: str, *, asked_on: date, actor: Actor) -> Data:
    """Everything that the fund keeps of a donor, who asked for it by a letter of ``asked_on``.
    Raises ForbiddenError, NotFoundError.
    """
    require(policy.may_copy_donor_data(actor))
    data = gather_donor_data(public_id)
    _record(public_id, asked_on.isoformat(), actor)
    return data


def _record(public_id: str, note: str, actor: Actor) -> None:
    record_event(
        "giving:donor:copy", actor=actor, subject_type="donor", subject_ref=public_id, note=note
    )
    db.session.flush()
