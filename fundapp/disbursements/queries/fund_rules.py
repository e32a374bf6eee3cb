"""The rules of funds: what counts on a day, and what counted before."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, lazyload

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


def list_rules_in_force(on: date) -> dict[str, FundRules]:
    """The rules of each fund that count on a day, by the fund's code; none of one without rules."""
    begun = aliased(FundRules)
    newest = select(func.max(begun.starts_on)).where(
        begun.fund_code == FundRules.fund_code, begun.starts_on <= on
    )
    rules = select(FundRules).where(FundRules.starts_on == newest.scalar_subquery())
    found = db.session.scalars(rules.options(lazyload(FundRules.confirmed_by)))
    return {each.fund_code: each for each in found}


def list_fund_rules(fund_code: str) -> Sequence[FundRules]:
    """The newest rules of the fund, those that begin later first."""
    newest = select(FundRules).where(FundRules.fund_code == fund_code)
    return db.session.scalars(newest.order_by(FundRules.starts_on.desc()).limit(_MOST_SHOWN)).all()
