"""Moving money between a fund's own accounts: from a line, from two lines, or from a slip."""

from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.errors import DoesNotFitError, TransferRefusedError
from fundapp.banking.matching import reasons
from fundapp.banking.matching.drafts import Transfer
from fundapp.banking.matching.steps import (
    change_status,
    record_match,
    require_whole,
    slip_number,
    statement_of,
)
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match, StatementLine
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.ids import new_public_id
from fundapp.ledger.drafts import EntryDraft, PostingDraft, entry_number
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import AccountUse, EntryKind, Fund
from fundapp.ledger.operations import PostedEntry, post_entry
from fundapp.ledger.queries import first_open_day
from fundapp.markers import N_
from fundapp.trail.operations import record_event

#: Memos are message ids, translated where the books are shown.
PAID_IN_MEMO = N_("Cash paid into the bank")
DRAWN_MEMO = N_("Cash drawn from the bank")
MOVED_MEMO = N_("Money moved between the fund's own accounts")


def book_transfer(
    public_id: str,
    *,
    fund_code: str,
    other_account_code: str,
    other_line: str | None = None,
    actor: Actor,
) -> Match:
    """Book a line as the fund's own money, moved to or from another of its accounts.

    ``other_line`` is the line of the other bank account, if it is there already: one entry is then
    matched to both. Without it the entry is offered to that line when it comes. The entry is of the
    day on which the money left. Raises ForbiddenError, NotFoundError, LineTakenError,
    PartlyMatchedError, DoesNotFitError, OtherAccountError, AccountShortError and PeriodClosedError.
    """
    require(may_match_lines(actor))
    # In one order, so that two officers who begin at either end do not wait for each other.
    public_ids = sorted({public_id, other_line or public_id})
    lines = {each: change_status(each, LineAction.MATCH) for each in public_ids}
    for each in lines.values():
        require_whole(each)
    line, other = lines[public_id], lines[other_line] if other_line else None
    here = _account_of(line)
    if other is not None and (
        _account_of(other) != other_account_code or _signed(other) != -_signed(line)
    ):
        raise DoesNotFitError
    there_here = (other_account_code, here)
    from_code, to_code = there_here if line.deposit_satang else there_here[::-1]
    left = other if other is not None and other.withdrawal_satang else line
    transfer = Transfer(fund_code, from_code, to_code, line.moved_satang, left.booked_on)
    # A line whose match was undone may be booked again, so the line cannot be the key.
    key = f"own-transfer:{new_public_id()}"
    posted = _post(transfer, "statement_line", line.public_id, key, actor)
    why = [sentence(reasons.OWN_MONEY)]
    if other is not None:
        record_match(other, why, journal_entry_id=posted.id, actor=actor)
    return record_match(line, why, journal_entry_id=posted.id, actor=actor)


def record_transfer(transfer: Transfer, *, slip: str = "", key: str, actor: Actor) -> PostedEntry:
    """Book a transfer before its lines are there, with the number of its deposit slip.

    The same ``key`` twice is the same transfer. Its lines are matched to it when they come. Raises
    ForbiddenError, NotFoundError, TransferRefusedError, OtherAccountError, AccountShortError,
    PeriodClosedError, PersonalDataError and IdempotencyConflictError.
    """
    require(may_match_lines(actor))
    if transfer.moved_on > clock.today():
        raise TransferRefusedError(N_("This day is still to come."), field="moved_on")
    if transfer.satang <= 0:
        raise TransferRefusedError(N_("The amount must be more than zero."), field="amount")
    slip = slip_number(slip)
    source_type = "deposit_slip" if slip else "own_transfer"
    posted = _post(transfer, source_type, slip or key, f"own-transfer:{key}", actor)
    if not posted.replayed:
        record_event(
            "banking:transfer:record",
            actor=actor,
            subject_type="journal_entry",
            subject_ref=entry_number(posted.id),
        )
        db.session.flush()
    return posted


def _post(
    transfer: Transfer, source_type: str, source_ref: str, key: str, actor: Actor
) -> PostedEntry:
    fund = lock(select(Fund).where(Fund.code == transfer.fund_code))
    if fund is None:
        raise NotFoundError
    from_code, to_code = transfer.from_account_code, transfer.to_account_code
    if not {from_code, to_code}.issubset(fund.own_account_codes):
        raise OtherAccountError(field="move")
    if from_code == to_code:
        raise TransferRefusedError(N_("Choose two accounts."), field="move")
    draft = EntryDraft(
        kind=EntryKind.TRANSFER,
        entry_on=_entry_day(transfer, source_type),
        memo=_memo(fund, from_code, to_code),
        postings=[PostingDraft(fund.code, to_code, from_code, transfer.satang)],
        source_type=source_type,
        source_ref=source_ref,
        maker=actor.ref,
        idempotency_key=key,
    )
    return post_entry(draft, actor=actor)


def _entry_day(transfer: Transfer, source_type: str) -> date:
    """What a bank states late goes into the next open month; what a person types does not."""
    is_of_line = source_type == "statement_line"
    return first_open_day(transfer.moved_on) if is_of_line else transfer.moved_on


def _memo(fund: Fund, from_code: str, to_code: str) -> str:
    cash = fund.account_codes(AccountUse.CASH)
    if (from_code in cash) is (to_code in cash):
        return MOVED_MEMO
    return PAID_IN_MEMO if from_code in cash else DRAWN_MEMO


def _account_of(line: StatementLine) -> str:
    return statement_of(line).bank_account.account_code


def _signed(line: StatementLine) -> int:
    return line.deposit_satang - line.withdrawal_satang
