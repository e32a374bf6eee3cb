"""Payments that came back: the bank sent the money back, or the payee gave it back."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import db
from fundapp.disbursements.entry_drafts import CAME_BACK_MEMO
from fundapp.disbursements.errors import ComebackDayError
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import PayoutReturn, ReturnCause
from fundapp.disbursements.policy import may_pay
from fundapp.disbursements.steps import (
    end_receipt_link,
    move_on,
    require_action,
    require_allowed,
    require_reason,
    write_reason,
)
from fundapp.disbursements.workflow import Action
from fundapp.ledger.operations import reverse_entry
from fundapp.ledger.queries import first_open_day
from fundapp.remarks.models import ReasonCode, RemarkKind


def record_comeback(
    public_id: str,
    *,
    version: int,
    cause: ReturnCause,
    returned_on: date,
    reason: str,
    actor: Actor,
) -> PayoutReturn:
    """Record that the whole money of a payment is with the fund again since ``returned_on``, as who
    neither asked for it nor approved it, and send the request back to who asked.

    The entries of the payment and of its approval are undone, so the thread gives the money back to
    its gifts. The voucher keeps its number; what is paid after a new approval bears a new one.
    Raises NotFoundError, StaleError, WrongStateError, ThreePeopleError, NotYoursError,
    ComebackDayError, ReasonMissingError, PersonalDataError, NamedError, PeriodClosedError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    status = require_action(request, Action.COME_BACK)
    require_allowed(may_pay(actor, request), actor, request)
    payout = request.payouts[-1]
    if not payout.paid_on <= returned_on <= clock.today():
        raise ComebackDayError(field="returned_on")
    remark = write_reason(
        request, require_reason(reason), ReasonCode.OTHER, RemarkKind.DECISION, actor
    )
    day, undone = first_open_day(returned_on), [payout.journal_entry_id]
    if request.approval_entry_id is not None:
        undone.append(request.approval_entry_id)
    entries = [
        reverse_entry(
            entry_id, reason=CAME_BACK_MEMO, digest=remark.digest, entry_on=day, actor=actor
        )
        for entry_id in undone
    ]
    payout.comeback = PayoutReturn(
        payout_id=payout.id,
        cause=cause,
        returned_on=returned_on,
        journal_entry_id=entries[0].id,
        reason_digest=remark.digest,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    db.session.flush()
    end_receipt_link(request)
    move_on(request, status, verb="come-back", actor=actor, note=remark.trace)
    return payout.comeback
