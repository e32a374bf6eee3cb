"""Which days can still be posted on."""

from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.db import db
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.models import Period, PeriodStatus
from fundapp.ledger.periods import month_start


def first_open_day(day: date) -> date:
    """The day in the books of what happened on ``day``: that day, or the first day of the next open
    month when its own is closed. PeriodClosedError when no month up to today is open.
    """
    open_months = (
        select(Period.starts_on)
        .where(
            Period.status == PeriodStatus.OPEN,
            Period.starts_on.between(month_start(day), clock.today()),
        )
        .order_by(Period.starts_on)
    )
    month = db.session.scalar(open_months.limit(1))
    if month is None:
        raise PeriodClosedError(field="entry_on")
    return max(day, month)
