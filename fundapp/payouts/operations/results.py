"""Taking in what the bank says of payouts, and recording it, one payout in one unit of work."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.operations import record_payout, reopen_request
from fundapp.errors import NotFoundError
from fundapp.identity.queries import current_authority
from fundapp.ledger.locking import lock_fund
from fundapp.payouts.errors import ResultChangedError, TooEarlyError, UnknownVoucherError
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
    (`record_result`). The same file again changes nothing. Only who took the file to the bank may.

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
                raise ResultChangedError(field="file", params=params)
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


def record_result(line_id: int, *, actor: Actor) -> bool:
    """Record what was told of one line: a payout, or the request goes back to who asked. Whether
    there was something to record: a line that was recorded before stays as it is.

    ``actor`` told it. Raises ForbiddenError, NotFoundError, and what `record_payout` and
    `reopen_request` raise; the line then waits.
    """
    # The order of locks is: the fund and the request (as `lock_request`), the line.
    wanted = select(PayoutBatchLine.request_id).where(PayoutBatchLine.id == line_id)
    is_wanted = DisbursementRequest.id == wanted.scalar_subquery()
    fund_code = db.session.scalar(select(DisbursementRequest.fund_code).where(is_wanted))
    if fund_code is None:
        raise NotFoundError
    lock_fund(fund_code)
    request = lock(select(DisbursementRequest).where(is_wanted).options(lazyload("*")))
    line = lock(select(PayoutBatchLine).where(PayoutBatchLine.id == line_id))
    if line is None or request is None or line.result is None:
        raise NotFoundError
    if line.state is not LineState.WAITING:
        return False
    result = line.result
    require(may_record(actor, result))
    line.state = LineState(result.outcome.value)
    db.session.flush()
    public_id, version = request.public_id, request.version
    if result.outcome is BankOutcome.PAID:
        record_payout(
            public_id,
            version=version,
            paid_on=line.batch.pay_on,
            paid_from_account_code=line.batch.account_code,
            is_sent=True,
            actor=actor,
        )
    else:
        words = select(Remark).where(Remark.digest == result.reason_digest)
        remark = db.session.scalars(words).one()
        reopen_request(public_id, version=version, remark=remark, actor=actor)
    return True


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
