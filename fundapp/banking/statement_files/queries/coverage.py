"""Which days of an account the imported files cover, and which of them are over for good."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from fundapp.banking.models import BankAccount, Statement
from fundapp.banking.statement_files.queries.balances import counted, find_bank_balance
from fundapp.db import db

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The files that count and touch some days, in the order of import."""

    statements: Sequence[Statement]
    #: Files that begin on a day, by the day before it, when that day ends as they begin.
    next_files: dict[date, Statement]
    #: The last day that any file of the account covers.
    latest_on: date | None

    def covers(self, day: date) -> bool:
        """Whether a file covers the day, even if it may go on."""
        return any(each.from_on <= day <= each.to_on for each in self.statements)

    def file_past(self, day: date) -> Statement | None:
        """The newest file that knows the day to its end, or begins where it ends."""
        past = [each for each in self.statements if each.from_on <= day < each.to_on]
        if past:
            return max(past, key=lambda each: (each.to_on, each.id))
        return self.next_files.get(day)

    def newest_to_on(self, day: date) -> date | None:
        """The latest last day of the files that cover the day."""
        ends = (each.to_on for each in self.statements if each.from_on <= day <= each.to_on)
        return max(ends, default=None)

    def connects(self, day: date) -> Statement | None:
        """The newest file that covers both the day and the one before."""
        both = [each for each in self.statements if each.from_on < day <= each.to_on]
        return max(both, key=lambda each: (each.to_on, each.id), default=None)

    def first_file(self, day: date) -> Statement | None:
        """The file whose opening balance is that of the day, when the days before are not in it."""
        begin = [each for each in self.statements if each.from_on == day]
        if not begin or self.connects(day):
            return None
        return max(begin, key=lambda each: (each.to_on, each.id))


def load_coverage(account_code: str, from_on: date, to_on: date) -> Coverage:
    """The coverage of these days and of one day on each side."""
    nearby = (
        select(Statement)
        .where(
            counted(account_code),
            Statement.from_on <= to_on + _DAY,
            Statement.to_on >= from_on - _DAY,
        )
        .options(lazyload(Statement.bank_account))
        .order_by(Statement.id)
    )
    statements = list(db.session.scalars(nearby))
    latest = db.session.scalar(select(func.max(Statement.to_on)).where(counted(account_code)))
    return Coverage(statements, _next_files(account_code, statements), latest)


def find_first_days() -> dict[str, date]:
    """The first day of each account that any file of it covers."""
    first = (
        select(Statement.from_on)
        .where(counted(BankAccount.code))
        .order_by(Statement.from_on)
        .limit(1)
        .correlate(BankAccount)
        .scalar_subquery()
    )
    statement = select(BankAccount.code, first).where(first.is_not(None))
    return dict(db.session.execute(statement).all())


def find_covered_days(from_on: date, to_on: date) -> dict[str, list[tuple[date, date]]]:
    """The first and the last day of each file that covers some of these days, by account."""
    statement = (
        select(BankAccount.code, Statement.from_on, Statement.to_on)
        .join(Statement, counted(BankAccount.code))
        .where(Statement.from_on <= to_on, Statement.to_on >= from_on)
    )
    covered: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for code, first, last in db.session.execute(statement):
        covered[code].append((first, last))
    return covered


def _next_files(account_code: str, statements: Sequence[Statement]) -> dict[date, Statement]:
    ends = {each.to_on for each in statements}
    following = [each for each in statements if each.from_on - _DAY in ends]
    return {
        each.from_on - _DAY: each
        for each in following
        if find_bank_balance(account_code, each.from_on - _DAY) == each.opening_satang
    }
