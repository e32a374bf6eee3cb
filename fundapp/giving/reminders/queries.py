"""Which pledges may have something to remind of."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from fundapp.db import db
from fundapp.giving.channels.queries import is_linked
from fundapp.giving.models import (
    Donor,
    Instalment,
    Method,
    Pledge,
    PledgeShare,
    PledgeStatus,
    Reminder,
    ReminderKind,
)
from fundapp.giving.reminders.policy import AFTER, BEFORE, LATEST
from fundapp.ledger.models import Fund, FundStatus


def list_pledges_to_remind(today: date) -> list[int]:
    """The ids of pledges with an instalment of which the donor was not reminded yet; whether it is
    time is decided with the pledge's lock (`remind`).
    """
    due = Instalment.due_on
    waits = or_(
        and_(due.between(today, today + BEFORE), ~_was_sent(ReminderKind.BEFORE)),
        and_(due.between(today - LATEST, today - AFTER), ~_was_sent(ReminderKind.AFTER)),
    )
    statement = (
        select(Pledge.id)
        .join(Instalment, Instalment.pledge_id == Pledge.id)
        .join(Donor, Donor.id == Pledge.donor_id)
        .join(Fund, Fund.code == Pledge.fund_code)
        .where(
            Instalment.paid_satang < Instalment.amount_satang,
            due.between(today - LATEST, today + BEFORE),
            waits,
            Pledge.status == PledgeStatus.ACTIVE,
            Pledge.method != Method.CARD,
            Fund.status == FundStatus.OPEN,
            ~_has_closed_share(),
            or_(Donor.email.is_not(None), is_linked()),
            Donor.wants_reminders,
        )
        .distinct()
        .order_by(Pledge.id)
    )
    return list(db.session.scalars(statement))


def _has_closed_share() -> ColumnElement[bool]:
    """That one of several funds of the pledge is frozen or closed."""
    shares = select(PledgeShare.number).join(Fund, Fund.code == PledgeShare.fund_code)
    closed = shares.where(PledgeShare.pledge_id == Pledge.id, Fund.status != FundStatus.OPEN)
    return and_(Pledge.is_split, closed.correlate(Pledge).exists())


def _was_sent(kind: ReminderKind) -> ColumnElement[bool]:
    return (
        select(Reminder.kind)
        .where(
            Reminder.instalment_id == Instalment.id,
            Reminder.kind == kind,
            Reminder.due_on == Instalment.due_on,
        )
        .exists()
    )
