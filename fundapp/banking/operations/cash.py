"""Cash on its way between the fund's own cash box and its accounts at the bank."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.banking import reasons
from fundapp.banking.errors import CashShortError, OtherAccountError
from fundapp.banking.models import Match
from fundapp.banking.operations.locking import statement_of, take_line, tie
from fundapp.banking.queries.cash import cash_sides
from fundapp.banking.reasons import sentence
from fundapp.banking.workflow import LineAction
from fundapp.db import lock
from fundapp.errors import NotFoundError
from fundapp.ids import new_public_id
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import AccountUse, EntryKind, Fund
from fundapp.ledger.operations import post_entry
from fundapp.ledger.queries import balances_as_of
from fundapp.markers import N_
from fundapp.money import format_baht

#: Memos are message ids, translated where the books are shown.
PAID_IN_MEMO = N_("Cash paid into the bank")
DRAWN_MEMO = N_("Cash drawn from the bank")


def book_cash(public_id: str, *, fund_code: str, actor: Actor) -> Match:
    """Book a line as the fund's own cash that was paid in or drawn, on the day of the line.

    It is no gift and no cost: the money only changes its place. Raises NotFoundError,
    LineTakenError, OtherAccountError, CashShortError and PeriodClosedError.
    """
    line = take_line(public_id, LineAction.MATCH)
    fund = lock(select(Fund).where(Fund.code == fund_code))
    if fund is None:
        raise NotFoundError
    if statement_of(line).bank_account.account_code not in fund.account_codes(AccountUse.BANK):
        raise OtherAccountError(field="cash_fund")
    debit, credit = cash_sides(line)
    held = _held(fund.code, credit)
    if held < line.moved_satang:
        raise CashShortError(field="cash_fund", params={"held": format_baht(held)})
    draft = EntryDraft(
        kind=EntryKind.TRANSFER,
        entry_on=line.booked_on,
        memo=PAID_IN_MEMO if line.deposit_satang else DRAWN_MEMO,
        postings=[PostingDraft(fund.code, debit, credit, line.moved_satang)],
        source_type="statement_line",
        source_ref=line.public_id,
        maker=actor.ref,
        # After an undone match the line may be booked anew, so the line is not the key.
        idempotency_key=f"bank-cash:{new_public_id()}",
    )
    posted = post_entry(draft, actor=actor)
    return tie(line, [sentence(reasons.OWN_CASH)], journal_entry_id=posted.id, actor=actor)


def _held(fund_code: str, account_code: str) -> int:
    """What the books have of the fund in the account now, in satang."""
    moved = balances_as_of(clock.today(), fund_code).get((fund_code, account_code))
    return moved.balance_satang if moved else 0
