"""Booking that the bank took a gift back or sent help back, or that a payee gave shares of help
back, from the line that says so.
"""

from collections.abc import Sequence

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import DoesNotFitError, VoucherUnknownError, WrongDirectionError
from fundapp.banking.matching import reasons
from fundapp.banking.matching.steps import change_status, record_match, statement_of
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match, StatementLine
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Payout, ReturnCause
from fundapp.disbursements.operations import record_comeback, record_share_return
from fundapp.disbursements.queries import is_payment_of_request
from fundapp.errors import NotFoundError
from fundapp.giving.locking import lock_payment
from fundapp.giving.models import Payment, ReturnReason
from fundapp.giving.operations import return_payment
from fundapp.giving.queries import find_taking
from fundapp.ledger.models import Posting


def book_return(
    public_id: str, *, payment_public_id: str, reason: ReturnReason, actor: Actor
) -> Match:
    """Book a line of money out as the return of a payment, on the day of the line, and match it to
    the entry.

    Raises ForbiddenError, NotFoundError, LineTakenError, WrongDirectionError, DoesNotFitError, and
    what `return_payment` raises.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    payment = lock_payment(payment_public_id)
    _require_same_money(line, payment)
    returned = return_payment(
        payment_public_id, reason=reason, returned_on=line.booked_on, actor=actor
    )
    why = [sentence(reasons.RETURN_OF, received_on=payment.received_on), sentence(reason.label)]
    # What is left of a gift that was refunded has gone through what is owed to its giver.
    entry_id = find_taking(returned) or returned.reversal_entry_id
    return record_match(line, why, journal_entry_id=entry_id, actor=actor)


def book_comeback(public_id: str, *, payout_public_id: str, reason: str, actor: Actor) -> Match:
    """Book a line of money in as the return of a payment of help, on the day of the line, and match
    it to the entry; the request is with who asked again.

    Raises ForbiddenError, NotFoundError, LineTakenError, WrongDirectionError, DoesNotFitError, and
    what `record_comeback` raises.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    if not line.deposit_satang:
        raise WrongDirectionError
    named = select(DisbursementRequest.public_id, DisbursementRequest.version, Payout)
    by_payout = named.join(Payout, Payout.request_id == DisbursementRequest.id)
    found = db.session.execute(by_payout.where(Payout.public_id == payout_public_id)).one_or_none()
    if found is None:
        raise NotFoundError
    request_id, version, payout = found
    account_code = statement_of(line).bank_account.account_code
    is_same = payout.amount_satang == line.deposit_satang
    if not is_same or payout.paid_from_account_code != account_code or payout.comeback is not None:
        raise DoesNotFitError
    back = record_comeback(
        request_id,
        version=version,
        cause=ReturnCause.BANK,
        returned_on=line.booked_on,
        reason=reason,
        actor=actor,
    )
    why = [sentence(reasons.COMEBACK_OF, voucher=payout.voucher)]
    return record_match(line, why, journal_entry_id=back.journal_entry_id, actor=actor)


def book_share_return(
    public_id: str, *, voucher: str, codes: Sequence[str], reason: str, actor: Actor
) -> Match:
    """Book a line of money in as the shares of some children that a payee gave back, on the day of
    the line, and match it to the entry; the rest of the payment stays.

    Raises ForbiddenError, NotFoundError, LineTakenError, WrongDirectionError, VoucherUnknownError,
    and what `record_share_return` raises.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    if not line.deposit_satang:
        raise WrongDirectionError
    named = select(DisbursementRequest.public_id, DisbursementRequest.version, Payout)
    standing = named.join(Payout, is_payment_of_request())
    found = db.session.execute(standing.where(Payout.voucher == voucher)).one_or_none()
    account_code = statement_of(line).bank_account.account_code
    if found is None or found[2].paid_from_account_code != account_code:
        raise VoucherUnknownError(field="voucher")
    request_id, version, payout = found
    back = record_share_return(
        request_id,
        version=version,
        cause=ReturnCause.PAYEE,
        returned_on=line.booked_on,
        amount_satang=line.deposit_satang,
        codes=codes,
        reason=reason,
        actor=actor,
    )
    why = [sentence(reasons.SHARES_OF, voucher=payout.voucher)]
    return record_match(line, why, journal_entry_id=back.journal_entry_id, actor=actor)


def _require_same_money(line: StatementLine, payment: Payment) -> None:
    """The line takes as much out of the account as the payment brought in."""
    if not line.withdrawal_satang:
        raise WrongDirectionError
    debited = select(Posting.debit_account_code).where(Posting.entry_id == payment.journal_entry_id)
    account_code = statement_of(line).bank_account.account_code
    if payment.amount_satang != line.withdrawal_satang or set(db.session.scalars(debited)) != {
        account_code
    }:
        raise DoesNotFitError
