"""The only place that reads the time.

Instants are aware UTC datetimes in whole seconds; days are days in Thailand, where the fund's books
are kept (Asia/Bangkok, UTC+7 the year round).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

#: The past instant at which this context stands, while history is loaded.
_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The present instant, aware, UTC, whole seconds."""
    return _standing.get() or datetime.now(UTC).replace(microsecond=0)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand at a past instant, for loading history only: the demo's, or books that are taken over.

    It holds for this context alone, so no request is ever answered in the past. ValueError for an
    instant without a zone, and for one still to come: history ends now.
    """
    if moment.tzinfo is None or moment > datetime.now(UTC):
        raise ValueError("history needs an aware instant that has gone by")
    token = _standing.set(moment.astimezone(UTC).replace(microsecond=0))
    try:
        yield
    finally:
        _standing.reset(token)


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
    return moment.astimezone(UTC).isoformat()[:19] + "Z"
