"""The unit of work: the only place that commits, and the row locks that it holds until then."""

import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError

from fundapp.db.engines import begin_to_write, db

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 5
#: Seconds, times the attempt, before the victim of a deadlock runs again: if it ran at once, it
#: could lock its row before the other transaction gets it, and cause the same deadlock again.
PAUSE = 0.02
#: PostgreSQL: serialisation failure, deadlock. The same work may succeed when it runs again.
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})
#: PostgreSQL: the server is shutting down, has crashed, or is still starting.
LOST_SQLSTATES = frozenset({"57P01", "57P02", "57P03"})
#: Two requests inserted the same key, reference, address or account at the same time: the second,
#: run again, finds the first one's row. Two processes made the same id: the second makes another.
RETRYABLE_CONSTRAINT = re.compile(
    r"\b(pk_\w+|uq_\w+_(idempotency_key|external_ref|reference|email|user_id))\b"
)

#: The connection of the unit of work that runs in this context.
_connection: ContextVar[Connection | None] = ContextVar("unit_of_work_connection", default=None)


def unit_of_work(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in one transaction, commit, and return its result.

    Any exception rolls everything back. After a deadlock, a serialisation failure or a lost
    connection the work runs again, at most `ATTEMPTS` times in all; so pass ids rather than rows,
    and let the work read them anew. A connection that is lost during the commit is an error: the
    commit may have succeeded.
    """
    if _connection.get() is not None:
        raise RuntimeError("a unit of work is already running")
    session: Any = db.session()
    connection: Connection = session.held_connection
    for attempt in range(1, ATTEMPTS + 1):
        committing = False
        token = _connection.set(connection)
        try:
            session.rollback()
            # The session joins this transaction at its first statement, and cannot end it.
            transaction = begin_to_write(connection)
            result = work(*args, **kwargs)
            session.flush()
            committing = True
            transaction.commit()
            if session.in_transaction():
                session.commit()  # writes nothing: it ends the session's own, joined transaction
        except BaseException as error:
            _roll_back(session, connection)
            lost = connection.invalidated or is_lost(error)
            may_run_again = is_retryable(error) or (lost and not committing)
            if attempt == ATTEMPTS or not may_run_again:
                raise
            time.sleep(PAUSE * attempt)
        else:
            return result
        finally:
            _connection.reset(token)
    raise AssertionError("unreachable")


def _roll_back(session: Any, connection: Connection) -> None:
    try:
        session.rollback()
        connection.rollback()
    except DBAPIError:
        connection.invalidate()  # a lost connection has ended its transaction


def is_retryable(error: BaseException) -> bool:
    """Whether the same work may succeed when it runs again; takes the driver's own errors too."""
    cause = getattr(error, "orig", error)
    sqlstate = getattr(cause, "sqlstate", None)
    return sqlstate in RETRYABLE_SQLSTATES or (
        sqlstate == "23505" and RETRYABLE_CONSTRAINT.search(str(cause)) is not None
    )


def is_lost(error: BaseException) -> bool:
    """Whether the connection is lost, for example because the server was restarted."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return getattr(getattr(error, "orig", error), "sqlstate", None) in LOST_SQLSTATES


def connection_of_work() -> Connection:
    """The connection of the running unit of work, for statements that need no session.

    Going through the session would double the cost of a small statement.
    """
    connection = _connection.get()
    if connection is None:
        raise RuntimeError("no unit of work is running")
    if not connection.in_transaction():
        raise RuntimeError("the unit of work was rolled back by its own work")
    session = db.session()
    if session.in_nested_transaction():
        session.connection()  # the session sends its SAVEPOINT with its first statement only
    return connection


def lock(statement: Select[T]) -> T | None:
    """The row of ``statement`` or None, locked until the unit of work ends and read anew."""
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()
