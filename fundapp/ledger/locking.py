"""Row locks of the books, held until the unit of work ends."""

from sqlalchemy import select

from fundapp.db import lock
from fundapp.errors import NotFoundError
from fundapp.ledger.models import FundBalance


def lock_fund(code: str) -> None:
    """Wait until nobody else takes money out of the fund; others wait until the unit of work ends.

    Taken before any other lock by what moves a fund's money; NotFoundError when there is no such
    fund.
    """
    balance = select(FundBalance.fund_code).where(FundBalance.fund_code == code)
    if lock(balance) is None:
        raise NotFoundError
