"""Reads of how a donor is written to."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, union_all

from fundapp import clock
from fundapp.db import count_rows, db
from fundapp.giving.models import Donor, DonorMerge, LineCode, StoredLineEvent
from fundapp.mail.models import FailingAddress, LineAccount, MailMessage
from fundapp.mail.queries import find_failing, find_line_account, messages_to
from fundapp.paging import Page, int_key, page_of


@dataclass(frozen=True, slots=True)
class Ways:
    """How a donor can be written to: the account at LINE, and what is known of the address of
    e-mail where it takes nothing.
    """

    line: LineAccount | None
    failing: FailingAddress | None


def ways_of(donor: Donor) -> Ways:
    """How a donor can be written to."""
    return Ways(find_line_account("donor", donor.public_id), find_failing(donor.email))


def has_way(donor: Donor) -> bool:
    """Whether there is any address of a donor, taking messages or not."""
    return donor.email is not None or find_line_account("donor", donor.public_id) is not None


def find_code(donor: Donor) -> LineCode | None:
    """The code of a donor that can still be sent."""
    return db.session.scalar(
        select(LineCode)
        .where(
            LineCode.donor_id == donor.id,
            LineCode.used_at.is_(None),
            LineCode.expires_at > clock.now(),
        )
        .order_by(LineCode.id.desc())
        .limit(1)
    )


def messages_of(donor: Donor, *, after: str | None = None, limit: int = 20) -> Page[MailMessage]:
    """The messages in a donor's file and in those that were merged into it, newest first."""
    merged = select(Donor.public_id).join(DonorMerge, DonorMerge.donor_id == Donor.id)
    refs = [donor.public_id, *db.session.scalars(merged.where(DonorMerge.into_id == donor.id))]
    rows = messages_to("donor", refs, after=int_key(after), limit=limit + 1)
    return page_of(rows, limit, lambda message: message.id)


def list_waiting_events(limit: int = 200) -> list[str]:
    """The ids at LINE of events of which nothing was done yet, the oldest first."""
    statement = (
        select(StoredLineEvent.event_id)
        .where(StoredLineEvent.handled_at.is_(None))
        .order_by(StoredLineEvent.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def count_unreached() -> int:
    """How many donors have a way to them that fails."""
    return count_rows(select(Donor.id).where(_has_failing_way()))


def list_unreached(*, after: str | None = None, limit: int = 50) -> Page[tuple[Donor, Ways]]:
    """Donors with a way to them that fails, newest first."""
    statement = select(Donor).where(_has_failing_way()).order_by(Donor.id.desc()).limit(limit + 1)
    key = int_key(after)
    if key is not None:
        statement = statement.where(Donor.id < key)
    donors = list(db.session.scalars(statement))
    mails = {
        row.address: row
        for row in db.session.scalars(
            select(FailingAddress).where(
                FailingAddress.address.in_([each.email for each in donors if each.email]),
                FailingAddress.cleared_at.is_(None),
            )
        )
    }
    lines = {
        row.recipient_ref: row
        for row in db.session.scalars(
            select(LineAccount).where(
                LineAccount.recipient_type == "donor",
                LineAccount.recipient_ref.in_([each.public_id for each in donors]),
                LineAccount.ended_at.is_(None),
            )
        )
    }
    rows = [(each, Ways(lines.get(each.public_id), mails.get(each.email or ""))) for each in donors]
    return page_of(rows, limit, lambda row: row[0].id)


def is_linked() -> ColumnElement[bool]:
    """That a donor has an account at LINE that takes messages."""
    return (
        select(LineAccount.id)
        .where(
            LineAccount.recipient_type == "donor",
            LineAccount.recipient_ref == Donor.public_id,
            LineAccount.ended_at.is_(None),
            LineAccount.blocked_at.is_(None),
        )
        .exists()
    )


def _has_failing_way() -> ColumnElement[bool]:
    """By the few rows of what fails, not by all donors."""
    failing = select(FailingAddress.address).where(FailingAddress.cleared_at.is_(None))
    blocked = select(LineAccount.recipient_ref).where(
        LineAccount.recipient_type == "donor",
        LineAccount.ended_at.is_(None),
        LineAccount.blocked_at.is_not(None),
    )
    # Two statements: where either may be so, PostgreSQL reads all donors.
    of_either = (
        select(Donor.id).where(Donor.email.in_(failing)),
        select(Donor.id).where(Donor.public_id.in_(blocked)),
    )
    return Donor.id.in_(union_all(*of_either))
