"""Gifts of older books, imported in batches when a fund begins to use this program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import Base, connection_of_work, db
from fundapp.db.many_rows import write_rows
from fundapp.giving import policy, schedule
from fundapp.giving.donor_names import name_key
from fundapp.giving.drafts import OlderGift, OlderPledge
from fundapp.giving.models import (
    Allocation,
    Designation,
    Donor,
    DonorKind,
    EDonationEntry,
    Instalment,
    Payment,
    PaymentStatus,
    Pledge,
    PledgeStatus,
    Receipt,
    ReceiptContent,
)
from fundapp.giving.older_gifts import check_numbers, check_rows, gift_key, new_rows
from fundapp.giving.operations.donors import register_donor
from fundapp.giving.operations.payments import MEMOS
from fundapp.giving.queries.older_gifts import imported_gifts, list_open_months
from fundapp.giving.receipts.content import Payer, ReceiptFacts
from fundapp.giving.receipts.freezing import contents_of, e_donations_of
from fundapp.giving.receipts.operations import ReceiptNumber, take_numbers
from fundapp.giving.references import new_reference
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, Fund
from fundapp.ledger.operations import post_entries
from fundapp.trail.models import AuditEvent

#: How many donors are looked up in one statement.
_IDS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class _GiftRows:
    """A gift with what its rows refer to."""

    pledge: OlderPledge
    gift: OlderGift
    fund: Fund
    donor: Donor
    pledge_id: int
    instalment_id: int
    payment_id: int
    public_id: str


def import_older_gifts(pledges: Sequence[OlderPledge], *, actor: Actor) -> int:
    """Write pledges of older books with the gifts that paid them; how many gifts were new.

    Each gift becomes the payment of one instalment, is posted on the day it was received, and gets
    a receipt of today; nobody is thanked by e-mail. A pledge that was imported before with the same
    gifts is left as it is, also when some were reversed since. All or nothing, in the caller's unit
    of work; a batch is held in memory, so give a few thousand gifts at a time.

    Errors name the row of the batch, counted from 1, and the gift's number. Raises ForbiddenError,
    FundClosedToGiftsError, ScheduleError, IncomingPaymentError, PeriodClosedError, and
    PaymentKnownError for a number that comes twice or was imported with other details.
    """
    require(policy.may_import_older_gifts(actor))
    check_numbers(pledges)
    rows = new_rows(pledges, imported_gifts(pledges))
    funds = {fund.code: fund for fund in db.session.scalars(select(Fund))}
    check_rows(rows, fund_codes=funds, open_months=list_open_months(), today=clock.today())
    if not rows:
        return 0
    new = [pledge for _row, pledge in rows]
    gifts = _write_pledges(new, _donors(new, actor), funds)
    _write_payments(gifts, actor)
    return len(gifts)


def _donors(pledges: Sequence[OlderPledge], actor: Actor) -> list[Donor]:
    """The donor of each pledge, registered unless known."""
    found: dict[tuple[str, str, DonorKind], Donor] = {}
    donors = []
    known = _known(pledges)
    # Those of the batch are found in `found`, so that all are written at once.
    with db.session.no_autoflush:
        for pledge in pledges:
            if pledge.donor_id is not None:
                donors.append(known[pledge.donor_id])
                continue
            name, address = pledge.donor_name, (pledge.donor_email or "").strip().lower()
            kind = pledge.donor_kind if name else DonorKind.UNKNOWN
            key = (address, name_key(name), kind)
            donor = found.get(key) or register_donor(name, kind=kind, email=address, actor=actor)
            if address or not name:
                found[key] = donor
            donors.append(donor)
    db.session.flush()
    return donors


def _known(pledges: Sequence[OlderPledge]) -> dict[int, Donor]:
    """The donors that are named by their ids."""
    ids = sorted({pledge.donor_id for pledge in pledges if pledge.donor_id is not None})
    pieces = (ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE))
    found = (db.session.scalars(select(Donor).where(Donor.id.in_(some))) for some in pieces)
    return {donor.id: donor for donors in found for donor in donors}


def _write_pledges(
    pledges: Sequence[OlderPledge], donors: Sequence[Donor], funds: Mapping[str, Fund]
) -> list[_GiftRows]:
    """Write the pledges and their instalments; the gifts that are to be written with them."""
    pledge_rows, instalment_rows, gifts = [], [], []
    for pledge, donor in zip(pledges, donors, strict=True):
        pledge_id, fund = new_id(), funds[pledge.fund_code]
        pledge_rows.append({"id": pledge_id, **_pledge_row(pledge, donor)})
        due_on = schedule.due_dates(pledge.frequency, pledge.starts_on, len(pledge.gifts))
        for number, (gift, day) in enumerate(zip(pledge.gifts, due_on, strict=True), start=1):
            instalment_id = new_id()
            instalment = {
                "id": instalment_id,
                "pledge_id": pledge_id,
                "number": number,
                "reference": new_reference(),
                "due_on": day,
                "amount_satang": gift.amount_satang,
                "paid_satang": gift.amount_satang,
            }
            instalment_rows.append(instalment)
            ids = (pledge_id, instalment_id, new_id())
            gifts.append(_GiftRows(pledge, gift, fund, donor, *ids, new_public_id()))
    _write(Pledge, pledge_rows)
    _write(Instalment, instalment_rows)
    return gifts


def _write_payments(gifts: Sequence[_GiftRows], actor: Actor) -> None:
    """Post the gifts; write their payments, the trail, and their receipts."""
    numbers = take_numbers(clock.today(), len(gifts), actor=actor)
    drafts = [
        _entry_draft(gift, number, actor) for gift, number in zip(gifts, numbers, strict=True)
    ]
    entries = post_entries(drafts, actor=actor)
    payments = [
        _payment_row(gift, entry.id, actor) for gift, entry in zip(gifts, entries, strict=True)
    ]
    _write(Payment, payments)
    allocations = [{**_part(gift), "instalment_id": gift.instalment_id} for gift in gifts]
    _write(Allocation, allocations)
    _write(Designation, [{**_part(gift), "fund_code": gift.fund.code} for gift in gifts])
    _write(AuditEvent, [_event_row(gift, actor) for gift in gifts])
    # In the order of their numbers: each receipt moves the counter on to its own.
    receipts = [_receipt_row(gift, number) for gift, number in zip(gifts, numbers, strict=True)]
    _write(Receipt, receipts)
    issued = [
        (row["id"], gift.fund, _facts(row, number, entry.id))
        for gift, row, number, entry in zip(gifts, receipts, numbers, entries, strict=True)
    ]
    _write(ReceiptContent, contents_of(issued))
    _write(EDonationEntry, e_donations_of(issued, marked_by=actor.ref))


def _write(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    write_rows(connection_of_work(), Base.metadata.tables[model.__tablename__], rows)


def _pledge_row(pledge: OlderPledge, donor: Donor) -> dict[str, Any]:
    return {
        "token": new_public_id(),
        "donor_id": donor.id,
        "fund_code": pledge.fund_code,
        "amount_satang": pledge.amount_satang,
        "frequency": pledge.frequency,
        "instalment_count": len(pledge.gifts),
        "starts_on": pledge.starts_on,
        "method": pledge.method,
        "donor_name": pledge.donor_name,
        "is_anonymous": pledge.hides_donor,
        "locale": donor.locale,
        "status": PledgeStatus.COMPLETED,
        # The keys of pledges come from visitors' forms: one that can be guessed would show a
        # visitor this pledge.
        "idempotency_key": None,
        "created_at": clock.now(),
        # The fund's own books say whose it is.
        "confirmed_at": clock.now(),
    }


def _entry_draft(gift: _GiftRows, number: ReceiptNumber, actor: Actor) -> EntryDraft:
    asset = policy.asset_accounts(gift.fund, gift.pledge.method)[0]
    income = policy.income_account(gift.fund, gift.donor)
    return EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=gift.gift.received_on,
        memo=MEMOS[gift.pledge.method],
        postings=[PostingDraft(gift.fund.code, asset, income, gift.gift.amount_satang)],
        source_type="payment",
        source_ref=gift.public_id,
        maker=actor.ref,
        idempotency_key=gift_key(gift.gift),
        receipt=number.label,
    )


def _payment_row(gift: _GiftRows, entry_id: int, actor: Actor) -> dict[str, Any]:
    return {
        "id": gift.payment_id,
        "public_id": gift.public_id,
        "donor_id": gift.donor.id,
        "pledge_id": gift.pledge_id,
        "method": gift.pledge.method,
        "amount_satang": gift.gift.amount_satang,
        "received_on": gift.gift.received_on,
        "is_anonymous": gift.pledge.hides_donor,
        "external_ref": gift_key(gift.gift),
        "status": PaymentStatus.RECEIVED,
        "journal_entry_id": entry_id,
        "recorded_by": actor.ref,
        "recorded_at": clock.now(),
    }


def _part(gift: _GiftRows) -> dict[str, Any]:
    """What its allocation and its designation have in common: each takes the whole payment."""
    return {"payment_id": gift.payment_id, "amount_satang": gift.gift.amount_satang}


def _event_row(gift: _GiftRows, actor: Actor) -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": clock.now(),
        "actor": actor.ref,
        "action": "giving:payment:receive",
        "subject_type": "payment",
        "subject_ref": gift.public_id,
        "note": "",
    }


def _receipt_row(gift: _GiftRows, number: ReceiptNumber) -> dict[str, Any]:
    return {
        "id": new_id(),
        "code": new_public_id(),
        "fiscal_year": number.fiscal_year,
        "number": number.number,
        "payment_id": gift.payment_id,
        "issued_on": number.issued_on,
        "issued_at": clock.now(),
        "donor_name": "" if gift.pledge.hides_donor else gift.pledge.donor_name,
        "fund_code": gift.fund.code,
        "method": gift.pledge.method,
        "amount_satang": gift.gift.amount_satang,
        "received_on": gift.gift.received_on,
        "tax_wording_number": gift.fund.tax_wording_number,
        "void_reason": "",
    }


def _facts(row: dict[str, Any], number: ReceiptNumber, entry_id: int) -> ReceiptFacts:
    """What the receipt is about; older books know neither addresses nor tax numbers."""
    return ReceiptFacts(
        code=row["code"],
        label=number.label,
        issued_on=number.issued_on,
        received_on=row["received_on"],
        method=row["method"],
        amount_satang=row["amount_satang"],
        entry_id=entry_id,
        payer=Payer(row["donor_name"]),
    )
