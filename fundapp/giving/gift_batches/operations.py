"""Batches are begun with what is expected, filled, and posted as a whole or cancelled."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import db, lock
from fundapp.errors import FormUsedError, NotFoundError, require_readable_name
from fundapp.giving.donor_names import require_named
from fundapp.giving.drafts import IncomingPayment
from fundapp.giving.gift_batches.drafts import BatchDraft, Giver, RowDraft
from fundapp.giving.gift_batches.errors import (
    BatchDiffersError,
    BatchDoneError,
    BatchError,
    BatchFullError,
)
from fundapp.giving.gift_batches.policy import may_keep_batches
from fundapp.giving.gift_batches.reader import draft_of, form_of, giver_of
from fundapp.giving.gift_batches.steps import donors_of
from fundapp.giving.models import BatchStatus, Donor, GiftBatch, GiftBatchRow, Payment
from fundapp.giving.operations import receive_payments
from fundapp.giving.policy import asset_accounts
from fundapp.giving.queries import find_instalment
from fundapp.ids import new_id
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.trail.operations import record_event

MOST_ROWS = 500


def begin_batch(draft: BatchDraft, *, key: str, actor: Actor) -> GiftBatch:
    """Begin a batch with the number of gifts and the sum that are expected; both stay. The same
    form (``key``) twice is one batch.

    Raises ForbiddenError, NotFoundError, FormUsedError, BatchError and OtherAccountError.
    """
    require(may_keep_batches(actor))
    said = asdict(draft)
    known = db.session.scalar(select(GiftBatch).where(GiftBatch.idempotency_key == key))
    if known is not None:
        if {name: getattr(known, name) for name in said} != said:
            raise FormUsedError
        return known
    _check(draft)
    batch = GiftBatch(
        **said,
        status=BatchStatus.OPEN,
        made_by=actor.ref,
        made_at=clock.now(),
        idempotency_key=key,
    )
    db.session.add(batch)
    db.session.flush()
    _record("begin", batch, actor)
    db.session.flush()
    return batch


def add_rows(public_id: str, rows: Sequence[RowDraft], *, key: str = "", actor: Actor) -> GiftBatch:
    """Add gifts to an open batch, all of them or none; those of the same form (``key``) once.

    Raises ForbiddenError, NotFoundError for a batch or donor, BatchDoneError, FormUsedError,
    BatchFullError, BatchError for a reference that no pledge carries, IncomingPaymentError for one
    whose pledge is by somebody else than the row names, and UnreadableNameError.
    """
    require(may_keep_batches(actor))
    batch = _lock_open(public_id)
    known = [row for row in batch.rows if key and form_of(row) == key]
    if known:
        if [draft_of(row) for row in known] != list(rows):
            raise FormUsedError
        return batch
    if len(batch.rows) + len(rows) > MOST_ROWS:
        raise BatchFullError(params={"most": MOST_ROWS})
    last = max((row.position for row in batch.rows), default=0)
    for position, draft in enumerate(rows, start=last + 1):
        _check_row(draft)
        batch.rows.append(_row(position, draft, key))
    db.session.flush()
    return batch


def _row(position: int, draft: RowDraft, key: str) -> GiftBatchRow:
    row_id, giver = new_id(), asdict(draft.giver) | {"form": key}
    giver.pop("amount_satang")
    text = json.dumps(giver, ensure_ascii=False)
    return GiftBatchRow(
        id=row_id,
        position=position,
        amount_satang=draft.giver.amount_satang,
        donor_id=draft.donor_id,
        reference=draft.reference or None,
        giver_encrypted=encrypt(GiftBatchRow, "giver_encrypted", row_id, text),
    )


def take_row_out(public_id: str, position: int, *, actor: Actor) -> GiftBatch:
    """Take a row out of an open batch; one that is gone already stays gone. Raises ForbiddenError,
    NotFoundError and BatchDoneError.
    """
    require(may_keep_batches(actor))
    batch = _lock_open(public_id)
    for row in batch.rows:
        if row.position == position:
            db.session.delete(row)
    db.session.flush()
    db.session.refresh(batch)
    return batch


def post_batch(public_id: str, *, actor: Actor) -> list[Payment]:
    """Post every gift of a batch, each with a receipt, or none: only when they are as many and come
    to as much as was expected, and once.

    Raises ForbiddenError, NotFoundError, BatchDoneError, BatchDiffersError, and what
    `receive_payments` raises.
    """
    require(may_keep_batches(actor))
    batch = _lock_open(public_id)
    if not batch.agrees:
        raise BatchDiffersError(
            params={
                "expected_count": batch.expected_count,
                "expected": format_baht(batch.expected_satang),
                "count": len(batch.rows),
                "sum": format_baht(batch.total_satang),
            }
        )
    rows = sorted(batch.rows, key=lambda row: row.position)
    givers = [giver_of(row) for row in rows]
    is_known = [bool(row.donor_id or row.reference) for row in rows]
    nobody = Giver(0)
    to_find = [nobody if known else giver for known, giver in zip(is_known, givers, strict=True)]
    donors = donors_of(to_find, actor=actor)
    incomings = [
        _incoming(batch, row, giver, donor)
        for row, giver, donor in zip(rows, givers, donors, strict=True)
    ]
    payments = receive_payments(incomings, actor=actor)
    for row, payment in zip(rows, payments, strict=True):
        row.payment_id, row.giver_encrypted = payment.id, None
    db.session.flush()
    batch.status, batch.posted_at = BatchStatus.POSTED, clock.now()
    _record("post", batch, actor)
    db.session.flush()
    return payments


def cancel_batch(public_id: str, *, actor: Actor) -> GiftBatch:
    """Give an open batch up: nothing of it is posted, and who was to give is erased.

    Raises ForbiddenError, NotFoundError and BatchDoneError.
    """
    require(may_keep_batches(actor))
    batch = _lock_open(public_id)
    for row in batch.rows:
        db.session.delete(row)
    db.session.flush()
    batch.status = BatchStatus.CANCELLED
    _record("cancel", batch, actor)
    db.session.flush()
    return batch


def _lock_open(public_id: str) -> GiftBatch:
    batch = lock(
        select(GiftBatch).where(GiftBatch.public_id == public_id).options(lazyload(GiftBatch.fund))
    )
    if batch is None:
        raise NotFoundError
    if batch.status is not BatchStatus.OPEN:
        raise BatchDoneError
    return batch


def _check(draft: BatchDraft) -> None:
    if draft.received_on > clock.today():
        raise BatchError(field="received_on")
    if not 1 <= draft.expected_count <= MOST_ROWS:
        raise BatchFullError(field="expected_count", params={"most": MOST_ROWS})
    if draft.expected_satang <= 0:
        raise BatchError(N_("The amount must be more than zero."), field="expected")
    fund = db.session.get(Fund, draft.fund_code)
    if fund is None:
        raise NotFoundError
    if draft.account_code not in asset_accounts(fund, draft.method):
        raise OtherAccountError(field="account")
    sender = draft.sender_id
    if sender is not None and db.session.get(Donor, sender) is None:
        raise NotFoundError


def _check_row(draft: RowDraft) -> None:
    if draft.giver.amount_satang <= 0:
        raise BatchError(N_("The amount must be more than zero."), field="amount")
    require_readable_name(draft.giver.name, field="name")
    if draft.donor_id is not None:
        known = select(func.count()).where(Donor.id == draft.donor_id)
        if not db.session.scalar(known):
            raise NotFoundError
    if draft.reference:
        _check_reference(draft)


def _check_reference(draft: RowDraft) -> None:
    """The pledge says who gives: what the row says of the giver must not be another's, or lost."""
    instalment = find_instalment(draft.reference)
    if instalment is None:
        raise BatchError(
            N_("No pledge carries this reference. Check it, or leave it empty."), field="reference"
        )
    giver, pledge = draft.giver, instalment.pledge
    require_named(giver.name, pledge.donor_name or pledge.donor.name, field="name")
    for field, typed in (("email", giver.email), ("tax_id", giver.tax_id)):
        if typed:
            raise BatchError(
                N_("The pledge of this reference says who gives. Leave this empty."), field=field
            )


def _incoming(
    batch: GiftBatch, row: GiftBatchRow, giver: Giver, donor: Donor | None
) -> IncomingPayment:
    """The gift of a row; of nobody known where it names nobody."""
    donor_id = row.donor_id or (donor.id if donor else None)
    return IncomingPayment(
        amount_satang=row.amount_satang,
        received_on=batch.received_on,
        method=batch.method,
        asset_account_code=batch.account_code,
        donor_id=donor_id,
        instalment_reference=row.reference,
        fund_code=None if row.reference else batch.fund_code,
        is_anonymous=not (donor_id or row.reference),
        external_ref=f"batch:{batch.public_id}:{row.position}",
    )


def _record(verb: str, batch: GiftBatch, actor: Actor) -> None:
    record_event(
        f"giving:gift-batch:{verb}",
        actor=actor,
        subject_type="gift_batch",
        subject_ref=batch.public_id,
    )
