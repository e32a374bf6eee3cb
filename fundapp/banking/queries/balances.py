"""What the bank says an account held at the end of a day, as far as statements cover it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fundapp.banking.models import Statement, StatementLine
from fundapp.db import db


@dataclass(frozen=True, slots=True)
class BankBalance:
    """The bank's balance at the end of ``day``, satang; may be negative."""

    day: date
    satang: int


def find_bank_balance(account_code: str, day: date) -> BankBalance | None:
    """The balance at the end of ``day``; None when no statement covers that day."""
    covering = (
        select(Statement.from_on, Statement.opening_satang)
        .where(
            Statement.bank_account_code == account_code,
            Statement.from_on <= day,
            Statement.to_on >= day,
        )
        .order_by(Statement.from_on.desc())
        .limit(1)
    )
    statement = db.session.execute(covering).one_or_none()
    if statement is None:
        return None
    # Rows of a day are numbered in the order in which the bank booked them.
    last = (
        select(StatementLine.balance_satang)
        .where(
            StatementLine.bank_account_code == account_code,
            StatementLine.booked_on.between(statement.from_on, day),
        )
        .order_by(StatementLine.booked_on.desc(), StatementLine.id.desc())
        .limit(1)
    )
    balance = db.session.scalar(last)
    return BankBalance(day, statement.opening_satang if balance is None else balance)


def find_last_day(account_code: str, until: date | None = None) -> date | None:
    """The last day that a statement covers, not after ``until``; None when there is none."""
    statement = select(Statement.to_on).where(Statement.bank_account_code == account_code)
    if until is not None:
        statement = statement.where(Statement.from_on <= until)
    last = db.session.scalar(statement.order_by(Statement.to_on.desc()).limit(1))
    return last if last is None or until is None else min(last, until)
