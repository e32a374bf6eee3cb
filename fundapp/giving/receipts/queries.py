"""Reading receipts."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from fundapp.access.actors import Actor
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.giving.models import (
    EDonationEntry,
    EDonationState,
    Payment,
    Receipt,
    ReceiptCounter,
    ReceiptPdf,
)
from fundapp.labels import LabelledEnum
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry, TaxWording
from fundapp.markers import N_
from fundapp.paging import Page, int_key, page_of

_SHOWN_HASH_BYTES = 16


@dataclass(frozen=True, slots=True)
class ReceiptDetail:
    """A receipt with its journal entry; ``booked_on`` is the day of that in the books, and
    ``reversal_number`` the entry that undid it.
    ``replaces`` and ``replaced_by`` are the neighbours in its chain.
    """

    receipt: Receipt
    entry_number: str
    booked_on: date
    tax_wording: TaxWording
    #: The beginning of the entry's leaf hash, as `short_leaf` writes it.
    leaf: str
    replaces: Receipt | None
    replaced_by: Receipt | None
    reversal_number: str | None


def find_receipt(code: str) -> Receipt | None:
    """The receipt with this code, if there is one."""
    return db.session.scalar(select(Receipt).where(Receipt.code == code))


def get_receipt(code: str) -> Receipt:
    """The receipt with this code; NotFoundError."""
    receipt = find_receipt(code)
    if receipt is None:
        raise NotFoundError
    return receipt


def get_receipt_detail(code: str) -> ReceiptDetail:
    """The receipt with this code, its journal entry and its chain; NotFoundError."""
    receipt = get_receipt(code)
    entry_id, undone_by = receipt.payment.journal_entry_id, receipt.payment.reversal_entry_id
    booked_on, leaf = db.session.execute(
        select(JournalEntry.entry_on, JournalEntry.leaf_hash).where(JournalEntry.id == entry_id)
    ).one()
    wording = db.session.get_one(TaxWording, (receipt.fund_code, receipt.tax_wording_number))
    return ReceiptDetail(
        receipt,
        entry_number(entry_id),
        booked_on,
        wording,
        short_leaf(bytes(leaf)),
        replaces=db.session.get(Receipt, receipt.replaces_id) if receipt.replaces_id else None,
        replaced_by=db.session.scalar(select(Receipt).where(Receipt.replaces_id == receipt.id)),
        reversal_number=None if undone_by is None else entry_number(undone_by),
    )


def is_owner(receipt: Receipt, viewer: Actor) -> bool:
    """Whether the receipt is shown in the account of ``viewer``: its donor is connected with it,
    and the pledge, if the donor made it, was confirmed from the mailbox.
    """
    payment = receipt.payment
    if viewer.user_id is None or payment.donor.user_id != viewer.user_id:
        return False
    pledge = payment.pledge
    return pledge is None or pledge.donor_id != payment.donor_id or pledge.confirmed_at is not None


def short_leaf(leaf_hash: bytes) -> str:
    """The first 16 bytes of a leaf hash in base 32, as receipts print them: 26 letters."""
    return base64.b32encode(leaf_hash[:_SHOWN_HASH_BYTES]).decode("ascii").rstrip("=")


def find_receipt_of(payment_id: int) -> Receipt | None:
    """The newest receipt of a payment: the valid one, unless the payment no longer counts."""
    of_payment = select(Receipt).where(Receipt.payment_id == payment_id)
    return db.session.scalar(of_payment.order_by(Receipt.id.desc()).limit(1))


def receipts_of_public(public_ids: Collection[str]) -> dict[str, Receipt]:
    """As `find_receipt_of`, of several payments by their public ids; each is read with its payment.
    A payment without a receipt is left out.
    """
    statement = (
        select(Receipt)
        .join(Receipt.payment)
        .where(Payment.public_id.in_(public_ids))
        .options(lazyload(Receipt.fund), contains_eager(Receipt.payment).lazyload("*"))
        .order_by(Receipt.id)
    )
    return {receipt.payment.public_id: receipt for receipt in db.session.scalars(statement)}


def get_valid_receipt(payment_id: int) -> Receipt:
    """The one receipt of a payment that counts which is not void."""
    statement = select(Receipt).where(Receipt.payment_id == payment_id, Receipt.voided_at.is_(None))
    return db.session.scalars(statement).one()


def list_without_pdf(after: int, limit: int) -> list[Receipt]:
    """The next receipts after id ``after`` of which no PDF was made, with their contents."""
    statement = (
        select(Receipt)
        .where(Receipt.id > after, Receipt.id.not_in(select(ReceiptPdf.receipt_id)))
        .options(lazyload(Receipt.payment), joinedload(Receipt.content))
        .order_by(Receipt.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def count_without_pdf(most: int | None = None) -> int:
    """Of how many receipts no PDF was made, counted up to ``most``."""
    missing = select(Receipt.id).where(Receipt.id.not_in(select(ReceiptPdf.receipt_id)))
    return db.session.scalars(
        select(func.count()).select_from(missing.limit(most).subquery())
    ).one()


def list_pledge_receipts(pledge_id: int) -> list[Receipt]:
    """The receipts of the payments on a pledge, newest first; void ones too."""
    statement = (
        select(Receipt)
        .join(Receipt.payment)
        .where(Payment.pledge_id == pledge_id)
        .order_by(Receipt.id.desc())
    )
    return list(db.session.scalars(statement))


class RegisterState(LabelledEnum):
    """Which receipts of a year the register shows."""

    VALID = "valid", N_("Valid"), "good"
    VOID = "void", N_("Void"), "bad"


@dataclass(frozen=True, slots=True)
class RegisterSummary:
    """The receipts of a fiscal year in short. ``last_number`` is where its counter stands;
    ``is_whole`` says that the last receipt carries it. None before it can be missing, as each takes
    the number after the one before (count_receipts.sql, the check ``giving.receipt-numbers``).
    """

    last_number: int
    void_count: int
    is_whole: bool


def list_years() -> list[int]:
    """The fiscal years with receipts (B.E.), the newest first."""
    years = select(ReceiptCounter.fiscal_year).order_by(ReceiptCounter.fiscal_year.desc())
    return list(db.session.scalars(years))


def get_summary(fiscal_year: int) -> RegisterSummary:
    """What the register says of a year above its rows; no count goes beyond `MOST_COUNTED`."""
    of_year = select(Receipt.id).where(Receipt.fiscal_year == fiscal_year)
    last = db.session.scalar(
        select(ReceiptCounter.last_number).where(ReceiptCounter.fiscal_year == fiscal_year)
    )
    highest = db.session.scalar(
        select(func.max(Receipt.number)).where(Receipt.fiscal_year == fiscal_year)
    )
    void = count_rows(of_year.where(Receipt.voided_at.is_not(None)))
    return RegisterSummary(last or 0, void, last == highest)


def list_register(
    fiscal_year: int,
    state: RegisterState | None = None,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[Receipt]:
    """The receipts of a fiscal year, the last number first, from below the number ``after``."""
    statement = (
        select(Receipt)
        .where(Receipt.fiscal_year == fiscal_year)
        .order_by(Receipt.number.desc())
        .limit(limit + 1)
    )
    if state is not None:
        is_void = Receipt.voided_at.is_not(None)
        statement = statement.where(is_void if state is RegisterState.VOID else ~is_void)
    key = int_key(after)
    if key is not None:
        statement = statement.where(Receipt.number < key)
    rows = list(db.session.scalars(statement))
    return page_of(rows, limit, lambda receipt: receipt.number)


def get_e_donation(code: str) -> EDonationEntry:
    """The gift of the receipt with this code, if it is deductible; NotFoundError."""
    statement = select(EDonationEntry).join(EDonationEntry.receipt).where(Receipt.code == code)
    entry = db.session.scalar(statement)
    if entry is None:
        raise NotFoundError
    return entry


def list_e_donations(
    state: EDonationState, *, after: str | None = None, limit: int = 50
) -> Page[EDonationEntry]:
    """The gifts in this state of e-Donation, in the order in which their receipts were issued."""
    statement = (
        select(EDonationEntry)
        .where(EDonationEntry.state == state)
        .options(joinedload(EDonationEntry.receipt).joinedload(Receipt.content))
        .order_by(EDonationEntry.receipt_id)
        .limit(limit + 1)
    )
    key = int_key(after)
    if key is not None:
        statement = statement.where(EDonationEntry.receipt_id > key)
    rows = list(db.session.scalars(statement))
    return page_of(rows, limit, lambda entry: entry.receipt_id)
