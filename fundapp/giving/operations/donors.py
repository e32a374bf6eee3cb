"""Donors are registered, or found again, and connected with a user account."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select, update

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Role
from fundapp.db import db, lock_all
from fundapp.errors import NotFoundError
from fundapp.giving.donor_names import name_key
from fundapp.giving.errors import (
    AlreadyConnectedError,
    DonorKnownError,
    NoDonorAccountError,
    OthersGiftError,
    UnknownGiverError,
)
from fundapp.giving.locking import lock_donor, lock_pledge
from fundapp.giving.models import Donor, DonorKind, DonorMerge, DonorTag, Pledge
from fundapp.giving.policy import (
    may_confirm_pledge,
    may_connect_donor,
    may_register_donor,
    may_tag_donors,
    may_tidy_donors,
)
from fundapp.giving.steps import KNOWN_DONOR, UNKNOWN_GIVER, comparable_address, new_donor
from fundapp.identity.queries import USER_ID_BY_EMAIL, find_proved_mailbox, find_user_by_email
from fundapp.thai.sounds import sound_key
from fundapp.trail.operations import record_event

_KNOWN_OF_KIND = KNOWN_DONOR.where(Donor.kind == bindparam("kind"))


def register_donor(
    name: str,
    *,
    kind: DonorKind | None = None,
    email: str | None = None,
    phone: str | None = None,
    locale: str = "th",
    actor: Actor,
) -> Donor:
    """The donor with this e-mail address, name and kind, unchanged, the one that it was merged
    into, or a new one.

    People may share a mailbox, so the address alone finds nobody. ``kind`` None is that of a form
    which does not ask: it finds the name of any kind, and a new donor is a person. Without a name
    and an address it is the one row of all unknown givers. Raises ForbiddenError.
    """
    require(may_register_donor(actor))
    address = comparable_address(email)
    known = _find(name, address, kind)
    if known is not None:
        merge = db.session.get(DonorMerge, known.id)
        return known if merge is None else db.session.get_one(Donor, merge.into_id)
    donor = Donor(**new_donor(name, kind=kind, address=address, phone=phone, locale=locale))
    db.session.add(donor)
    record_event(
        "giving:donor:register", actor=actor, subject_type="donor", subject_ref=donor.public_id
    )
    return donor


def connect_donor(public_id: str, *, email: str, actor: Actor) -> Donor:
    """Let the person who signs in with ``email`` see this donor's present pledges and receipts as
    own; a later pledge as it is confirmed (`confirm_pledge`). An account may have several donors.

    Raises ForbiddenError, NotFoundError, UnknownGiverError, AlreadyConnectedError and
    NoDonorAccountError.
    """
    require(may_connect_donor(actor))
    donor = lock_donor(public_id)
    if donor.is_unknown:
        raise UnknownGiverError
    if donor.user_id is not None:
        raise AlreadyConnectedError
    user = find_user_by_email(email)
    if user is None or Role.DONOR not in user.role_set():
        raise NoDonorAccountError(field="email")
    donor.user_id = user.id
    shown = update(Pledge).where(Pledge.donor_id == donor.id, Pledge.confirmed_at.is_(None))
    db.session.execute(shown.values(confirmed_at=clock.now()))
    record_event(
        "giving:donor:connect",
        actor=actor,
        subject_type="donor",
        subject_ref=donor.public_id,
        note=user.public_id,
    )
    db.session.flush()
    return donor


def describe_donor(
    public_id: str, *, kind: DonorKind, phone: str, tags: Sequence[str], actor: Actor
) -> Donor:
    """Say what a donor is, its phone, and the tags under which it is gathered, in place of those
    that it had. Raises ForbiddenError, NotFoundError, UnknownGiverError.
    """
    require(may_tag_donors(actor))
    donor = lock_donor(public_id)
    if donor.is_unknown:
        raise UnknownGiverError
    had = list(db.session.scalars(select(DonorTag).where(DonorTag.donor_id == donor.id)))
    before = donor.kind, _joined(tag.tag for tag in had)
    donor.kind, donor.phone = kind, phone or None
    for tag in had:
        if tag.tag not in tags:
            db.session.delete(tag)
    kept = {tag.tag for tag in had}
    db.session.add_all(DonorTag(donor_id=donor.id, tag=tag) for tag in tags if tag not in kept)
    record_event(
        "giving:donor:describe",
        actor=actor,
        subject_type="donor",
        subject_ref=donor.public_id,
        # No phone: what the trail holds stays for ever.
        changes={"kind": (before[0], kind), "tags": (before[1], _joined(tags))},
    )
    db.session.flush()
    return donor


def change_email(public_id: str, email: str, *, actor: Actor) -> Donor:
    """Write down the address that a donor gave instead of the one on the file.

    Raises ForbiddenError, NotFoundError, UnknownGiverError, DonorKnownError when another donor has
    that address, name and kind.
    """
    require(may_connect_donor(actor))
    donor = lock_donor(public_id)
    if donor.is_unknown:
        raise UnknownGiverError
    address = comparable_address(email)
    if address == donor.email:
        return donor
    same = select(Donor.id).where(
        Donor.email == address, Donor.name_key == donor.name_key, Donor.kind == donor.kind
    )
    if db.session.scalar(same) is not None:
        raise DonorKnownError(field="email")
    donor.email = address
    record_event(
        "giving:donor:change-email", actor=actor, subject_type="donor", subject_ref=donor.public_id
    )
    db.session.flush()
    return donor


def write_sounds(*, actor: Actor, limit: int = 2_000) -> int:
    """Write how the names of some donors sound of whom it is not known; of how many. Raises
    ForbiddenError.
    """
    require(may_tidy_donors(actor))
    unknown = select(Donor).where(Donor.sound_key.is_(None)).order_by(Donor.id).limit(limit)
    donors = lock_all(unknown)
    for donor in donors:
        donor.sound_key = sound_key(donor.name)
    db.session.flush()
    return len(donors)


def confirm_pledge(code: str, *, actor: Actor) -> Pledge:
    """Show the pledge with this confirmation code, and its receipts, in the actor's account.

    Raises ForbiddenError, NotFoundError, and OthersGiftError when the donor is connected with
    another account, or another account has the address of the donor.
    """
    require(may_confirm_pledge(actor))
    return _show(lock_pledge(Pledge.confirmation_code == code), actor)


def claim_pledge(token: str, *, actor: Actor) -> Pledge:
    """Show the pledge with this token in the actor's account, which proved to own the mailbox that
    the pledge was made with: it signed in by a link there.

    Raises ForbiddenError, NotFoundError for a pledge of another mailbox, OthersGiftError.
    """
    require(may_confirm_pledge(actor))
    mailbox = find_proved_mailbox(actor)
    pledge = lock_pledge(Pledge.token == token)
    if mailbox is None or pledge.donor.email != mailbox:
        raise NotFoundError
    return _show(pledge, actor)


def _show(pledge: Pledge, actor: Actor) -> Pledge:
    donor = lock_donor(pledge.donor.public_id)
    owner_id = donor.user_id or _account_of(donor.email)
    if owner_id not in (None, actor.user_id):
        raise OthersGiftError
    donor.user_id = actor.user_id
    if pledge.confirmed_at is None:
        pledge.confirmed_at = clock.now()
        record_event(
            "giving:pledge:confirm",
            actor=actor,
            subject_type="pledge",
            subject_ref=str(pledge.id),
        )
    db.session.flush()
    return pledge


def _joined(tags: Iterable[str]) -> str:
    return ", ".join(sorted(tags))


def _account_of(email: str | None) -> int | None:
    """The id of the account that signs in with this address."""
    return db.session.scalar(USER_ID_BY_EMAIL, {"email": email}) if email else None


def _find(name: str, address: str | None, kind: DonorKind | None) -> Donor | None:
    if not address:
        return None if name else db.session.scalar(UNKNOWN_GIVER)
    values: dict[str, object] = {"address": address, "key": name_key(name)}
    if kind is None or not name:
        return db.session.scalar(KNOWN_DONOR, values)
    return db.session.scalar(_KNOWN_OF_KIND, {**values, "kind": kind})
