"""Reading donors: the list with its search, and everything of one donor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, cast, false, func, or_, select
from sqlalchemy.orm import aliased

from fundapp.db import BigInt, db
from fundapp.errors import NotFoundError
from fundapp.giving.donor_names import name_key
from fundapp.giving.models import (
    Donor,
    DonorMerge,
    DonorTag,
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
from fundapp.thai.phone_numbers import normalise_phone
from fundapp.thai.sounds import sounds_of
from fundapp.trail.models import AuditEvent

#: Shorter keys are those of too many names.
_SHORTEST_SOUND = 2


class TimelineKind(StrEnum):
    """The kinds of events on a donor's timeline."""

    PLEDGE = "pledge"
    PAYMENT = "payment"
    RECEIPT = "receipt"
    MESSAGE = "message"
    CHANGE = "change"


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
    row: Pledge | Payment | Receipt | MailMessage | AuditEvent


@dataclass(frozen=True, slots=True)
class DonorFile:
    """A donor with the newest pledges, payments and events."""

    donor: Donor
    pledges: Sequence[Pledge]
    payments: Sequence[Payment]
    given_satang: int
    #: The user account that the donor is connected with, if any.
    account: User | None
    #: Donors that were merged into this one, and the one that this was merged into.
    merged: Sequence[Donor]
    merged_into: Donor | None
    #: Other donors with the same e-mail address, phone or name.
    alike: Sequence[Donor]
    tags: Sequence[str]
    timeline: Sequence[TimelineEvent]


def find_donor(public_id: str) -> Donor | None:
    """The donor of a public id, if there is one."""
    return db.session.scalar(select(Donor).where(Donor.public_id == public_id))


def get_donor(public_id: str) -> Donor:
    """The donor of a public id. Raises NotFoundError."""
    donor = find_donor(public_id)
    if donor is None:
        raise NotFoundError
    return donor


def is_mailbox_of_donor(email: str) -> bool:
    """Whether somebody gave with this address, in lower case."""
    return db.session.scalar(select(Donor.id).where(Donor.email == email).limit(1)) is not None


def list_donors(
    search: str = "", *, tag: str = "", after: str | None = None, limit: int = 50
) -> Page[DonorRow]:
    """Donors, newest first; ``search`` is part of a name, however it is typed or spelled, in Thai
    or Latin script, or of an e-mail address, or a phone or payment reference. Who gave without a
    name and an address is found by the reference only. With ``tag`` only those who have it.
    """
    statement = (
        select(Donor, _given()).where(~is_merged()).order_by(Donor.id.desc()).limit(limit + 1)
    )
    text = fold_text(search)
    if not text:
        statement = statement.where(is_known())
    else:
        row = aliased(Donor)
        found = or_(
            row.name_key.contains(name_key(search), autoescape=True),
            row.email.contains(text, autoescape=True),
            row.id.in_(_payers_of(search)),
            _sounds_like(row.sound_key, search),
            row.phone == normalise_phone(search),
        )
        # What was merged is found by its own name too, and shown as what it was merged into.
        merged = select(DonorMerge.into_id).join(row, row.id == DonorMerge.donor_id).where(found)
        statement = statement.where(
            or_(Donor.id.in_(select(row.id).where(found)), Donor.id.in_(merged))
        )
    if tag:
        tagged = select(DonorTag.donor_id).where(DonorTag.tag == tag)
        statement = statement.where(Donor.id.in_(tagged))
    key = int_key(after)
    if key is not None:
        statement = statement.where(Donor.id < key)
    rows = [DonorRow(donor, given) for donor, given in db.session.execute(statement)]
    return page_of(rows, limit, lambda row: row.donor.id)


def is_known() -> ColumnElement[bool]:
    """That a donor has a name or an address: all others share one row (`Donor.is_unknown`)."""
    return or_(Donor.name_key != "", Donor.email.is_not(None))


def list_tags(limit: int = 200) -> list[str]:
    """The tags that donors have."""
    return list(
        db.session.scalars(select(DonorTag.tag).distinct().order_by(DonorTag.tag).limit(limit))
    )


