"""The only place that reads the time.

Instants are aware UTC datetimes in whole seconds; days are days in Thailand, where the fund's books
are kept (Asia/Bangkok, UTC+7 the year round).
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


def now() -> datetime:
    """The present instant, aware, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The present day in Thailand."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The day in Thailand at which ``moment`` falls."""
    return moment.astimezone(BANGKOK).date()


def iso(moment: datetime) -> str:
    """``YYYY-MM-DDThh:mm:ssZ``, the one written form of an instant in canonical bytes and
    exports.
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
