"""The only place that reads the time.

Instants are aware UTC datetimes in whole seconds; days are days in Thailand, where the fund's books
are kept (Asia/Bangkok, UTC+7 the year round).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

#: What `now` answers in this context while history is loaded; None for the present.
_past_instant: ContextVar[datetime | None] = ContextVar("past_instant", default=None)


#: What `now` answers in this context while a unit of work runs; None outside of one.
_held_instant: ContextVar[datetime | None] = ContextVar("held_instant", default=None)


def now() -> datetime:
    """The present instant, aware, UTC, whole seconds; the same throughout a unit of work."""
    return _past_instant.get() or _held_instant.get() or datetime.now(UTC).replace(microsecond=0)


def reading() -> datetime:
    """What the clock says, also while a unit of work holds its instant: to tell later how long ago
    something was. It goes back when somebody sets the clock back; what is recorded has `now`.
    """
    return _past_instant.get() or datetime.now(UTC).replace(microsecond=0)


class held:  # noqa: N801 (every unit of work enters it; a generator would cost twice as much)
    """Let `now` answer ``moment`` until the block ends: one unit of work has one instant."""

    __slots__ = ("_moment", "_token")

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def __enter__(self) -> None:
        self._token = _held_instant.set(self._moment)

    def __exit__(self, *_: object) -> None:
        _held_instant.reset(self._token)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now` answer a past instant, for loading history only: the demo's, or older books.

    It holds for this context alone, so no request is ever answered in the past. ValueError for an
    instant without a time zone or in the future.
    """
    if moment.tzinfo is None or moment > datetime.now(UTC):
        raise ValueError("history needs an aware instant that is not in the future")
    token = _past_instant.set(moment.astimezone(UTC).replace(microsecond=0))
    try:
        yield
    finally:
        _past_instant.reset(token)


def today() -> date:
    """The present day in Thailand."""
    return local_day(now())


def local_day(moment: datetime) -> date:
    """The day in Thailand of ``moment``."""
    return moment.astimezone(BANGKOK).date()


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants at which the first day begins in Thailand and the last one is over."""
    begin = datetime.combine(first, time.min, BANGKOK)
    return begin, datetime.combine(last + timedelta(days=1), time.min, BANGKOK)


@lru_cache(maxsize=64)  # a second has many writes, and each writes its instant twice
def iso(moment: datetime) -> str:
    """``YYYY-MM-DDThh:mm:ssZ``, the one written form of an instant in canonical bytes and
    exports.
    """
    return moment.astimezone(UTC).isoformat()[:19] + "Z"
