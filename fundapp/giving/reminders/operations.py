"""Donors are reminded, and say whether they want to be."""

from datetime import date

from sqlalchemy import insert, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving import emails
from fundapp.giving.allocation import by_due_date
from fundapp.giving.locking import lock_donor, lock_pledge
from fundapp.giving.models import Donor, Instalment, Pledge, Reminder, ReminderKind
from fundapp.giving.reminders.policy import (
    is_left_alone,
    may_be_reminded,
    may_choose_messages,
    may_remind,
    reminder_kind,
)
from fundapp.mail.operations import queue_message
from fundapp.trail.operations import record_event


def remind(pledge_id: int, *, actor: Actor) -> int:
    """Remind the donor of what is due and overdue of a pledge, with one message; of each due date
    once before and once after it. How many instalments it names, 0 when there is no reason.

    What was paid, paused or changed until now counts, as the pledge is locked. A donor whom no way
    leads to is reminded once there is one. Raises ForbiddenError, NotFoundError.
    """
    require(may_remind(actor))
    pledge = lock_pledge(Pledge.id == pledge_id)
    if not may_be_reminded(pledge, pledge.donor):
        return 0
    sent = _sent(pledge)
    after = {instalment_id for instalment_id, kind, _day in sent if kind is ReminderKind.AFTER}
    if is_left_alone(pledge, after):
        return 0
    today = clock.today()
    named = [
        (row, kind)
        for row in by_due_date(pledge.instalments)
        if (kind := reminder_kind(row, pledge, today)) and (row.id, kind, row.due_on) not in sent
    ]
    if not named:
        return 0
    told = emails.reminder(pledge, [row for row, _kind in named], today)
    if not queue_message(told, actor=actor):
        return 0
    now = clock.now()
    rows = [
        {"instalment_id": row.id, "kind": kind, "due_on": row.due_on, "queued_at": now}
        for row, kind in named
    ]
    db.session.execute(insert(Reminder), rows)
    return len(named)


def choose_messages(donor_public_id: str, *, wants_reminders: bool, actor: Actor) -> Donor:
    """Let a donor get reminders, or receipts and answers alone. Raises ForbiddenError,
    NotFoundError.
    """
    require(may_choose_messages(actor))
    donor = lock_donor(donor_public_id)
    if donor.wants_reminders != wants_reminders:
        donor.wants_reminders = wants_reminders
        verb = "resume-reminders" if wants_reminders else "stop-reminders"
        record_event(
            f"giving:donor:{verb}", actor=actor, subject_type="donor", subject_ref=donor.public_id
        )
    return donor


def _sent(pledge: Pledge) -> set[tuple[int, ReminderKind, date]]:
    statement = (
        select(Reminder.instalment_id, Reminder.kind, Reminder.due_on)
        .join(Instalment, Instalment.id == Reminder.instalment_id)
        .where(Instalment.pledge_id == pledge.id)
    )
    return {(row.instalment_id, row.kind, row.due_on) for row in db.session.execute(statement)}
