"""Booking that the bank took a gift back, from the line that says so."""

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import DoesNotFitError, WrongDirectionError
from fundapp.banking.matching import reasons
from fundapp.banking.matching.steps import change_status, record_match, statement_of
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match, StatementLine
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.db import db
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
