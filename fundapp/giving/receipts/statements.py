"""What a donor gave in a calendar year: the sum of the receipts that are valid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.channels.queries import is_linked
from fundapp.giving.models import (
    Donor,
    DonorMerge,
    Payment,
    PaymentStatus,
    Pledge,
    Receipt,
    YearMessage,
)
from fundapp.thai.calendar import be_year, ce_year

#: Years (B.E.) of which there can be statements.
_FIRST_YEAR, _LAST_YEAR = 2500, 2700


@dataclass(frozen=True, slots=True)
class YearStatement:
    """The valid receipts for money that arrived in the calendar year ``year`` (B.E.), the first
    first. ``name`` is that of the donor, or of the donors of one account; ``years_beside`` are the
    nearest years before and after it that have such receipts.
    """

    name: str
    year: int
    receipts: Sequence[Receipt]
    years_beside: Sequence[int]

    @property
    def total_satang(self) -> int:
        """The sum of the receipts."""
        return sum(receipt.amount_satang for receipt in self.receipts)


def get_donor_statement(public_id: str, year: int) -> YearStatement:
    """That of one donor, with what was merged into it; NotFoundError, also for the row of everybody
    who gave without a name.
    """
    donor = db.session.scalar(select(Donor).where(Donor.public_id == public_id))
    if donor is None or donor.is_unknown:
        raise NotFoundError
    merged = select(DonorMerge.donor_id).where(DonorMerge.into_id == donor.id)
    # Their ids are read first: for one or another PostgreSQL reads the payments of everybody.
    whose = Payment.donor_id.in_([donor.id, *db.session.scalars(merged)])
    return _statement(donor.name, year, _valid_receipts().where(whose))


def get_own_statement(viewer: Actor, year: int) -> YearStatement:
    """That of the donors who are connected with the account of ``viewer``, of what the account
    shows: a pledge that was not confirmed from the mailbox is left out. NotFoundError without one.
    """
    own = select(Donor).where(Donor.user_id == viewer.user_id).order_by(Donor.id)
    donors = list(db.session.scalars(own)) if viewer.user_id is not None else []
    if not donors:
        raise NotFoundError
    receipts = (
        _valid_receipts()
        .outerjoin(Payment.pledge)
        .where(
            Payment.donor_id.in_([donor.id for donor in donors]),
            or_(
                Pledge.id.is_(None),
                Pledge.donor_id != Payment.donor_id,
                Pledge.confirmed_at.is_not(None),
            ),
        )
    )
    name = ", ".join(dict.fromkeys(donor.name for donor in donors if donor.name))
    return _statement(name, year, receipts)


def list_donors_to_tell(year: int, *, after: int = 0, limit: int = 200) -> list[tuple[int, str]]:
    """The ids of the next donors after the id ``after`` who gave in a year (B.E.), were not written
    to about it, and want more messages than receipts. One that was merged is left to its file.
    """
    first, last = date(ce_year(year), 1, 1), date(ce_year(year), 12, 31)
    gave = (
        select(func.coalesce(DonorMerge.into_id, Payment.donor_id))
        .select_from(Payment)
        .outerjoin(DonorMerge, DonorMerge.donor_id == Payment.donor_id)
        .where(Payment.received_on.between(first, last), Payment.status == PaymentStatus.RECEIVED)
    )
    told = select(YearMessage.donor_id).where(YearMessage.year == year)
    statement = (
        select(Donor.id, Donor.public_id)
        .where(
            Donor.id > after,
            Donor.id.in_(gave),
            Donor.id.not_in(told),
            Donor.wants_reminders,
            or_(Donor.email.is_not(None), is_linked()),
        )
        .order_by(Donor.id)
        .limit(limit)
    )
    return [(row.id, row.public_id) for row in db.session.execute(statement)]


def _valid_receipts() -> Select[Receipt]:
    return select(Receipt).join(Receipt.payment).where(Receipt.voided_at.is_(None))


def _statement(name: str, year: int, receipts: Select[Receipt]) -> YearStatement:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NotFoundError
    day, first, last = Payment.received_on, date(ce_year(year), 1, 1), date(ce_year(year), 12, 31)
    own = receipts.where(day.between(first, last)).order_by(day, Receipt.id)
    beside = (
        db.session.scalar(receipts.with_only_columns(func.max(day)).where(day < first)),
        db.session.scalar(receipts.with_only_columns(func.min(day)).where(day > last)),
    )
    years = [be_year(found.year) for found in beside if found is not None]
    return YearStatement(name, year, list(db.session.scalars(own)), years)