def tags_of(donor_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags of each of these donors."""
    found: dict[int, list[str]] = {}
    statement = select(DonorTag).where(DonorTag.donor_id.in_(donor_ids)).order_by(DonorTag.tag)
    for row in db.session.scalars(statement):
        found.setdefault(row.donor_id, []).append(row.tag)
    return found


def get_donor_file(public_id: str, limit: int = 100) -> DonorFile:
    """The donor with the newest ``limit`` of each kind; NotFoundError."""
    donor = get_donor(public_id)
    merged = _merged_into(donor)
    ids = [donor.id, *(each.id for each in merged)]
    pledges = list_donor_pledges(ids, limit)
    payments = list_donor_payments(ids, limit)
    given = db.session.scalars(select(_given()).where(Donor.id == donor.id)).one()
    events = [
        *(TimelineEvent(p.created_at, TimelineKind.PLEDGE, p) for p in pledges),
        *(TimelineEvent(p.recorded_at, TimelineKind.PAYMENT, p) for p in payments),
        *(TimelineEvent(r.issued_at, TimelineKind.RECEIPT, r) for r in _receipts(ids, limit)),
        *(
            TimelineEvent(m.queued_at, TimelineKind.MESSAGE, m)
            for m in _messages([donor, *merged], limit)
        ),
    ]
    events += (
        TimelineEvent(e.at, TimelineKind.CHANGE, e) for e in _changes([donor, *merged], limit)
    )
    events.sort(key=lambda event: (event.at, event.row.id), reverse=True)
    account = db.session.get(User, donor.user_id) if donor.user_id is not None else None
    merge = db.session.get(DonorMerge, donor.id)
    into = db.session.get(Donor, merge.into_id) if merge is not None else None
    tags = sorted({tag for each in tags_of(ids).values() for tag in each})
    return DonorFile(
        donor=donor,
        pledges=pledges,
        payments=payments,
        given_satang=given,
        account=account,
        merged=merged,
        merged_into=into,
        alike=_alike(donor, limit),
        tags=tags,
        timeline=events[:limit],
    )


def list_merges(donor_ids: Collection[int]) -> list[DonorMerge]:
    """The merges that one of these donors is part of."""
    is_part = or_(DonorMerge.donor_id.in_(donor_ids), DonorMerge.into_id.in_(donor_ids))
    return list(db.session.scalars(select(DonorMerge).where(is_part)))


def is_merged() -> ColumnElement[bool]:
    """That the donor was merged into another."""
    return select(DonorMerge.donor_id).where(DonorMerge.donor_id == Donor.id).exists()


def _merged_into(donor: Donor) -> list[Donor]:
    statement = select(Donor).join(DonorMerge, DonorMerge.donor_id == Donor.id)
    merged = statement.where(DonorMerge.into_id == donor.id).order_by(Donor.id)
    return list(db.session.scalars(merged))


def _alike(donor: Donor, limit: int) -> list[Donor]:
    """Who may be the same donor, as far as it is not merged yet."""
    if donor.is_unknown:
        return []
    same = [Donor.name_key == donor.name_key] if donor.name_key else []
    same += [Donor.email == donor.email] if donor.email else []
    same += [Donor.phone == donor.phone] if donor.phone else []
    others = select(Donor).where(or_(*same), Donor.id != donor.id, ~is_merged())
    return list(db.session.scalars(others.order_by(Donor.id).limit(limit)))


def _sounds_like(column: Any, search: str) -> ColumnElement[bool]:
    """That every word of ``search`` sounds like one of the name."""
    keys = [key for key in sounds_of(search) if len(key) >= _SHORTEST_SOUND]
    return and_(*(column.contains(f" {key} ") for key in keys)) if keys else false()


def _given() -> ColumnElement[int]:
    """What counts of the payments of a donor, and of those that were merged into it."""
    # Two sums, each by an index: one condition with OR would read all payments.
    own = _sum_of(select(Payment.amount_satang).where(Payment.donor_id == Donor.id))
    merged = select(Payment.amount_satang).join(DonorMerge, DonorMerge.donor_id == Payment.donor_id)
    return own + _sum_of(merged.where(DonorMerge.into_id == Donor.id))


def _sum_of(amounts: Select[int]) -> ScalarSelect[int]:
    # PostgreSQL adds bigints up to a numeric; money stays an integer.
    total = cast(func.coalesce(func.sum(Payment.amount_satang), 0), BigInt)
    counted = amounts.where(Payment.status == PaymentStatus.RECEIVED)
    return counted.with_only_columns(total).correlate(Donor).scalar_subquery()


def _payers_of(text: str) -> Select[int]:
    """The donor of the pledge whose instalment has the reference ``text``."""
    reference = normalise_reference(text)
    searched = reference if is_reference(reference) else ""
    return (
        select(Pledge.donor_id)
        .join(Instalment, Instalment.pledge_id == Pledge.id)
        .where(Instalment.reference == searched)
    )


def _receipts(donor_ids: Collection[int], limit: int) -> list[Receipt]:
    statement = (
        select(Receipt)
        .join(Receipt.payment)
        .where(Payment.donor_id.in_(donor_ids))
        .order_by(Receipt.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def _changes(donors: Sequence[Donor], limit: int) -> list[AuditEvent]:
    """What the trail tells of these donors."""
    statement = (
        select(AuditEvent)
        .where(
            AuditEvent.subject_type == "donor",
            AuditEvent.subject_ref.in_([donor.public_id for donor in donors]),
        )
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def _messages(donors: Sequence[Donor], limit: int) -> list[MailMessage]:
    statement = (
        select(MailMessage)
        .where(
            MailMessage.recipient_type == "donor",
            MailMessage.recipient_ref.in_([donor.public_id for donor in donors]),
        )
        .order_by(MailMessage.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(statement))
