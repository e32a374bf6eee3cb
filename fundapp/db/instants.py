"""Time only goes forward: no instant and no id is behind what the database already has.

A clock that was set back, or that is behind those of other servers, would otherwise put an entry
before the one that it reverses. While it is behind, time stands still at the newest instant.

The newest instant is looked up in the journal and the trail.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from fundapp import clock, ids
from fundapp.db.columns import read_instant

_NEVER = datetime.min.replace(tzinfo=UTC)
#: Seconds after which the newest row is looked up again, for what other processes have written.
LOOK_EVERY = 1.0
#: A clock that is further behind than this is named.
TOLERANCE = timedelta(minutes=1)

_NEWEST = (
    "SELECT id, posted_at FROM journal_entries ORDER BY id DESC LIMIT 1",
    "SELECT id, at FROM audit_events ORDER BY id DESC LIMIT 1",
)


@dataclass(slots=True)
class _Newest:
    """The newest instant of a database, when it was looked up (seconds of the monotonic clock), and
    what the clock said last.
    """

    instant: datetime = _NEVER
    looked_at: float = float("-inf")
    clock_said: datetime = _NEVER


_newest: WeakKeyDictionary[Engine, _Newest] = WeakKeyDictionary()


def present(connection: Connection) -> datetime:
    """The present instant, not behind the newest one of the connection's database."""
    now = clock.now()
    return max(now, _newest_at(connection, now))


def behind(connection: Connection) -> timedelta | None:
    """How far the clock is behind the newest row, if it is more than `TOLERANCE`; else None."""
    now = clock.now()
    late = _newest_at(connection, now) - now
    return late if late > TOLERANCE else None


def _newest_at(connection: Connection, now: datetime) -> datetime:
    known = _newest.get(connection.engine) or _newest.setdefault(connection.engine, _Newest())
    was_set_back, known.clock_said = now < known.clock_said, now
    if was_set_back or time.monotonic() - known.looked_at >= LOOK_EVERY:
        for statement in _NEWEST:
            row = connection.exec_driver_sql(statement).one_or_none()
            if row is not None:
                instant = read_instant(row[1])
                known.instant = max(known.instant, instant or known.instant)
                ids.continue_after(row[0])
        known.looked_at = time.monotonic()
    return known.instant
