"""Reading batches of payouts. No name of a payee is among what is read here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from fundapp.aid_plans.queries import held_ids, held_instalments
from fundapp.db import db
from fundapp.disbursements.models import (
    AccountCheck,
    Approval,
    Decision,
    DisbursementRequest,
    PaidStop,
    PaymentRelease,
    Payout,
    PayoutMethod,
    PayoutReturn,
    RequestStatus,
)
from fundapp.disbursements.policy import accounts_to_pay_from
from fundapp.disbursements.queries.account_checks import is_newest_check
from fundapp.errors import NotFoundError
from fundapp.paging import Page, int_key, page_of
from fundapp.payouts.errors import InBatchError
from fundapp.payouts.models import (
    BatchState,
    LineState,
    PayoutBatch,
    PayoutBatchFile,
    PayoutBatchLine,
    PayoutBatchResult,
)

_PAGE_SIZE = 25
LINES_SHOWN = 100
MOST_LINES = 5_000
_OFFERED = 500


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How many lines of a batch are in each state, and how many results wait to be recorded."""

    counts: dict[LineState, int]
    untold: int
    unrecorded: int


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """A batch in the list: its state, and its payouts that were not taken out."""

    batch: PayoutBatch
    state: BatchState
    count: int
    satang: int


def get_batch(public_id: str) -> PayoutBatch:
    """The batch with its lines; NotFoundError."""
    return _one(PayoutBatch.public_id == public_id)


def get_batch_by_number(number: str) -> PayoutBatch:
    """The batch of that number, as commands are given it; NotFoundError."""
    return _one(PayoutBatch.number == number.upper())


def _one(condition: object) -> PayoutBatch:
    statement = (
        select(PayoutBatch)
        .where(condition)  # type: ignore[arg-type]
        .options(
            joinedload(PayoutBatch.bank_account),
            selectinload(PayoutBatch.lines),
            selectinload(PayoutBatch.releases),
            selectinload(PayoutBatch.files),
        )
    )
    batch = db.session.scalars(statement).unique().one_or_none()
    if batch is None:
        raise NotFoundError
    return batch


def list_batches(after: str | None = None) -> Page[BatchSummary]:
    """Batches, the newest first, by key; their lines are counted and not read."""
    statement = (
        select(PayoutBatch)
        .options(
            joinedload(PayoutBatch.bank_account),
            selectinload(PayoutBatch.releases),
            selectinload(PayoutBatch.files),
        )
        .order_by(PayoutBatch.id.desc())
        .limit(_PAGE_SIZE + 1)
    )
    key = int_key(after)
    if key is not None:
        statement = statement.where(PayoutBatch.id < key)
    batches = db.session.scalars(statement).unique().all()
    rows = _summaries(batches)
    return page_of(rows, _PAGE_SIZE, lambda row: row.batch.id)


def _summaries(batches: Sequence[PayoutBatch]) -> list[BatchSummary]:
    counted = (
        select(
            PayoutBatchLine.batch_id,
            PayoutBatchLine.state,
            func.count(),
            func.sum(PayoutBatchLine.amount_satang),
        )
        .where(PayoutBatchLine.batch_id.in_([batch.id for batch in batches]))
        .group_by(PayoutBatchLine.batch_id, PayoutBatchLine.state)
    )
    sums: dict[int, dict[LineState, tuple[int, int]]] = {}
    for batch_id, line_state, count, satang in db.session.execute(counted):
        sums.setdefault(batch_id, {})[line_state] = (count, int(satang))
    rows = []
    for batch in batches:
        by_state = sums[batch.id]
        left = {each: pair for each, pair in by_state.items() if each is not LineState.WITHDRAWN}
        counts, amounts = zip(*(left or by_state).values(), strict=True)
        progress = BatchState.of(set(by_state), len(batch.files), len(batch.releases))
        rows.append(BatchSummary(batch, progress, sum(counts), sum(amounts)))
    return rows


def list_batch_lines(batch: PayoutBatch, after: str | None = None) -> Page[PayoutBatchLine]:
    """The lines of a batch in their order, with their requests and results, by key."""
    statement = (
        select(PayoutBatchLine)
        .where(
            PayoutBatchLine.batch_id == batch.id,
            PayoutBatchLine.position > (int_key(after) or 0),
        )
        .options(joinedload(PayoutBatchLine.request), joinedload(PayoutBatchLine.result))
        .order_by(PayoutBatchLine.position)
        .limit(LINES_SHOWN + 1)
    )
    rows = db.session.scalars(statement.options(*_bare_request())).unique().all()
    return page_of(rows, LINES_SHOWN, lambda line: line.position)


