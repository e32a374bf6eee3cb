"""The money that waits in the books, and the lines that it came with."""

from collections import Counter

from sqlalchemy import select

from fundapp import clock
from fundapp.banking.models import Match, StatementLine
from fundapp.db import db
from fundapp.ledger import chart
from fundapp.ledger.models import EntryKind, Fund, FundAccount, JournalEntry, Restriction
from fundapp.ledger.queries import balances_as_of, is_of_kinds
from fundapp.markers import N_

#: Memos are message ids, translated where the books are shown.
WAITING_MEMO = N_("Money not identified yet")
GIVEN_BACK_MEMO = N_("Money not identified, given back")

_WAITS = (chart.NOT_IDENTIFIED, chart.INTEREST_KEPT_APART)


def find_first_fund(account_code: str) -> Fund | None:
    """The first fund that keeps money in an account, an unrestricted one if there is any."""
    kept_here = (
        select(Fund)
        .join(FundAccount, FundAccount.fund_code == Fund.code)
        .where(FundAccount.account_code == account_code)
        .order_by(Fund.restriction != Restriction.UNRESTRICTED, Fund.position, Fund.code)
    )
    return db.session.scalar(kept_here.limit(1))


def sum_waiting() -> dict[tuple[str, str], int]:
    """Satang that wait, by fund and account of the books."""
    return {
        key: -moved.balance_satang
        for code in _WAITS
        for key, moved in balances_as_of(clock.today(), account_codes=[code]).items()
        if moved.balance_satang
    }


def list_waiting() -> list[StatementLine]:
    """The lines whose money waits in the books, the oldest first.

    Money that was given back no longer waits: of equal amounts on one account the oldest is taken.
    """
    of_suspense = (
        select(StatementLine)
        .join(Match, Match.line_id == StatementLine.id)
        .join(JournalEntry, JournalEntry.id == Match.journal_entry_id)
        .where(
            is_of_kinds(EntryKind.SUSPENSE),
            JournalEntry.memo.in_((WAITING_MEMO, GIVEN_BACK_MEMO)),
            Match.undone_at.is_(None),
        )
        .order_by(StatementLine.booked_on, StatementLine.id)
    )
    lines = list(db.session.scalars(of_suspense))
    given_back = Counter((each.bank_account_code, each.withdrawal_satang) for each in lines)
    waiting = []
    for line in lines:
        key = (line.bank_account_code, line.deposit_satang)
        if line.deposit_satang and given_back[key]:
            given_back[key] -= 1
        elif line.deposit_satang:
            waiting.append(line)
    return waiting
