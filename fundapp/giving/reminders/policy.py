"""Of which instalments a donor is reminded, and who may do so (pure)."""

from collections.abc import Collection
from datetime import date, timedelta

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.clock import BANGKOK
from fundapp.giving.models import Donor, Instalment, Method, Pledge, PledgeStatus, ReminderKind

#: A reminder comes so many days before the due date, or later until that day.
BEFORE = timedelta(days=3)
#: The other one comes so many days after it.
AFTER = timedelta(days=7)
#: What has been due for longer is not brought up again.
LATEST = timedelta(days=30)
#: Whoever was reminded of so many due dates that passed, and paid none of them, is left alone.
MOST_UNANSWERED = 3


def may_remind(actor: Actor) -> bool:
    """Whether the actor may remind donors."""
    return actor.can(Permission.REMINDER_SEND)


def may_choose_messages(actor: Actor) -> bool:
    """Whether the actor may choose which messages a donor gets: whoever has the link for it."""
    return actor.can(Permission.PLEDGE_CHANGE)


def may_be_reminded(pledge: Pledge, donor: Donor) -> bool:
    """Whether reminders of this pledge go out at all: it runs, its funds take gifts, no card is
    charged for it, and the donor wants them. By which way they go: `choose_channel`,
    fundapp/mail/policy.py.
    """
    runs = pledge.status is PledgeStatus.ACTIVE and pledge.takes_gifts
    return runs and donor.wants_reminders and pledge.method is not Method.CARD


def reminder_kind(instalment: Instalment, pledge: Pledge, today: date) -> ReminderKind | None:
    """The reminder that an instalment asks for today, sent already or not; None for none.

    A gift that was promised less than `BEFORE` ahead needs no reminder before its due date.
    """
    if instalment.open_satang == 0:
        return None
    made_on = pledge.created_at.astimezone(BANGKOK).date()
    if today <= instalment.due_on <= today + BEFORE and made_on <= instalment.due_on - BEFORE:
        return ReminderKind.BEFORE
    if today - LATEST <= instalment.due_on <= today - AFTER:
        return ReminderKind.AFTER
    return None


def is_left_alone(pledge: Pledge, reminded_after: Collection[int]) -> bool:
    """Whether the donor was reminded after `MOST_UNANSWERED` due dates and paid nothing of them;
    ``reminded_after`` holds the ids of those instalments.
    """
    unanswered = [
        row for row in pledge.instalments if row.id in reminded_after and not row.received_satang
    ]
    return len(unanswered) >= MOST_UNANSWERED
