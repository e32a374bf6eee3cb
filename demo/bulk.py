"""Larger demos: older books, taken over in batches on the eve of the first bank statement.

Entries are posted by the ledger's own batch operation, so every trigger holds for them; rows of
givers are written as the operations would have written them, and every named check looks at them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from demo import funds
from demo.older_books import (
    BATCH,
    INSTALMENTS,
    Bulk,
    OldEntry,
    OldPledge,
    old_entries,
    old_pledges,
)
from demo.years import noon
from fundapp import clock
from fundapp.access.actors import COMMAND_LINE
from fundapp.db import Base, db, unit_of_work
from fundapp.giving.models import (
    Allocation,
    Designation,
    Donor,
    DonorKind,
    Frequency,
    Instalment,
    Method,
    Payment,
    PaymentStatus,
    Pledge,
    PledgeStatus,
    Receipt,
)
from fundapp.giving.operations import ReceiptNumber, take_number
from fundapp.giving.operations.payments import MEMOS
from fundapp.giving.references import new_reference
from fundapp.giving.schedule import add_months
from fundapp.ids import new_id, new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import close_period, fold_balances, post_entries
from fundapp.trail.models import AuditEvent

#: A receipt goes in as soon as its number is counted: the table refuses any other.
_RECEIPT = insert(Base.metadata.tables["receipts"])


def write_bulk(bulk: Bulk, progress: Callable[[int], None]) -> None:
    """Take everything over, a batch at a time; ``progress`` is told how many entries each had."""
    with clock.at(noon(bulk.span.statements_from - timedelta(days=1))):
        for pledges in _batches(old_pledges(bulk.span, bulk.payments), BATCH // INSTALMENTS):
            unit_of_work(_take_over_pledges, pledges)
            progress(len(pledges) * INSTALMENTS)
        for entries in _batches(old_entries(bulk.span, bulk.plain_entries), BATCH):
            unit_of_work(post_entries, [_plain_draft(one) for one in entries], actor=COMMAND_LINE)
            progress(len(entries))
        unit_of_work(fold_balances, actor=COMMAND_LINE)


def close_months(months: list[date]) -> None:
    """Close the months of the story, now that the older books are in."""
    for month in months:
        close_period(month, actor=COMMAND_LINE)


def _batches(things: Iterator[Any], size: int) -> Iterator[list[Any]]:
    batch = []
    for thing in things:
        batch.append(thing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _take_over_pledges(pledges: list[OldPledge]) -> None:
    """Write the pledges with their donors, payments, receipts and entries."""
    rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
    gifts = [gift for pledge in pledges for gift in _pledge_rows(pledge, rows)]
    # The first number locks the counter, so the ones that follow are known before they are taken.
    first = take_number(clock.today(), actor=COMMAND_LINE)
    drafts = []
    for place, (pledge, instalment) in enumerate(gifts):
        number = replace(first, number=first.number + place)
        payment = _payment_rows(pledge, instalment, number, rows)
        drafts.append(_gift_draft(pledge, payment, number))
    for payment, posted in zip(
        rows[Payment], post_entries(drafts, actor=COMMAND_LINE), strict=True
    ):
        payment["journal_entry_id"] = posted.id
    # Parents before children: the order of this tuple.
    for table in (Donor, Pledge, Instalment, Payment, Allocation, Designation, AuditEvent):
        db.session.execute(insert(table), rows[table])
    for place, receipt in enumerate(rows[Receipt]):
        if place:
            take_number(first.issued_on, actor=COMMAND_LINE)
        db.session.execute(_RECEIPT, receipt)


def _pledge_rows(
    pledge: OldPledge, rows: dict[type[Base], list[dict[str, Any]]]
) -> list[tuple[OldPledge, dict[str, Any]]]:
    """The rows of a pledge, collected; gives back its instalments with it."""
    now, donor_id, pledge_id = clock.now(), new_id(), new_id()
    rows[Donor].append(
        {
            "id": donor_id,
            "public_id": new_public_id(),
            "kind": DonorKind.INDIVIDUAL,
            "name": pledge.donor_name,
            "email": f"giver-{pledge.number:06d}@example.org",
            "phone": None,
            "user_id": None,
            "locale": "th",
            "created_at": now,
        }
    )
    rows[Pledge].append(
        {
            "id": pledge_id,
            "token": new_public_id(),
            "donor_id": donor_id,
            "fund_code": pledge.fund,
            "amount_satang": pledge.satang * INSTALMENTS,
            "frequency": Frequency.MONTHLY,
            "instalment_count": INSTALMENTS,
            "starts_on": pledge.starts_on,
            "method": Method.TRANSFER,
            "donor_name": pledge.donor_name,
            "is_anonymous": False,
            "locale": "th",
            "status": PledgeStatus.COMPLETED,
            "idempotency_key": None,
            "created_at": now,
        }
    )
    instalments = [
        {
            "id": new_id(),
            "pledge_id": pledge_id,
            "number": number + 1,
            "reference": new_reference(),
            "due_on": add_months(pledge.starts_on, number),
            "amount_satang": pledge.satang,
            "paid_satang": pledge.satang,
        }
        for number in range(INSTALMENTS)
    ]
    rows[Instalment].extend(instalments)
    return [(pledge, {**instalment, "donor_id": donor_id}) for instalment in instalments]


def _payment_rows(
    pledge: OldPledge,
    instalment: dict[str, Any],
    number: ReceiptNumber,
    rows: dict[type[Base], list[dict[str, Any]]],
) -> dict[str, Any]:
    now, payment_id, public_id = clock.now(), new_id(), new_public_id()
    satang, received_on = pledge.satang, instalment["due_on"]
    payment = {
        "id": payment_id,
        "public_id": public_id,
        "donor_id": instalment["donor_id"],
        "pledge_id": instalment["pledge_id"],
        "method": Method.TRANSFER,
        "amount_satang": satang,
        "received_on": received_on,
        "is_anonymous": False,
        "external_ref": None,
        "note": "",
        "status": PaymentStatus.RECEIVED,
        "reversal_entry_id": None,
        "recorded_by": COMMAND_LINE.ref,
        "recorded_at": now,
    }
    part = {"payment_id": payment_id, "amount_satang": satang}
    rows[Payment].append(payment)
    rows[Allocation].append({**part, "instalment_id": instalment["id"]})
    rows[Designation].append({**part, "fund_code": pledge.fund})
    rows[Receipt].append(
        {
            "id": new_id(),
            "code": new_public_id(),
            "fiscal_year": number.fiscal_year,
            "number": number.number,
            "payment_id": payment_id,
            "issued_on": number.issued_on,
            "issued_at": now,
            "donor_name": pledge.donor_name,
            "fund_code": pledge.fund,
            "method": Method.TRANSFER,
            "amount_satang": satang,
            "received_on": received_on,
            "voided_at": None,
            "void_reason": "",
        }
    )
    rows[AuditEvent].append(
        {
            "id": new_id(),
            "at": now,
            "actor": COMMAND_LINE.ref,
            "action": "giving:payment:receive",
            "subject_type": "payment",
            "subject_ref": public_id,
            "note": "",
        }
    )
    return payment


def _gift_draft(pledge: OldPledge, payment: dict[str, Any], number: ReceiptNumber) -> EntryDraft:
    is_zakat = pledge.fund == funds.ZAKAT
    income = chart.ZAKAT_RECEIVED if is_zakat else chart.DONATIONS_INDIVIDUALS
    bank = funds.bank_of(pledge.fund).account_code
    return EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=payment["received_on"],
        memo=MEMOS[Method.TRANSFER],
        postings=[PostingDraft(pledge.fund, bank, income, pledge.satang)],
        source_type="payment",
        source_ref=payment["public_id"],
        maker=COMMAND_LINE.ref,
        idempotency_key=f"payment:{payment['public_id']}",
        receipt=number.label,
    )


def _plain_draft(entry: OldEntry) -> EntryDraft:
    bank = funds.bank_of(entry.fund).account_code
    income = chart.ZAKAT_RECEIVED if entry.fund == funds.ZAKAT else chart.DONATIONS_INDIVIDUALS
    debit, credit = {
        EntryKind.DONATION: (bank, income),
        EntryKind.ASSISTANCE_APPROVED: (chart.ASSISTANCE_EDUCATION, chart.ASSISTANCE_PAYABLE),
        EntryKind.ASSISTANCE_PAID: (chart.ASSISTANCE_PAYABLE, bank),
    }[entry.kind]
    return EntryDraft(
        kind=entry.kind,
        entry_on=entry.entry_on,
        memo="Taken over from older books",
        postings=[PostingDraft(entry.fund, debit, credit, entry.satang)],
        source_type="older_books",
        source_ref=f"older-{entry.number}",
        maker=COMMAND_LINE.ref,
        checker="" if entry.kind is EntryKind.DONATION else f"{COMMAND_LINE.ref}-second",
        idempotency_key=f"demo:older:{entry.number}",
    )
