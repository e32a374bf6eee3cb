"""Reading donors: the list with its search, and everything of one donor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, Select, cast, func, or_, select

from fundapp.db import BigInt, db
from fundapp.errors import NotFoundError
from fundapp.giving.donor_names import name_key
from fundapp.giving.models import (
    Donor,
    Instalment,
    Payment,
    PaymentStatus,
    Pledge,
    Receipt,
)
from fundapp.giving.queries.payments import list_donor_payments
from fundapp.giving.queries.pledges import list_donor_pledges
from fundapp.giving.references import is_reference, normalise_reference
from fundapp.identity.models import User
from fundapp.mail.models import MailMessage
from fundapp.paging import Page, int_key, page_of
from fundapp.thai.folding import fold_text


class TimelineKind(StrEnum):
    """The kinds of events on a donor's timeline."""

    PLEDGE = "pledge"
    PAYMENT = "payment"
    RECEIPT = "receipt"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class DonorRow:
    """A donor in the list, with the sum of the payments that count."""

    donor: Donor
    given_satang: int


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One event of a donor's timeline, with the row that tells of it."""

    at: datetime
    kind: TimelineKind
    row: Pledge | Payment | Receipt | MailMessage


@dataclass(frozen=True, slots=True)
class DonorFile:
    """A donor with the newest pledges, payments and events."""

    donor: Donor
    pledges: Sequence[Pledge]
    payments: Sequence[Payment]
    given_satang: int
    #: The user account that the donor is connected with, if any.
    account: User | None
    #: Other donors with the same e-mail address.
    same_mailbox: Sequence[Donor]
    timeline: Sequence[TimelineEvent]


def find_donor(public_id: str) -> Donor | None:
    """The donor of a public id, if there is one."""
    return db.session.scalar(select(Donor).where(Donor.public_id == public_id))


def is_mailbox_of_donor(email: str) -> bool:
    """Whether somebody gave with this address, in lower case."""
    return db.session.scalar(select(Donor.id).where(Donor.email == email).limit(1)) is not None


def list_donors(search: str = "", *, after: str | None = None, limit: int = 50) -> Page[DonorRow]:
    """Donors, newest first; ``search`` is part of a name, however it is typed, or of an e-mail
    address, or a payment reference. Who gave without a name and an address is found by the
    reference only.
    """
    statement = select(Donor, _given()).order_by(Donor.id.desc()).limit(limit + 1)
    text = fold_text(search)
    if not text:
        statement = statement.where(is_known())
    else:
        statement = statement.where(
            or_(
                Donor.name_key.contains(name_key(search), autoescape=True),
                Donor.email.contains(text, autoescape=True),
                Donor.id.in_(_payers_of(search)),
            )
        )
    key = int_key(after)
    if key is not None:
        statement = statement.where(Donor.id < key)
    rows = [DonorRow(donor, given) for donor, given in db.session.execute(statement)]
    return page_of(rows, limit, lambda row: row.donor.id)


def is_known() -> ColumnElement[bool]:
    """That a donor has a name or an address: all others share one row (`Donor.is_unknown`)."""
    return or_(Donor.name_key != "", Donor.email.is_not(None))


def get_donor_file(public_id: str, limit: int = 100) -> DonorFile:
    """The donor with the newest ``limit`` of each kind; NotFoundError."""
    donor = find_donor(public_id)
    if donor is None:
        raise NotFoundError
    pledges = list_donor_pledges(donor.id, limit)
    payments = list_donor_payments(donor.id, limit)
    given = db.session.scalars(select(_given()).where(Donor.id == donor.id)).one()
    events = [
        *(TimelineEvent(p.created_at, TimelineKind.PLEDGE, p) for p in pledges),
        *(TimelineEvent(p.recorded_at, TimelineKind.PAYMENT, p) for p in payments),
        *(TimelineEvent(r.issued_at, TimelineKind.RECEIPT, r) for r in _receipts(donor, limit)),
        *(TimelineEvent(m.queued_at, TimelineKind.MESSAGE, m) for m in _messages(donor, limit)),
    ]
    events.sort(key=lambda event: (event.at, event.row.id), reverse=True)
    account = db.session.get(User, donor.user_id) if donor.user_id is not None else None
    others = _same_mailbox(donor, limit)
    return DonorFile(donor, pledges, payments, given, account, others, events[:limit])


def _same_mailbox(donor: Donor, limit: int) -> list[Donor]:
    if donor.email is None:
        return []
    others = select(Donor).where(Donor.email == donor.email, Donor.id != donor.id)
    return list(db.session.scalars(others.order_by(Donor.id).limit(limit)))


def _given() -> ScalarSelect[int]:
    # PostgreSQL adds bigints up to a numeric; money stays an integer.
    total = cast(func.coalesce(func.sum(Payment.amount_satang), 0), BigInt)
    counts = (Payment.donor_id == Donor.id, Payment.status == PaymentStatus.RECEIVED)
    return select(total).where(*counts).correlate(Donor).scalar_subquery()


def _payers_of(text: str) -> Select[int]:
    """The donor of the pledge whose instalment has the reference ``text``."""
    reference = normalise_reference(text)
    searched = reference if is_reference(reference) else ""
    return (
        select(Pledge.donor_id)
        .join(Instalment, Instalment.pledge_id == Pledge.id)
        .where(Instalment.reference == searched)
    )


def _receipts(donor: Donor, limit: int) -> list[Receipt]:
    statement = (
        select(Receipt)
        .join(Receipt.payment)
        .where(Payment.donor_id == donor.id)
        .order_by(Receipt.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def _messages(donor: Donor, limit: int) -> list[MailMessage]:
    statement = (
        select(MailMessage)
        .where(MailMessage.recipient_type == "donor", MailMessage.recipient_ref == donor.public_id)
        .order_by(MailMessage.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))
