"""Payments that came back, whole or the shares of some children: the bank sent the money back, or
the payee gave it back.
"""

import base64
from collections.abc import Sequence
from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import connection_of_work, db, many_rows
from fundapp.disbursements.entry_drafts import CAME_BACK_MEMO, share_back_entry
from fundapp.disbursements.errors import (
    AllSharesError,
    ComebackDayError,
    ShareOutError,
    SharesBackError,
    ShareSumError,
)
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import (
    DisbursementRequest,
    Payout,
    PayoutReturn,
    RequestLine,
    ReturnCause,
    ShareReturn,
)
from fundapp.disbursements.policy import may_pay
from fundapp.disbursements.queries import days_of_shares_back
from fundapp.disbursements.steps import (
    end_receipt_link,
    first_codes,
    move_on,
    require_action,
    require_allowed,
    require_reason,
    write_reason,
)
from fundapp.disbursements.workflow import Action
from fundapp.ids import new_id
from fundapp.ledger.operations import post_entry, reverse_entry
from fundapp.ledger.queries import first_open_day
from fundapp.money import format_baht
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
    SharesBackError, ComebackDayError, ReasonMissingError, PersonalDataError, NamedError,
    PeriodClosedError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    status = require_action(request, Action.COME_BACK)
    require_allowed(may_pay(actor, request), actor, request)
    payout = request.payouts[-1]
    if payout.share_returns:
        raise SharesBackError
    _require_day(payout, returned_on)
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


def record_share_return(
    public_id: str,
    *,
    version: int,
    cause: ReturnCause,
    returned_on: date,
    amount_satang: int,
    codes: Sequence[str],
    reason: str,
    actor: Actor,
) -> ShareReturn:
    """Record that the shares of the children of these codes, ``amount_satang`` in all, are with the
    fund again since ``returned_on``, as who neither asked for the help nor approved it.

    One entry takes them back to the fund, and the thread gives the newest parts of the help back to
    their gifts. The rest of the request stays as it is, with its proof of receipt. Raises
    NotFoundError, StaleError, WrongStateError, ThreePeopleError, NotYoursError, ComebackDayError,
    ShareOutError, ShareSumError, AllSharesError, ReasonMissingError, PersonalDataError, NamedError,
    PeriodClosedError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor, with_fund=True)
    status = require_action(request, Action.SHARE_BACK)
    require_allowed(may_pay(actor, request), actor, request)
    payout = request.payouts[-1]
    _require_day(payout, returned_on)
    lines = _lines_of(request, codes, amount_satang)
    remark = write_reason(
        request, require_reason(reason), ReasonCode.OTHER, RemarkKind.DECISION, actor
    )
    entry = share_back_entry(
        request,
        payout,
        amount_satang,
        number=len(payout.share_returns) + 1,
        entry_on=first_open_day(returned_on),
        private=base64.b64encode(remark.digest).decode(),
        actor=actor,
    )
    back = ShareReturn(
        id=new_id(),
        payout_id=payout.id,
        cause=cause,
        returned_on=returned_on,
        amount_satang=amount_satang,
        journal_entry_id=post_entry(entry, actor=actor).id,
        reason_digest=remark.digest,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    rows = [(line.id, back.id, line.amount_satang) for line in lines]
    names = ("line_id", "return_id", "amount_satang")
    many_rows.write_values(connection_of_work(), "share_return_lines", names, rows)
    db.session.add(back)
    db.session.flush()
    move_on(request, status, verb="share-back", actor=actor, note=remark.trace)
    db.session.expire(payout, ["share_returns"])
    return back


def _require_day(payout: Payout, returned_on: date) -> None:
    if not payout.paid_on <= returned_on <= clock.today():
        raise ComebackDayError(field="returned_on")


def _lines_of(
    request: DisbursementRequest, codes: Sequence[str], amount_satang: int
) -> list[RequestLine]:
    """The lines of these children, whose shares are out and come to the amount: ShareOutError,
    ShareSumError. Not all lines at once: AllSharesError.
    """
    back = days_of_shares_back(request)
    out = {line.child.code: line for line in request.lines if line.id not in back}
    chosen = list(dict.fromkeys(codes))
    unknown = [code for code in chosen if code not in out]
    if unknown or not chosen:
        raise ShareOutError(field="codes", params={"codes": first_codes(unknown) or "–"})
    lines = [out[code] for code in chosen]
    satang = sum(line.amount_satang for line in lines)
    if satang != amount_satang:
        params = {"shares": format_baht(satang), "amount": format_baht(amount_satang)}
        raise ShareSumError(field="codes", params=params)
    if len(lines) == len(request.lines):
        raise AllSharesError(field="codes")
    return lines
