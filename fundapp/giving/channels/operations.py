"""A donor links an account at LINE by a code, and chooses how to be written to."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, insert_if_new, lock
from fundapp.errors import NotFoundError
from fundapp.giving import emails
from fundapp.giving.channels.codes import code_of, lookup_code
from fundapp.giving.channels.encryption import decrypt_user, encrypt_user
from fundapp.giving.channels.policy import CODE_LIVES
from fundapp.giving.channels.queries import find_code
from fundapp.giving.errors import UnknownGiverError
from fundapp.giving.locking import lock_donor
from fundapp.giving.models import Donor, LineCode, StoredLineEvent
from fundapp.ids import new_id
from fundapp.mail import operations as mail
from fundapp.mail.line import LineEvent, LineEventKind
from fundapp.mail.models import Channel
from fundapp.mail.policy import may_choose_channel, may_note_channels


def begin_link(donor_public_id: str, *, actor: Actor) -> LineCode:
    """The code that the donor sends at LINE: the one that can still be sent, or a new one. Raises
    ForbiddenError, NotFoundError, UnknownGiverError.
    """
    require(may_choose_channel(actor))
    donor = lock_donor(donor_public_id)
    if donor.is_unknown:
        raise UnknownGiverError
    known = find_code(donor)
    if known is not None:
        return known
    now, row_id = clock.now(), new_id()
    code = LineCode(
        id=row_id,
        donor_id=donor.id,
        code_lookup=lookup_code(code_of(row_id)),
        made_at=now,
        expires_at=now + CODE_LIVES,
    )
    db.session.add(code)
    db.session.flush()
    return code


def end_link(donor_public_id: str, *, actor: Actor) -> Donor:
    """Unlink the donor's account at LINE. Raises ForbiddenError, NotFoundError."""
    require(may_choose_channel(actor))
    donor = lock_donor(donor_public_id)
    mail.unlink_account("donor", donor.public_id, actor=actor)
    return donor


def choose_channel(donor_public_id: str, channel: Channel, *, actor: Actor) -> Donor:
    """Write to the donor by this way where there are two. Raises ForbiddenError, NotFoundError."""
    require(may_choose_channel(actor))
    donor = lock_donor(donor_public_id)
    mail.prefer_channel("donor", donor.public_id, channel, actor=actor)
    return donor


def store_event(event: LineEvent, *, actor: Actor) -> bool:
    """Store what LINE told, once; whether it is stored. What somebody wrote is not, but the hash of
    what may be a code. Raises ForbiddenError.
    """
    require(may_note_channels(actor))
    code_lookup = lookup_code(event.text) if event.kind is LineEventKind.TEXT else None
    if event.kind is LineEventKind.TEXT and code_lookup is None:
        return False
    row_id = new_id()
    insert_if_new(
        StoredLineEvent,
        id=row_id,
        event_id=event.event_id,
        kind=event.kind,
        user_encrypted=encrypt_user(row_id, event.line_user),
        code_lookup=code_lookup,
        happened_at=event.happened_at,
        stored_at=clock.now(),
    )
    return True


def handle_event(event_id: str, *, actor: Actor) -> None:
    """Do what a stored event asks for, once. Raises ForbiddenError, NotFoundError."""
    require(may_note_channels(actor))
    event = lock(select(StoredLineEvent).where(StoredLineEvent.event_id == event_id))
    if event is None:
        raise NotFoundError
    if event.handled_at is not None:
        return
    event.handled_at = clock.now()
    user = decrypt_user(event)
    if event.kind is LineEventKind.FOLLOW:
        mail.note_followed(user, at=event.happened_at, actor=actor)
    elif event.kind is LineEventKind.UNFOLLOW:
        mail.note_blocked(user, at=event.happened_at, actor=actor)
    else:
        _link(event, user, actor)
    db.session.flush()


def _link(event: StoredLineEvent, line_user: str, actor: Actor) -> None:
    """Link by a code that is not used and was not too old when it was sent; else nothing."""
    code = lock(select(LineCode).where(LineCode.code_lookup == event.code_lookup))
    if code is None or code.used_at is not None or event.happened_at > code.expires_at:
        return
    code.used_at = clock.now()
    donor = lock_donor(db.session.get_one(Donor, code.donor_id).public_id)
    mail.link_account("donor", donor.public_id, line_user, at=event.happened_at, actor=actor)
    # To the account, and to the mailbox, whose owner may not be who holds the phone.
    mail.queue_messages(
        [emails.line_linked(donor), emails.line_linked(donor, by_mail_only=True)], actor=actor
    )
