"""Bank reconciliation: the bank's balance, the books' balance of an account, and each difference.

A reconciliation covers the month of the day asked for, so its cost does not grow with the journal:
the difference at the beginning of the month is one item, which the reconciliation of the day before
explains. From then on

    bank − books = brought forward + lines without entry − entries without line + days not covered

where a line and an entry belong together when they are matched and both are within the days.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    select,
)

from fundapp.banking.models import BankAccount, Statement
from fundapp.banking.reconciliation.differences import (
    Differences,
    ask_for,
    entries_without_line,
    lines_without_entry,
    sum_differences,
    sum_lines,
    sum_settled,
)
from fundapp.banking.statement_files.queries import find_bank_balance, find_last_day
from fundapp.db import db
from fundapp.ledger.periods import month_start
from fundapp.ledger.queries import balances_as_of

_DAY = timedelta(days=1)
#: Debits less credits of an account of the books at the end of a day.
BookBalance = Callable[[str, date], int]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """An account at the end of ``day``. Amounts are satang, money in positive."""

    account: BankAccount
    day: date
    from_on: date
    bank_satang: int
    book_satang: int
    brought_forward_satang: int
    lines: Differences
    entries: Differences

    @property
    def difference_satang(self) -> int:
        """Bank less books."""
        return self.bank_satang - self.book_satang

    @property
    def unexplained_satang(self) -> int:
        """What no item explains: movements on days that no statement covers. Normally 0."""
        explained = (
            self.brought_forward_satang + self.lines.total_satang - self.entries.total_satang
        )
        return self.difference_satang - explained


def reconcile(
    account: BankAccount,
    day: date,
    *,
    with_items: bool = True,
    book_balance: BookBalance | None = None,
) -> Reconciliation | None:
    """The reconciliation of ``day``, or of the last day before it that a statement covers; without
    the items of its differences if these are not wanted. ``book_balance`` gives balances of the
    books to whoever reads those of several accounts at once.

    None when every statement of the account begins later.
    """
    last_day = find_last_day(account.code, day)
    bank_satang = find_bank_balance(account.code, last_day) if last_day else None
    if last_day is None or bank_satang is None:
        return None
    from_on, opening = _start(account.code, last_day)
    balance = book_balance or _book_balance
    asked = ask_for(account, from_on, last_day)
    if with_items:
        lines, entries = lines_without_entry(asked), entries_without_line(asked)
    else:
        lines, entries = sum_differences(asked)
    return Reconciliation(
        account=account,
        day=last_day,
        from_on=from_on,
        bank_satang=bank_satang,
        book_satang=balance(account.account_code, last_day),
        brought_forward_satang=opening - balance(account.account_code, from_on - _DAY),
        lines=lines,
        entries=entries,
    )


def find_unexplained(account: BankAccount, day: date) -> tuple[date, int] | None:
    """The day of the reconciliation of ``day`` and what it does not explain, without its items.

    The balances of the books are not read: what the entries moved stands on both sides, but for
    those that are settled.
    """
    last_day = find_last_day(account.code, day)
    bank_satang = find_bank_balance(account.code, last_day) if last_day else None
    if last_day is None or bank_satang is None:
        return None
    from_on, opening = _start(account.code, last_day)
    asked = ask_for(account, from_on, last_day)
    return last_day, bank_satang - opening - sum_lines(asked) - sum_settled(asked)


def _start(account_code: str, day: date) -> tuple[date, int]:
    """The first day of the reconciliation and the bank's balance before it."""
    month = month_start(day)
    before = find_bank_balance(account_code, month - _DAY)
    if before is not None:
        return month, before
    first = (
        select(Statement.from_on, Statement.opening_satang)
        .where(
            Statement.bank_account_code == account_code,
            Statement.undone_at.is_(None),
            Statement.to_on >= month,
            Statement.from_on <= day,
        )
        .order_by(Statement.from_on, Statement.to_on.desc(), Statement.id.desc())
        .limit(1)
    )
    from_on, opening = db.session.execute(first).one()
    return from_on, opening


def _book_balance(account_code: str, day: date) -> int:
    """Debits less credits of the account in the books at the end of ``day``."""
    moved = balances_as_of(day, account_codes=[account_code])
    return sum(each.balance_satang for each in moved.values())
