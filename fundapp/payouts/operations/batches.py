"""Making a batch, releasing it, taking its file to the bank, withdrawing it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.queries.accounts import find_bank_account
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.db import db, lock, lock_all
from fundapp.disbursements.errors import ResetTogetherError
from fundapp.disbursements.models import Decision, DisbursementRequest, PayoutMethod, RequestStatus
from fundapp.disbursements.policy import accounts_to_pay_from, may_pay, shown_parts
from fundapp.disbursements.reader import account_of, payee_name_of, purpose_of
from fundapp.disbursements.steps import require_same_facts
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
    PayeeTextError,
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
    askers_and_approvers,
    may_make_batch,
    may_release,
    may_take_file,
    may_withdraw_batch,
)
from fundapp.payouts.queries import MOST_LINES, find_batch_of_form, find_hold, get_batch
from fundapp.payouts.smart import BankAccountNumber, SmartTransfer, UnfitError
from fundapp.proposals.resets import were_reset_together
from fundapp.thai.folding import bare_number
from fundapp.trail.operations import record_event

SUBJECT = "payout_batch"
_LONGEST_WAIT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TakenFile:
    """The bytes for the bank, which are kept nowhere."""

    number: str
    kind: BankFileKind
    content: bytes = field(repr=False)


def make_batch(
    request_ids: Collection[str], *, bank_account: str, pay_on: date, key: str, actor: Actor
) -> PayoutBatch:
    """Put approved requests, by public id, into a batch that is paid from one bank account on one
    day. ``key``: the id of the form; sent twice, it makes one batch.

    Raises ForbiddenError, BatchEmptyError, NotPayableError, BatchPeopleError, ResetTogetherError,
    PayDayError, FrozenAccountError, BatchKnownError, NotFoundError.
    """
    require(may_make_batch(actor))
    known = find_batch_of_form(key)
    if known is not None:
        if {line.request.public_id for line in known.lines} != set(request_ids):
            raise BatchKnownError
        return known
    if not request_ids:
        raise BatchEmptyError(field="requests")
    if not clock.today() <= pay_on <= clock.today() + _LONGEST_WAIT:
        raise PayDayError(field="pay_on")
    account = find_bank_account(bank_account)
    if account.is_frozen:
        raise FrozenAccountError(field="account")
    requests = lock_all(
        select(DisbursementRequest)
        .where(DisbursementRequest.public_id.in_(set(request_ids)))
        .order_by(DisbursementRequest.id)
        .options(lazyload("*"))
    )
    if len(requests) != len(set(request_ids)) or len(requests) > MOST_LINES:
        raise NotFoundError
    actor = current_authority(actor)
    for request in requests:
        _require_payable(request, account.account_code, actor)
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
    _require_separate_hands(batch, actor)
    db.session.add(batch)
    db.session.flush()
    _record("make", batch, actor)
    return batch


def release_batch(public_id: str, *, again: bool = False, actor: Actor) -> PayoutBatch:
    """Let the file of the batch be taken, once. ``again``: the file was taken and never reached
    the bank.

    Raises NotFoundError, BatchPeopleError, ResetTogetherError, BatchStateError, AgainError.
    """
    batch, actor = _lock_batch(public_id, actor)
    if not may_release(actor, batch):
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
    if not may_withdraw_batch(actor, batch):
        raise BatchPeopleError
    if batch.files or batch.state not in (BatchState.MADE, BatchState.RELEASED):
        raise BatchStateError
    for line in batch.lines:
        line.state = LineState.WITHDRAWN
    _record("withdraw", batch, actor)
    db.session.flush()
    return batch


def take_file(public_id: str, *, kind: BankFileKind, sender_name: str, actor: Actor) -> TakenFile:
    """The file for the bank, once for each release. Who takes it pays: each request is still what
    was approved. Its SHA-256 is kept; reading the payees is recorded.

    Raises NotFoundError, BatchPeopleError, ResetTogetherError, BatchStateError, FileTakenError,
    FactsChangedError, FrozenAccountError, PayeeTextError.
    """
    batch, actor = _lock_batch(public_id, actor)
    if not may_take_file(actor, batch):
        raise BatchPeopleError
    if batch.state is BatchState.TAKEN:
        raise FileTakenError
    if batch.state is not BatchState.RELEASED:
        raise BatchStateError
    if batch.bank_account.is_frozen:
        raise FrozenAccountError
    _require_separate_hands(batch, actor)
    _read_again(batch)
    transfers = [_transfer(line, actor) for line in batch.lines]
    sender = BankAccountNumber(batch.bank_account.bank_code, batch.bank_account.account_digits)
    try:
        content = bank_file(
            kind, transfers, sender=sender, sender_name=sender_name, pay_on=batch.pay_on
        )
    except UnfitError as error:
        line = batch.lines[int(error.args[0]) - 1]
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


def _require_payable(request: DisbursementRequest, account_code: str, actor: Actor) -> None:
    """NotPayableError unless it is approved, paid by transfer from that account, and in no batch;
    BatchPeopleError for who asked or approved.
    """
    is_payable = (
        request.status is RequestStatus.APPROVED
        and request.payout_method is PayoutMethod.TRANSFER
        and account_code in accounts_to_pay_from(request.fund, request.payout_method)
        and find_hold(request) is None
        and request.approvals[-1].decision is Decision.APPROVE
        and request.approvals[-1].facts_sha256 == request.facts_sha256
    )
    if not is_payable:
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
    """What the bank is told of a line; PayeeTextError without an account at a bank."""
    request = line.request
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


def _read_again(batch: PayoutBatch) -> None:
    """Lock the requests of the batch and read them anew."""
    ids = [line.request_id for line in batch.lines]
    lock_all(
        select(DisbursementRequest)
        .where(DisbursementRequest.id.in_(ids))
        .order_by(DisbursementRequest.id)
        .options(lazyload("*"))
    )


def _require_separate_hands(batch: PayoutBatch, actor: Actor) -> None:
    """As `disbursements.steps.require_separate_hands`, for all people of the batch at once."""
    others = askers_and_approvers(batch) | {batch.made_by_id}
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
