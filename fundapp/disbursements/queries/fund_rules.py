"""The rules of funds: what counts on a day, and what counted before."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from fundapp.db import db
from fundapp.disbursements.models import FundRules

#: How many versions of the rules a page shows.
_MOST_SHOWN = 50


def find_fund_rules(fund_code: str, on: date, *, until: datetime | None = None) -> FundRules | None:
    """The rules of the fund that count on a day; with ``until``, of those confirmed by then."""
    begun = select(FundRules).where(FundRules.fund_code == fund_code, FundRules.starts_on <= on)
    if until is not None:
        begun = begun.where(FundRules.recorded_at <= until)
    return db.session.scalar(begun.order_by(FundRules.starts_on.desc()).limit(1))


def list_fund_rules(fund_code: str) -> Sequence[FundRules]:
    """The newest rules of the fund, those that begin later first."""
    newest = select(FundRules).where(FundRules.fund_code == fund_code)
    return db.session.scalars(newest.order_by(FundRules.starts_on.desc()).limit(_MOST_SHOWN)).all()
