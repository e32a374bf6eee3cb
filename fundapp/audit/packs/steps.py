"""What the command and the page of packs ask alike."""

from datetime import date, timedelta

from fundapp import clock
from fundapp.audit.packs.errors import PackDaysError

#: The longest period of a pack.
MOST_DAYS = 3 * 366


def require_days(from_on: date, to_on: date) -> None:
    """PackDaysError for days that a pack cannot cover."""
    too_many = timedelta(days=MOST_DAYS)
    if to_on < from_on or to_on > clock.today() or to_on - from_on > too_many:
        raise PackDaysError(field="to_on")
