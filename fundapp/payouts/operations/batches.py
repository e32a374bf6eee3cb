"""Making a batch, releasing it, taking its file to the bank, withdrawing it."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.queries.accounts import find_bank_account
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db, lock
from fundapp.disbursements.errors import ResetTogetherError
from fundapp.disbursements.locking import lock_requests
from fundapp.disbursements.models import Decision, DisbursementRequest, PayoutMethod, RequestStatus
from fundapp.disbursements.policy import accounts_to_pay_from, may_pay, needs_check
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.disbursements.reader import account_of, payee_name_of, purpose_of
from fundapp.disbursements.steps import require_same_facts, require_verified_account
from fundapp.disbursements.stops import find_stops, is_released
from fundapp.errors import NotFoundError
from fundapp.identity.queries import current_authority, public_ids_of
from fundapp.ids import new_id, readable
from fundapp.payouts.bank_files import bank_file
from fundapp.payouts.errors import (
    AgainError,
    BatchEmptyError,
    BatchKnownError,
    BatchPeopleError,
    BatchStateError,
    FileTakenError,
    FrozenAccountError,
    NotPayableError,
    PayDayError,
    PayDayOverError,
    PayeeTextError,
    StoppedPayoutsError,
)
from fundapp.payouts.models import (
    BankFileKind,
    BatchState,
    LineState,
    PayoutBatch,
    PayoutBatchFile,
    PayoutBatchLine,
    PayoutBatchRelease,
    PayoutBatchResult,
)
from fundapp.payouts.policy import (
    may_make_batch,
    may_release,
    may_take_file,
    may_withdraw_batch,
)
from fundapp.payouts.queries import (
    MOST_LINES,
    find_batch_of_form,
    get_batch,
    held_requests,
    people_before,
    public_ids_in,
)
from fundapp.payouts.smart import BankAccountNumber, SmartTransfer, UnfitError
from fundapp.proposals.resets import were_reset_together
from fundapp.thai.folding import bare_number
from fundapp.trail.operations import record_event

SUBJECT = "payout_batch"
_LONGEST_WAIT = timedelta(days=30)
#: Stopped requests that a refusal names.
_NAMED = 20


@dataclass(frozen=True, slots=True)
class TakenFile:
    """The bytes for the bank, which are kept nowhere."""

    number: str
    kind: BankFileKind
    content: bytes = field(repr=False)


def make_batch(
    request_ids: Collection[str],
    *,
    bank_account: str,
    pay_on: date,
    key: str,
    leave_out: bool = False,
    actor: Actor,
) -> PayoutBatch:
    """Put approved requests, by public id, into a batch that is paid from one bank account on one
    day. ``key``: the id of the form; sent twice, it makes one batch. ``leave_out``: what the actor
    may not pay in it, or something stops, is left out and not refused.

    Raises ForbiddenError, BatchEmptyError, NotPayableError, StoppedPayoutsError, BatchPeopleError,
    ResetTogetherError, PayDayError, FrozenAccountError, BatchKnownError, NotFoundError.
    """
    require(may_make_batch(actor))
    known = find_batch_of_form(key)
    if known is not None:
        if not leave_out and public_ids_in(known) != set(request_ids):
            raise BatchKnownError
        return known
    if not request_ids:
        raise BatchEmptyError(field="requests")
    if not clock.today() <= pay_on <= clock.today() + _LONGEST_WAIT:
        raise PayDayError(field="pay_on")
    account = find_bank_account(bank_account)
    if account.is_frozen:
        raise FrozenAccountError(field="account")
    if len(set(request_ids)) > MOST_LINES:
        raise NotFoundError
    requests = lock_requests(DisbursementRequest.public_id.in_(set(request_ids)))
    if len(requests) != len(set(request_ids)):
        raise NotFoundError
    actor = current_authority(actor)
    requests = _chosen(requests, account.account_code, actor, leave_out=leave_out)
    if not requests:
        raise BatchEmptyError(field="requests")
    batch_id = new_id()
    batch = PayoutBatch(
        id=batch_id,
        number=readable(batch_id, "PB"),
        form_key=key,
        bank_account_code=account.code,
        account_code=account.account_code,
        pay_on=pay_on,
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    batch.lines = [_line(request, position) for position, request in enumerate(requests, start=1)]
    db.session.add(batch)
    db.session.flush()
    _require_separate_hands(batch, actor)
    _record("make", batch, actor)
    return batch


def release_batch(public_id: str, *, again: bool = False, actor: Actor) -> PayoutBatch:
    """Let the file of the batch be taken, once. ``again``: the file was taken and never reached
    the bank.

    Raises NotFoundError, BatchPeopleError, ResetTogetherError, BatchStateError, AgainError.
    """
    batch, actor = _lock_batch(public_id, actor)
    if not may_release(actor, batch, people_before(batch)):
        raise BatchPeopleError
    if batch.state not in (BatchState.MADE, BatchState.TAKEN) or _is_told(batch):
        raise BatchStateError
    if batch.files and not again:
        raise AgainError(field="again")
    _require_separate_hands(batch, actor)
    batch.releases.append(
        PayoutBatchRelease(
            number=len(batch.releases) + 1,
            made_by_id=batch.made_by_id,
            released_by_id=actor.person_id,
            released_at=clock.now(),
        )
    )
    _record("release", batch, actor)
    db.session.flush()
    return batch


def withdraw_batch(public_id: str, *, actor: Actor) -> PayoutBatch:
    """Free the requests of a batch whose file nobody took. Raises NotFoundError, BatchPeopleError,
    BatchStateError.
    """
    batch, actor = _lock_batch(public_id, actor)
    if not may_withdraw_batch(actor, batch, people_before(batch)):
        raise BatchPeopleError
    if batch.state not in (BatchState.MADE, BatchState.RELEASED):
        raise BatchStateError
    for line in _waiting(batch):
        line.state = LineState.WITHDRAWN
    _record("withdraw", batch, actor)
    db.session.flush()
    return batch


def take_out_stopped(public_id: str, *, actor: Actor) -> int:
    """Take the payouts out of the batch that something has stopped since their approval, and say
    how many they were: an approver decides on them. Who may withdraw the batch may do that.

    Raises NotFoundError, BatchPeopleError, BatchStateError.
    """
    batch, actor = _lock_batch(public_id, actor)
    if not may_withdraw_batch(actor, batch, people_before(batch)):
        raise BatchPeopleError
    if batch.state not in (BatchState.MADE, BatchState.RELEASED):
        raise BatchStateError
    lines = _waiting(batch)
    requests = lock_requests(DisbursementRequest.id.in_([line.request_id for line in lines]))
    stopped = {request.id for request in _find_stopped(requests, actor)}
    for line in lines:
        if line.request_id in stopped:
            line.state = LineState.WITHDRAWN
    if stopped:
        _record("take-out", batch, actor)
    db.session.flush()
    return len(stopped)


def take_file(public_id: str, *, kind: BankFileKind, sender_name: str, actor: Actor) -> TakenFile:
    """The file for the bank, once for each release. Who takes it pays: each request is still what
    was approved. Its SHA-256 is kept; reading the payees is recorded.

    Raises NotFoundError, BatchPeopleError, ResetTogetherError, BatchStateError, FileTakenError,
    PayDayOverError, StoppedPayoutsError, FactsChangedError, FrozenAccountError, PayeeTextError.
    """
    batch, actor = _lock_batch(public_id, actor)
    if not may_take_file(actor, batch, people_before(batch)):
        raise BatchPeopleError
    if batch.state is BatchState.TAKEN:
        raise FileTakenError
    if batch.state is not BatchState.RELEASED:
        raise BatchStateError
    if batch.bank_account.is_frozen:
        raise FrozenAccountError
    _require_separate_hands(batch, actor)
    if batch.pay_on < clock.today():
        raise PayDayOverError
    lines = _waiting(batch)
    requests = lock_requests(DisbursementRequest.id.in_([line.request_id for line in lines]))
    _require_no_stops(requests, actor, field="kind")
    transfers = [_transfer(line, actor) for line in lines]
    sender = BankAccountNumber(batch.bank_account.bank_code, batch.bank_account.account_digits)
    try:
        content = bank_file(
            kind, transfers, sender=sender, sender_name=sender_name, pay_on=batch.pay_on
        )
    except UnfitError as error:
        line = lines[int(error.args[0]) - 1]
        raise PayeeTextError(field="kind", params={"voucher": line.voucher}) from error
    release = batch.releases[-1]
    batch.files.append(
        PayoutBatchFile(
            release_number=release.number,
            made_by_id=batch.made_by_id,
            released_by_id=release.released_by_id,
            taken_by_id=actor.person_id,
            kind=kind,
            file_sha256=hashlib.sha256(content).digest(),
            taken_at=clock.now(),
        )
    )
    _record("take", batch, actor)
    db.session.flush()
    return TakenFile(batch.number, kind, content)


def _chosen(
    requests: list[DisbursementRequest], account_code: str, actor: Actor, *, leave_out: bool
) -> list[DisbursementRequest]:
    """Those that become the batch, each of them payable and stopped by nothing."""
    held = held_requests([request.id for request in requests])
    if not leave_out:
        for request in requests:
            _require_payable(request, account_code, held, actor)
        _require_no_stops(requests, actor, field="requests")
        return requests
    payable = [
        request
        for request in requests
        if may_pay(actor, request) and _is_payable(request, account_code, held)
    ]
    stopped = {request.id for request in _find_stopped(payable, actor)}
    return [request for request in payable if request.id not in stopped]


def _is_payable(request: DisbursementRequest, account_code: str, held: Collection[int]) -> bool:
    return (
        request.status is RequestStatus.APPROVED
        and request.payout_method is PayoutMethod.TRANSFER
        and account_code in accounts_to_pay_from(request.fund, request.payout_method)
        and request.id not in held
        and not needs_check(request)
        and request.approvals[-1].decision is Decision.APPROVE
        and request.approvals[-1].facts_sha256 == request.facts_sha256
    )


def _require_payable(
    request: DisbursementRequest, account_code: str, held: Collection[int], actor: Actor
) -> None:
    """AccountNotVerifiedError; NotPayableError unless it is approved, paid by transfer from that
    account, and in no batch; BatchPeopleError for who asked, verified or approved.
    """
    require_verified_account(request)
    if not _is_payable(request, account_code, held):
        raise NotPayableError(field="requests", params={"number": request.number})
    if not may_pay(actor, request):
        raise BatchPeopleError


def _line(request: DisbursementRequest, position: int) -> PayoutBatchLine:
    approval = request.approvals[-1]
    return PayoutBatchLine(
        id=new_id(),
        position=position,
        request_id=request.id,
        requested_by_id=request.requested_by_id,
        approval_id=approval.id,
        approver_id=approval.approver_id,
        amount_satang=request.total_satang,
        voucher=approval.voucher,
    )


def _transfer(line: PayoutBatchLine, actor: Actor) -> SmartTransfer:
    """What the bank is told of a line; AccountNotVerifiedError, PayeeTextError without an account
    at a bank.
    """
    request = line.request
    require_verified_account(request)
    if not may_pay(actor, request):
        raise BatchPeopleError
    parts = shown_parts(actor, request, clock.today())
    reader = Reader(actor, purpose_of(parts, Purpose.VOUCHER))
    require_same_facts(request, reader)
    account = account_of(request, reader)
    if account is None or not account.bank_code.isdigit():
        raise PayeeTextError(field="kind", params={"voucher": line.voucher})
    return SmartTransfer(
        BankAccountNumber(account.bank_code, bare_number(account.number)),
        payee_name_of(request, reader),
        line.amount_satang,
        line.voucher,
    )


def _lock_batch(public_id: str, actor: Actor) -> tuple[PayoutBatch, Actor]:
    """The batch, locked and read again, and the actor as of now; NotFoundError."""
    is_wanted = PayoutBatch.public_id == public_id
    if lock(select(PayoutBatch).where(is_wanted).options(lazyload("*"))) is None:
        raise NotFoundError
    batch = get_batch(public_id)
    db.session.expire(batch, ("lines", "releases", "files"))
    return batch, current_authority(actor)


def _waiting(batch: PayoutBatch) -> list[PayoutBatchLine]:
    """Its lines that were not taken out."""
    return [line for line in batch.lines if line.state is LineState.WAITING]


def _find_stopped(
    requests: Sequence[DisbursementRequest], actor: Actor
) -> list[DisbursementRequest]:
    """Those that something has stopped since their approval, and no approver let go on."""
    today, reader = clock.today(), Reader(actor, Purpose.DECISION)
    stopped = []
    for request in requests:
        stops = find_stops(request, today, reader)
        if stops and not is_released(request, stops):
            stopped.append(request)
    return stopped


def _require_no_stops(requests: Sequence[DisbursementRequest], actor: Actor, *, field: str) -> None:
    stopped = _find_stopped(requests, actor)
    if stopped:
        numbers = ", ".join(request.number for request in stopped[:_NAMED])
        more = ", …" if len(stopped) > _NAMED else ""
        raise StoppedPayoutsError(field=field, params={"numbers": numbers + more})


def _require_separate_hands(batch: PayoutBatch, actor: Actor) -> None:
    """As `disbursements.steps.require_separate_hands`, for all people of the batch at once."""
    others = people_before(batch) | {batch.made_by_id}
    others |= {release.released_by_id for release in batch.releases}
    if were_reset_together(actor.ref, *public_ids_of(others - {actor.user_id})):
        raise ResetTogetherError


def _is_told(batch: PayoutBatch) -> bool:
    told = (
        select(PayoutBatchResult.line_id)
        .join(PayoutBatchLine, PayoutBatchLine.id == PayoutBatchResult.line_id)
        .where(PayoutBatchLine.batch_id == batch.id)
        .limit(1)
    )
    return db.session.scalar(told) is not None


def _record(verb: str, batch: PayoutBatch, actor: Actor) -> None:
    record_event(
        f"payouts:batch:{verb}", actor=actor, subject_type=SUBJECT, subject_ref=batch.public_id
    )
