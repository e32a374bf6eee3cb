"""What a donor sees as own: pledges, and gifts with their receipts."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import lazyload, selectinload

from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.giving.models import Donor, DonorMerge, Payment, PaymentStatus, Pledge, Receipt
from fundapp.giving.queries.donors import is_merged
from fundapp.identity.queries import find_proved_mailbox
from fundapp.paging import Page, int_key, page_of

_MOST_PLEDGES = 100
_MOST_RECEIPTS = 200
#: Pledges and gifts of one's own on a page.
_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class OwnGift:
    """A gift of one's own with its receipts, the newest first: one that was replaced is void."""

    payment: Payment
    receipts: list[Receipt]

    @property
    def counts(self) -> bool:
        """Whether it was neither taken back nor given back."""
        return self.payment.status is PaymentStatus.RECEIVED


@dataclass(frozen=True, slots=True)
class OwnGiving:
    """The confirmed pledges of the donors of one account, and their gifts, a page of each;
    ``entries`` are the journal entries of the newest gifts that count.
    """

    pledges: Page[Pledge]
    gifts: Page[OwnGift]
    entries: list[int]


def find_own_giving(
    viewer: Actor, *, pledges_after: str | None = None, gifts_after: str | None = None
) -> OwnGiving | None:
    """What ``viewer`` sees as own; None when no donor is connected with the account.

    Anybody may type anybody's e-mail address, so an unconfirmed pledge and its receipts are left
    out. A gift that an officer recorded for the donor is the donor's.
    """
    own = own_donors(viewer)
    if not own:
        return None
    pledges = (
        select(Pledge)
        .where(Pledge.donor_id.in_(own), Pledge.confirmed_at.is_not(None))
        .order_by(Pledge.id.desc())
        .limit(_ON_A_PAGE + 1)
        .options(selectinload(Pledge.shares))
    )
    key = int_key(pledges_after)
    if key is not None:
        pledges = pledges.where(Pledge.id < key)
    entries = (
        select(Payment.journal_entry_id)
        .join(Receipt, Receipt.payment_id == Payment.id)
        .outerjoin(Payment.pledge)
        .where(*_is_own(own), Receipt.voided_at.is_(None))
        .order_by(Receipt.id.desc())
        .limit(_MOST_RECEIPTS)
    )
    return OwnGiving(
        page_of(list(db.session.scalars(pledges)), _ON_A_PAGE, lambda row: row.id),
        _own_gifts(own, int_key(gifts_after)),
        list(db.session.scalars(entries)),
    )


def _own_gifts(own: list[int], key: int | None) -> Page[OwnGift]:
    """A page of the gifts, the newest first; each with all of its receipts."""
    payments = (
        select(Payment)
        .outerjoin(Payment.pledge)
        .where(*_is_own(own))
        .order_by(Payment.id.desc())
        .limit(_ON_A_PAGE + 1)
        .options(lazyload(Payment.allocations))
    )
    if key is not None:
        payments = payments.where(Payment.id < key)
    page = page_of(list(db.session.scalars(payments)), _ON_A_PAGE, lambda row: row.id)
    ids = [payment.id for payment in page.rows]
    by_payment: dict[int, list[Receipt]] = {}
    receipts = select(Receipt).where(Receipt.payment_id.in_(ids)).options(lazyload("*"))
    for receipt in db.session.scalars(receipts.order_by(Receipt.id.desc())):
        by_payment.setdefault(receipt.payment_id, []).append(receipt)
    gifts = [OwnGift(payment, by_payment.get(payment.id, [])) for payment in page.rows]
    return Page(gifts, page.next_key)


def _is_own(own: list[int]) -> tuple[ColumnElement[bool], ...]:
    """That a payment is one's own; the statement joins its pledge, if it has one."""
    return (
        Payment.donor_id.in_(own),
        or_(
            Pledge.id.is_(None),
            Pledge.donor_id != Payment.donor_id,
            Pledge.confirmed_at.is_not(None),
        ),
    )


def own_donors(viewer: Actor) -> list[int]:
    """The ids of the donors of the account, and of those that were merged into them."""
    connected = db.session.scalars(select(Donor.id).where(Donor.user_id == viewer.user_id)).all()
    merged = select(DonorMerge.donor_id).where(DonorMerge.into_id.in_(connected))
    return [*connected, *(db.session.scalars(merged) if connected else ())]


def list_own_donors(viewer: Actor) -> list[Donor]:
    """The donors of the account; those that were merged into them get no messages of their own."""
    own = select(Donor).where(Donor.user_id == viewer.user_id, ~is_merged())
    return list(db.session.scalars(own.order_by(Donor.id)))


def list_pledges_to_claim(viewer: Actor) -> list[Pledge]:
    """The pledges that were made with the mailbox of ``viewer`` and are in no account yet; none
    unless ``viewer`` has signed in by a link in that mailbox.
    """
    mailbox = find_proved_mailbox(viewer)
    if mailbox is None:
        return []
    statement = (
        select(Pledge)
        .join(Pledge.donor)
        .where(
            Donor.email == mailbox,
            or_(Donor.user_id.is_(None), Donor.user_id == viewer.user_id),
            Pledge.confirmed_at.is_(None),
        )
        .order_by(Pledge.created_at.desc(), Pledge.id)
        .limit(_MOST_PLEDGES)
    )
    return list(db.session.scalars(statement))
