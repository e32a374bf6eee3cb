"""Taking in what the bank says of payouts, and recording it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock_all
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.locking import lock_requests
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.operations import SentPayout, record_sent_payouts, reopen_request
from fundapp.errors import NotFoundError
from fundapp.identity.queries import current_authority
from fundapp.ledger.locking import lock_fund
from fundapp.payouts.errors import (
    PaidBeforeError,
    ResultChangedError,
    TooEarlyError,
    UnknownVoucherError,
)
from fundapp.payouts.models import BankOutcome, LineState, PayoutBatchLine, PayoutBatchResult
from fundapp.payouts.operations.batches import SUBJECT
from fundapp.payouts.policy import may_make_batch, may_record
from fundapp.payouts.queries import find_lines
from fundapp.payouts.results import Told, read_results
from fundapp.remarks.models import Remark, RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event


@dataclass(frozen=True, slots=True)
class TellResult:
    """What a result file brought: how many lines were new and how many known, and the batches."""

    new: int
    known: int
    batch_ids: tuple[int, ...]


def tell_results(content: bytes, *, actor: Actor) -> TellResult:
    """Take in a result file, whole or not at all; recording the payouts follows line by line
    (`record_told`). The same file again changes nothing. Only who took the file to the bank may.

    Raises ForbiddenError, what `read_results` raises, UnknownVoucherError, TooEarlyError,
    ResultChangedError.
    """
    require(may_make_batch(actor))
    actor = current_authority(actor)
    tolds = read_results(content)
    lines = find_lines([told.voucher for told in tolds], taken_by=actor.person_id)
    digest, new = hashlib.sha256(content).digest(), 0
    for told in tolds:
        line = lines.get(told.voucher)
        params = {"line": told.line, "voucher": told.voucher}
        if line is None:
            raise UnknownVoucherError(field="file", params=params)
        if line.result is not None:
            if line.result.outcome is not told.outcome:
                raise _contradiction(line, params)
            continue
        if line.batch.pay_on > clock.today():
            raise TooEarlyError(field="file", params=params)
        _tell(line, told, digest, actor)
        new += 1
    batches = {line.batch.id: line.batch for line in lines.values()}
    for batch in batches.values() if new else ():
        record_event(
            "payouts:batch:tell",
            actor=actor,
            subject_type=SUBJECT,
            subject_ref=batch.public_id,
            note=digest.hex(),
        )
    db.session.flush()
    return TellResult(new, len(tolds) - new, tuple(sorted(batches)))


def _contradiction(line: PayoutBatchLine, params: dict[str, object]) -> ResultChangedError:
    """That the bank said otherwise before, with what is to be done of a payout that is recorded."""
    if line.state is LineState.PAID:
        return PaidBeforeError(field="file", params=params | {"number": line.request.number})
    return ResultChangedError(field="file", params=params)


def record_told(line_ids: Sequence[int], *, actor: Actor) -> int:
    """Record what was told of these lines, all or none: payouts, and requests that go back to who
    asked. How many there were to record: a line that was recorded before stays as it is.

    ``actor`` told it. Raises ForbiddenError, NotFoundError, and what `record_sent_payouts` and
    `reopen_request` raise; the lines then wait.
    """
    # The order of locks is: the funds and the requests (as `lock_request`), the lines.
    of_lines = select(PayoutBatchLine.request_id).where(PayoutBatchLine.id.in_(line_ids))
    is_wanted = DisbursementRequest.id.in_(of_lines)
    codes = select(DisbursementRequest.fund_code).where(is_wanted).distinct()
    for code in sorted(db.session.scalars(codes)):
        lock_fund(code)
    requests = {request.id: request for request in lock_requests(is_wanted)}
    actor = current_authority(actor)
    wanted = select(PayoutBatchLine).where(PayoutBatchLine.id.in_(line_ids))
    lines = lock_all(wanted.order_by(PayoutBatchLine.id))
    told = select(PayoutBatchResult).where(PayoutBatchResult.line_id.in_(line_ids))
    results = {result.line_id: result for result in db.session.scalars(told)}
    if {line.id for line in lines} != set(line_ids) or len(results) < len(lines):
        raise NotFoundError
    require(all(may_record(actor, result) for result in results.values()))
    waiting = [line for line in lines if line.state is LineState.WAITING]
    for line in waiting:
        line.state = LineState(results[line.id].outcome.value)
    db.session.flush()
    sent = [
        SentPayout(requests[line.request_id], line.batch.pay_on, line.batch.account_code)
        for line in waiting
        if line.state is LineState.PAID
    ]
    if sent:
        record_sent_payouts(sent, actor=actor)
    for line in waiting:
        if line.state is LineState.FAILED:
            _reopen(requests[line.request_id], results[line.id], actor)
    return len(waiting)


def _reopen(request: DisbursementRequest, result: PayoutBatchResult, actor: Actor) -> None:
    words = select(Remark).where(Remark.digest == result.reason_digest)
    remark = db.session.scalars(words).one()
    reopen_request(request.public_id, version=request.version, remark=remark, actor=actor)


def _tell(line: PayoutBatchLine, told: Told, digest: bytes, actor: Actor) -> None:
    reason = None
    if told.outcome is BankOutcome.FAILED:
        remark = write_remark(
            told.reason,
            kind=RemarkKind.DECISION,
            subject_type=SOURCE_TYPE,
            subject_ref=line.request.public_id,
            about_child=True,
            actor=actor,
        )
        reason = remark.digest
    line.result = PayoutBatchResult(
        line_id=line.id,
        outcome=told.outcome,
        reason_digest=reason,
        file_sha256=digest,
        told_by_id=actor.person_id,
        told_at=clock.now(),
    )
