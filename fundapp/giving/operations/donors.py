"""Donors are registered, or found again by e-mail address, and connected with a user account."""

from sqlalchemy import bindparam, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.giving.errors import AccountTakenError, AlreadyConnectedError, NoDonorAccountError
from fundapp.giving.locking import lock_donor
from fundapp.giving.models import Donor, DonorKind
from fundapp.giving.policy import may_connect_donor, may_register_donor
from fundapp.identity.queries import find_user_by_email
from fundapp.ids import new_id, new_public_id
from fundapp.trail.operations import record_event

_BY_EMAIL = select(Donor).where(Donor.email == bindparam("address"))


def register_donor(
    name: str,
    *,
    kind: DonorKind = DonorKind.INDIVIDUAL,
    email: str | None = None,
    phone: str | None = None,
    locale: str = "th",
    actor: Actor,
) -> Donor:
    """The donor with this e-mail address, unchanged, or a new one.

    Somebody else may have typed the address, so it never changes what is known of its owner and
    shows nothing of it. ``name`` may be empty: then the donor gave without a name. Raises
    ForbiddenError.
    """
    require(may_register_donor(actor))
    address = email.strip().lower() if email else None
    known = _find_by_email(address)
    if known is not None:
        return known
    donor = Donor(
        id=new_id(),
        public_id=new_public_id(),
        kind=kind if name else DonorKind.UNKNOWN,
        name=name,
        email=address,
        phone=phone,
        locale=locale,
        created_at=clock.now(),
    )
    db.session.add(donor)
    record_event(
        "giving:donor:register", actor=actor, subject_type="donor", subject_ref=donor.public_id
    )
    return donor


def connect_donor(public_id: str, *, email: str, actor: Actor) -> Donor:
    """Let the person who signs in with ``email`` see this donor's pledges and receipts as own.

    Raises ForbiddenError, NotFoundError, AlreadyConnectedError, NoDonorAccountError and
    AccountTakenError.
    """
    require(may_connect_donor(actor))
    donor = lock_donor(public_id)
    if donor.user_id is not None:
        raise AlreadyConnectedError
    user = find_user_by_email(email)
    if user is None or Role.DONOR not in user.role_set():
        raise NoDonorAccountError(field="email")
    if db.session.scalar(select(Donor.id).where(Donor.user_id == user.id)) is not None:
        raise AccountTakenError(field="email")
    donor.user_id = user.id
    record_event(
        "giving:donor:connect",
        actor=actor,
        subject_type="donor",
        subject_ref=donor.public_id,
        note=user.public_id,
    )
    db.session.flush()
    return donor


def _find_by_email(address: str | None) -> Donor | None:
    if not address:
        return None
    return db.session.scalar(_BY_EMAIL, {"address": address})
