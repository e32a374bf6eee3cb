"""Messages come back, and addresses of e-mail take nothing, until somebody says that they do."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.mail.bounces import Bounce
from fundapp.mail.encryption import message_of_token
from fundapp.mail.locking import lock_failing, lock_message
from fundapp.mail.models import Channel, Failure
from fundapp.mail.policy import failing_status, may_clear_address, may_note_channels
from fundapp.mail.steps import note_failing
from fundapp.trail.operations import record_event


def note_bounce(bounce: Bounce, *, actor: Actor) -> bool:
    """Write down that a message came back; whether it was news. Each does once, so the same reports
    may be read again. The address takes nothing from now on if the code says so.

    What names no message that we sent is none of ours. Raises ForbiddenError.
    """
    require(may_note_channels(actor))
    message_id = message_of_token(bounce.token)
    try:
        message = None if message_id is None else lock_message(message_id)
    except NotFoundError:
        message = None
    if message is None or message.sent_at is None or message.came_back_at is not None:
        return False
    if message.channel is not Channel.EMAIL:
        return False
    message.came_back_at = clock.now()
    message.last_error = bounce.status
    if status := failing_status(0, bounce.status):
        note_failing(message, Failure.BOUNCED, status)
    db.session.flush()
    return True


def clear_address(address: str, *, actor: Actor) -> None:
    """Say that an address takes messages again. Raises ForbiddenError, NotFoundError when nothing
    was known of it.
    """
    require(may_clear_address(actor))
    failing = lock_failing(address)
    failing.cleared_at = clock.now()
    record_event(
        "mail:address:clear",
        actor=actor,
        subject_type="message",
        subject_ref=str(failing.message_id),
    )
    db.session.flush()
