"""Row locks of the books, held until the unit of work ends."""

from sqlalchemy import select

from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.ledger.models import Fund, FundBalance


def lock_fund(code: str) -> None:
    """Wait until nobody else takes money out of the fund; others wait until the unit of work ends.

    Taken before any other lock by what moves a fund's money; NotFoundError when there is no such
    fund.
    """
    balance = select(FundBalance.fund_code).where(FundBalance.fund_code == code)
    if lock(balance) is None:
        raise NotFoundError


def lock_fund_row(code: str) -> Fund:
    """The fund, locked to be changed: what posts to it, or is made for it, waits. NotFoundError."""
    fund = lock(select(Fund).where(Fund.code == code))
    if fund is None:
        raise NotFoundError
    return fund


def hold_fund(code: str) -> Fund | None:
    """The fund as it is now, not changed by others until the unit of work ends; those who use it
    too do not wait. None when there is no such fund.
    """
    statement = select(Fund).where(Fund.code == code).with_for_update(read=True, key_share=True)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
