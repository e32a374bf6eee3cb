"""The unit of work: the one place that commits, and the locks that are held until then."""

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
#: How long the loser of a deadlock waits, in seconds, times its attempts: run again at once, it can
#: take the row it had from under whoever was waiting for it, and both stand there as before.
PAUSE = 0.02
#: PostgreSQL: serialisation failure, deadlock. Running the same work again is the cure.
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01"})
#: PostgreSQL: the server is being shut down, has crashed, or is not up again yet.
LOST_SQLSTATES = frozenset({"57P01", "57P02", "57P03"})
#: Two requests with one key, reference, address or account at once: the second, run again, finds
#: the first's row. Two processes that drew one id in a millisecond: the second draws another.
RETRYABLE_CONSTRAINT = re.compile(
    r"\b(pk_\w+|uq_\w+_(idempotency_key|external_ref|reference|email|user_id))\b"
)

#: The connection of the unit of work that is open in this context.
_open: ContextVar[Connection | None] = ContextVar("open_unit_of_work", default=None)


def unit_of_work(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in one transaction, commit, and give back what it returned.

    Any exception rolls everything back. A deadlock, a serialisation failure or a lost connection
    runs the work again, at most `ATTEMPTS` times; so pass ids rather than rows, and let the work
    read them anew. A connection that is lost in the commit is not: it may have been done.
    """
    if _open.get() is not None:
        raise RuntimeError("a unit of work is already open")
    session: Any = db.session()
    connection: Connection = session.kept
    for attempt in range(1, ATTEMPTS + 1):
        committing = False
        token = _open.set(connection)
        try:
            session.rollback()
            # The session takes part in the transaction once it is used, and cannot end it.
            transaction = begin_to_write(connection)
            result = work(*args, **kwargs)
            session.flush()
            committing = True
            transaction.commit()
            if session.in_transaction():
                session.commit()  # nothing is left to write; it only learns that all is kept
        except BaseException as error:
            _roll_back(session, connection)
            lost = connection.invalidated or is_lost(error)
            again = is_retryable(error) or (lost and not committing)
            if attempt == ATTEMPTS or not again:
                raise
            time.sleep(PAUSE * attempt)
        else:
            return result
        finally:
            _open.reset(token)
    raise AssertionError("unreachable")


def _roll_back(session: Any, connection: Connection) -> None:
    try:
        session.rollback()
        connection.rollback()
    except DBAPIError:
        connection.invalidate()  # it is gone, and with it the transaction


def is_retryable(error: BaseException) -> bool:
    """Whether running the same work again can succeed; takes the driver's own errors too."""
    cause = getattr(error, "orig", error)
    sqlstate = getattr(cause, "sqlstate", None)
    return sqlstate in RETRYABLE_SQLSTATES or (
        sqlstate == "23505" and RETRYABLE_CONSTRAINT.search(str(cause)) is not None
    )


def is_lost(error: BaseException) -> bool:
    """Whether the connection is gone: the server was restarted since it was last used."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return getattr(getattr(error, "orig", error), "sqlstate", None) in LOST_SQLSTATES


def connection_of_work() -> Connection:
    """The connection of the open unit of work, for statements that need no session.

    A session that takes part costs a small statement as much as the statement itself.
    """
    connection = _open.get()
    if connection is None:
        raise RuntimeError("no unit of work is open")
    if not connection.in_transaction():
        raise RuntimeError("the unit of work was rolled back inside")
    session = db.session()
    if session.in_nested_transaction():
        session.connection()  # its savepoint is written with its first statement
    return connection


def lock(statement: Select[T]) -> T | None:
    """The one row of ``statement`` or None, locked until the unit of work ends and read anew."""
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()
