"""Checks of mail: that what people were to be told reaches them, and nobody else."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from fundapp import clock
from fundapp.audit.checks.base import Check, Violation
from fundapp.clock import iso
from fundapp.db import db
from fundapp.giving.models import Donor, LineCode, StoredLineEvent
from fundapp.mail.models import LineAccount, MailState
from fundapp.mail.queries import list_messages
from fundapp.markers import N_

_MOST = 200


def messages_delivered() -> Iterator[Violation]:
    """No message was given up, and none is unsent a day after it was written."""
    for state, problem in (
        (MailState.GIVEN_UP, "was given up"),
        (MailState.LATE, "is not sent"),
    ):
        for message in list_messages(state=state, limit=_MOST):
            tries = f"written {iso(message.queued_at)}, tries: {message.attempts}"
            yield Violation(str(message.id), f"{problem} ({tries})")


def accounts_linked() -> Iterator[Violation]:
    """Every account at LINE was linked with a donor by a code that was shown to that donor."""
    used = (
        select(func.count(LineCode.id))
        .join(Donor, Donor.id == LineCode.donor_id)
        .where(Donor.public_id == LineAccount.recipient_ref, LineCode.used_at.is_not(None))
        .correlate(LineAccount)
        .scalar_subquery()
    )
    statement = (
        select(LineAccount.recipient_ref, func.count(LineAccount.id), used)
        .group_by(LineAccount.recipient_type, LineAccount.recipient_ref)
        .having(func.count(LineAccount.id) > used)
    )
    for ref, linked, codes in db.session.execute(statement):
        yield Violation(ref, f"was linked {linked} times, by {codes} codes")


def events_done() -> Iterator[Violation]:
    """What LINE told is done within an hour."""
    late = StoredLineEvent.stored_at < clock.now() - timedelta(hours=1)
    waiting = select(StoredLineEvent).where(StoredLineEvent.handled_at.is_(None), late)
    for event in db.session.scalars(waiting.order_by(StoredLineEvent.id).limit(_MOST)):
        yield Violation(event.event_id, f"waits since {iso(event.stored_at)}")


CHECKS = (
    Check(
        "mail.line-accounts",
        N_("Every account at LINE was linked by a code of its donor."),
        accounts_linked,
    ),
    Check(
        "mail.line-events",
        N_("What LINE told is done within an hour."),
        events_done,
        is_warning=True,
    ),
    Check(
        "mail.delivered",
        N_("Every message is sent within a day, and none was given up."),
        messages_delivered,
        is_warning=True,
    ),
)