def progress_of(batch: PayoutBatch) -> BatchProgress:
    """How far the results of the batch are."""
    counts = dict.fromkeys(LineState, 0)
    for line in batch.lines:
        counts[line.state] += 1
    told = (
        select(func.count())
        .select_from(PayoutBatchResult)
        .join(PayoutBatchLine, PayoutBatchLine.id == PayoutBatchResult.line_id)
        .where(PayoutBatchLine.batch_id == batch.id, PayoutBatchLine.state == LineState.WAITING)
    )
    unrecorded = db.session.scalar(told) or 0
    return BatchProgress(counts, counts[LineState.WAITING] - unrecorded, unrecorded)


def list_failed_lines() -> Sequence[PayoutBatchLine]:
    """Lines that failed or came back, and whose requests somebody still has to put right, the
    newest first.
    """
    to_do = (RequestStatus.RETURNED, RequestStatus.SUBMITTED, RequestStatus.APPROVED)
    statement = (
        select(PayoutBatchLine)
        .join(DisbursementRequest, DisbursementRequest.id == PayoutBatchLine.request_id)
        .where(
            PayoutBatchLine.state.in_((LineState.FAILED, LineState.RETURNED)),
            DisbursementRequest.status.in_(to_do),
        )
        .options(joinedload(PayoutBatchLine.request), joinedload(PayoutBatchLine.batch))
        .order_by(PayoutBatchLine.id.desc())
        .limit(LINES_SHOWN)
    )
    return db.session.scalars(statement.options(*_bare_request())).unique().all()


def list_stopped_paid() -> Sequence[DisbursementRequest]:
    """Requests that the bank paid although something had stopped them, until an approver looked at
    it; the newest first.
    """
    statement = (
        select(DisbursementRequest)
        .where(DisbursementRequest.id.in_(select(PaidStop.request_id).where(is_unseen_stop())))
        .options(lazyload("*"))
        .order_by(DisbursementRequest.id.desc())
        .limit(LINES_SHOWN)
    )
    return db.session.scalars(statement).all()


def is_unseen_stop() -> ColumnElement[bool]:
    """Whether no approver has looked at a `PaidStop`, and the money did not come back."""
    seen = select(PaymentRelease.id).where(
        PaymentRelease.request_id == PaidStop.request_id, PaymentRelease.id > PaidStop.id
    )
    back = (
        select(PayoutReturn.payout_id)
        .join(Payout, Payout.id == PayoutReturn.payout_id)
        .where(Payout.request_id == PaidStop.request_id, Payout.attempt == PaidStop.attempt)
    )
    return ~seen.exists() & ~back.exists()


def list_payable_requests(account_code: str | None = None) -> list[DisbursementRequest]:
    """Approved requests that are paid by transfer, are in no batch and may be paid today, the
    oldest first; with an account of the books those whose fund pays from it.
    """
    live = select(PayoutBatchLine.request_id).where(PayoutBatchLine.state == LineState.WAITING)
    statement = (
        select(DisbursementRequest)
        .where(
            DisbursementRequest.status == RequestStatus.APPROVED,
            DisbursementRequest.payout_method == PayoutMethod.TRANSFER,
            DisbursementRequest.id.not_in(live),
            DisbursementRequest.id.not_in(held_ids()),
        )
        .options(
            lazyload(DisbursementRequest.lines),
            lazyload(DisbursementRequest.approvals),
            lazyload(DisbursementRequest.payouts),
            lazyload(DisbursementRequest.proofs),
        )
        .order_by(DisbursementRequest.id)
        .limit(_OFFERED)
    )
    return [
        request
        for request in db.session.scalars(statement)
        if account_code is None
        or account_code in accounts_to_pay_from(request.fund, PayoutMethod.TRANSFER)
    ]


def payable_ids(most: int = MOST_LINES) -> list[str]:
    """The public ids of all approved requests that are paid by transfer and are in no batch, the
    oldest first.
    """
    live = select(PayoutBatchLine.request_id).where(PayoutBatchLine.state == LineState.WAITING)
    statement = select(DisbursementRequest.public_id).where(
        DisbursementRequest.status == RequestStatus.APPROVED,
        DisbursementRequest.payout_method == PayoutMethod.TRANSFER,
        DisbursementRequest.id.not_in(live),
    )
    return list(db.session.scalars(statement.order_by(DisbursementRequest.id).limit(most)))


def find_batch_of_form(key: str) -> PayoutBatch | None:
    """The batch that the form with this id made."""
    return db.session.scalar(select(PayoutBatch).where(PayoutBatch.form_key == key))


