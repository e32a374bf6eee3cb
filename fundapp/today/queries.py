"""What waits on a person, counted; and the lists behind numbers that have no page of their own."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, lazyload

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.banking.queries import count_held, count_unmatched
from fundapp.db import db
from fundapp.disbursements.models import RequestStatus
from fundapp.disbursements.queries import count_by_status
from fundapp.giving.models import Donor, Instalment, Payment, Pledge, PledgeStatus, Receipt
from fundapp.giving.queries import list_donor_pledges
from fundapp.mail.queries import MailState, count_messages

_MOST_RECEIPTS = 200
# The conditions of the partial indexes on instalments, word for word, so that they are used.
_OPEN_INSTALMENT = (
    text("instalments.paid_satang = 0"),
    text("instalments.paid_satang > 0 AND instalments.paid_satang < instalments.amount_satang"),
)


class Task(StrEnum):
    """Something that waits for a person."""

    DECIDE = "decide"
    PAY = "pay"
    CHANGE = "change"
    PROVE = "prove"
    PROBLEM = "problem"
    MATCH = "match"
    HELD = "held"
    OVERDUE = "overdue"
    MAIL = "mail"


#: Requests in a state wait for those who may do this with them.
REQUEST_TASKS: dict[Task, tuple[RequestStatus, Permission]] = {
    Task.DECIDE: (RequestStatus.SUBMITTED, Permission.DISBURSEMENT_DECIDE),
    Task.PAY: (RequestStatus.APPROVED, Permission.DISBURSEMENT_PAY),
    Task.CHANGE: (RequestStatus.RETURNED, Permission.DISBURSEMENT_REQUEST),
    Task.PROVE: (RequestStatus.PAID, Permission.DISBURSEMENT_PROVE),
    Task.PROBLEM: (RequestStatus.PROBLEM, Permission.DISBURSEMENT_PROVE),
}


@dataclass(frozen=True, slots=True)
class OwnGiving:
    """What a donor who signs in gave and promised."""

    donor: Donor
    pledges: list[Pledge]
    receipts: list[Receipt]


def list_waiting(viewer: Actor, today: date) -> dict[Task, int]:
    """How much of each task waits on ``viewer``; only tasks that are the viewer's to do."""
    waiting: dict[Task, int] = {}
    if viewer.can(Permission.DISBURSEMENT_READ):
        counts = count_by_status(viewer=viewer)
        for task, (status, permission) in REQUEST_TASKS.items():
            if viewer.can(permission):
                waiting[task] = counts[status]
    if viewer.can(Permission.STATEMENT_MATCH):
        waiting[Task.MATCH] = count_unmatched()
        waiting[Task.HELD] = count_held()
    if viewer.can(Permission.PAYMENT_RECORD):
        waiting[Task.OVERDUE] = count_overdue(today)
    if viewer.can(Permission.MAIL_READ):
        waiting[Task.MAIL] = count_messages(MailState.FAILING)
    return waiting


def count_overdue(today: date) -> int:
    """How many instalments of active pledges are past their day and not fully paid."""
    return sum(
        db.session.scalar(
            select(func.count(Instalment.id)).join(Pledge).where(_overdue(today), is_open)
        )
        or 0
        for is_open in _OPEN_INSTALMENT
    )


def list_overdue(
    today: date, *, after: tuple[date, int] | None = None, limit: int = 50
) -> list[Instalment]:
    """Those instalments with their pledges, longest overdue first."""
    statement = (
        select(Instalment)
        .join(Instalment.pledge)
        .options(contains_eager(Instalment.pledge).options(lazyload(Pledge.instalments)))
        .where(_overdue(today), or_(*_OPEN_INSTALMENT))
        .order_by(Instalment.due_on, Instalment.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(_behind(Instalment.due_on, Instalment.id, after))
    return list(db.session.scalars(statement))


def find_own_giving(viewer: Actor) -> OwnGiving | None:
    """What the donor gave who signs in as ``viewer``; None when no donor does."""
    donor = db.session.scalar(select(Donor).where(Donor.user_id == viewer.user_id))
    if donor is None:
        return None
    receipts = (
        select(Receipt)
        .join(Receipt.payment)
        .where(Payment.donor_id == donor.id)
        .order_by(Receipt.id.desc())
        .limit(_MOST_RECEIPTS)
    )
    return OwnGiving(donor, list_donor_pledges(donor.id), list(db.session.scalars(receipts)))


def _overdue(today: date) -> ColumnElement[bool]:
    return and_(Instalment.due_on < today, Pledge.status == PledgeStatus.ACTIVE)


def _behind(
    day: InstrumentedAttribute[date], row_id: InstrumentedAttribute[int], key: tuple[date, int]
) -> ColumnElement[bool]:
    return or_(day > key[0], and_(day == key[0], row_id > key[1]))
