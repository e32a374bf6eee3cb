"""The bank's own balance of an account at the end of a day, as far as statements cover it."""

from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from fundapp.banking.models import LineStatus, Statement, StatementLine
from fundapp.db import db


def counted(account_code: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The condition for files of an account whose import was not undone."""
    return (Statement.bank_account_code == account_code) & Statement.undone_at.is_(None)


def find_bank_balance(account_code: str, day: date) -> int | None:
    """Satang at the end of ``day``, negative if overdrawn; None if no statement covers that day."""
    covering = (
        select(Statement.from_on, Statement.opening_satang)
        .where(
            counted(account_code),
            Statement.from_on <= day,
            Statement.to_on >= day,
        )
        .order_by(Statement.to_on.desc(), Statement.id.desc())
        .limit(1)
    )
    statement = db.session.execute(covering).one_or_none()
    if statement is None:
        return None
    last_balance = (
        select(StatementLine.balance_satang)
        .where(
            StatementLine.bank_account_code == account_code,
            StatementLine.status != LineStatus.WITHDRAWN,
            StatementLine.booked_on.between(statement.from_on, day),
        )
        .order_by(StatementLine.booked_on.desc(), StatementLine.day_position.desc())
        .limit(1)
    )
    balance = db.session.scalar(last_balance)
    opening: int = statement.opening_satang
    return opening if balance is None else balance


def find_last_day(account_code: str, until: date) -> date | None:
    """The last day up to ``until`` that a statement covers; None when there is none."""
    last_end = (
        select(Statement.to_on)
        .where(
            counted(account_code),
            Statement.from_on <= until,
        )
        .order_by(Statement.to_on.desc())
        .limit(1)
    )
    last = db.session.scalar(last_end)
    return None if last is None else min(last, until)


def find_last_before(account_code: str, day: date) -> date | None:
    """The last day that a statement which begins before ``day`` covers; None without one."""
    return db.session.scalar(
        select(func.max(Statement.to_on)).where(
            counted(account_code),
            Statement.from_on < day,
        )
    )