def find_hold(request: DisbursementRequest) -> InBatchError | None:
    """What keeps an approved request from being paid or cancelled by itself: a batch in which it
    waits.
    """
    number = db.session.scalar(
        select(PayoutBatch.number)
        .join(PayoutBatchLine, PayoutBatchLine.batch_id == PayoutBatch.id)
        .where(PayoutBatchLine.request_id == request.id, PayoutBatchLine.state == LineState.WAITING)
    )
    return InBatchError(params={"number": number}) if number else None


def people_before(batch: PayoutBatch) -> set[int]:
    """The ids of those who asked for or ever approved something in the batch, of two approvers the
    line names the last alone, and of those who verified bank details in it.
    """
    verifiers = (
        select(AccountCheck.checked_by_id)
        .join(PayoutBatchLine, PayoutBatchLine.request_id == AccountCheck.request_id)
        .join(DisbursementRequest, DisbursementRequest.id == AccountCheck.request_id)
        .where(
            PayoutBatchLine.batch_id == batch.id,
            AccountCheck.facts_sha256 == DisbursementRequest.facts_sha256,
            is_newest_check(),
        )
        .distinct()
    )
    approvers = (
        select(Approval.approver_id)
        .join(PayoutBatchLine, PayoutBatchLine.request_id == Approval.request_id)
        .where(PayoutBatchLine.batch_id == batch.id, Approval.decision == Decision.APPROVE)
        .distinct()
    )
    others = set(db.session.scalars(approvers)) | set(db.session.scalars(verifiers))
    return {line.requested_by_id for line in batch.lines} | others


def public_ids_in(batch: PayoutBatch) -> set[str]:
    """The public ids of the requests of the batch."""
    of_batch = select(PayoutBatchLine.request_id).where(PayoutBatchLine.batch_id == batch.id)
    wanted = select(DisbursementRequest.public_id).where(DisbursementRequest.id.in_(of_batch))
    return set(db.session.scalars(wanted))


def held_requests(ids: Collection[int]) -> set[int]:
    """Which of these requests wait in a batch, or are instalments of aid that are held."""
    waiting = select(PayoutBatchLine.request_id).where(PayoutBatchLine.state == LineState.WAITING)
    in_batch = set(db.session.scalars(waiting.where(PayoutBatchLine.request_id.in_(ids))))
    return in_batch | held_instalments(ids)


def list_told_lines(batch_ids: Collection[int] | None = None, *, limit: int) -> list[int]:
    """The ids of lines whose result is told and not recorded, in the order of batches."""
    statement = (
        select(PayoutBatchLine.id)
        .join(PayoutBatchResult, PayoutBatchResult.line_id == PayoutBatchLine.id)
        .where(PayoutBatchLine.state == LineState.WAITING)
        .order_by(PayoutBatchLine.id)
        .limit(limit)
    )
    if batch_ids is not None:
        statement = statement.where(PayoutBatchLine.batch_id.in_(batch_ids))
    return list(db.session.scalars(statement))


def find_lines(vouchers: Collection[str], *, taken_by: int) -> dict[str, PayoutBatchLine]:
    """Lines by voucher, of batches whose newest file that person took; no withdrawn ones."""
    other = aliased(PayoutBatchFile)
    newest = (
        select(func.max(other.release_number))
        .where(other.batch_id == PayoutBatchFile.batch_id)
        .correlate(PayoutBatchFile)
        .scalar_subquery()
    )
    taken = select(PayoutBatchFile.batch_id).where(
        PayoutBatchFile.batch_id == PayoutBatchLine.batch_id,
        PayoutBatchFile.taken_by_id == taken_by,
        PayoutBatchFile.release_number == newest,
    )
    wanted = sorted(vouchers)
    found: dict[str, PayoutBatchLine] = {}
    for start in range(0, len(wanted), 500):
        statement = (
            select(PayoutBatchLine)
            .where(
                PayoutBatchLine.voucher.in_(wanted[start : start + 500]),
                PayoutBatchLine.state != LineState.WITHDRAWN,
                taken.exists(),
            )
            .options(joinedload(PayoutBatchLine.result), joinedload(PayoutBatchLine.batch))
        )
        found |= {line.voucher: line for line in db.session.scalars(statement).unique()}
    return found


def _bare_request() -> list[ExecutableOption]:
    request = joinedload(PayoutBatchLine.request)
    parts = ("lines", "approvals", "payouts", "proofs")
    return [request.lazyload(getattr(DisbursementRequest, part)) for part in parts]
