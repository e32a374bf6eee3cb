"""Checks of mail: that what people were to be told reaches them. Yellow: the books are right."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation
from fundapp.clock import iso
from fundapp.mail.models import MailState
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


CHECKS = (
    Check(
        "mail.delivered",
        N_("Every message is sent within a day, and none was given up."),
        messages_delivered,
        is_warning=True,
    ),
)
