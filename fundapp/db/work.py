"""The unit of work: the only place that commits, and the row locks that it holds until then.

A page that shows what names a child, or what an auditor reads, writes that in the trail first. It
is a unit of reading: on SQLite it does not wait for whoever writes for long.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.db import faults, instants
from fundapp.db.columns import Base
from fundapp.db.engines import (
    begin_to_write,
    checkpoint,
    db,
    is_postgresql,
    only_reading,
)
from fundapp.db.waiting_rows import WaitingRows
from fundapp.db.write_queue import WriteQueue
from fundapp.errors import BusyError

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 5
#: Seconds, times the attempt, before the victim of a deadlock runs again: if it ran at once, it
#: could lock its row before the other transaction gets it, and cause the same deadlock again.
PAUSE = 0.02
#: Seconds that a reader waits for whoever writes before it reads beside.
READERS_PATIENCE = 0.1

#: The unit of work that runs in this context.
_running: ContextVar["_Run | None"] = ContextVar("running_unit_of_work", default=None)
#: The rows of the trail of the unit of reading that runs beside a writer in this context.
_set_aside: ContextVar[list[Base] | None] = ContextVar("rows_set_aside", default=None)


def unit_of_work(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in one transaction at one instant, commit, and return its result.

    Any exception rolls everything back. After a deadlock, a serialisation failure or a lost
    connection the work runs again, at most `ATTEMPTS` times in all; so pass ids rather than rows,
    and let the work read them anew. A connection that is lost during the commit is an error: the
    commit may have succeeded. Raises BusyError when others write for too long (SQLite).
    """
    return _attempt(lambda: work(*args, **kwargs), longest_wait=None)


def unit_of_work_now(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """As `unit_of_work`, for what may be left out: BusyError after a tenth of a second in the queue
    of SQLite's writers.
    """
    return _attempt(lambda: work(*args, **kwargs), longest_wait=READERS_PATIENCE)


def unit_of_reading(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work``, which reads and writes nothing but `append_rows`, and return its result.

    It is a unit of work. Only where somebody else writes to SQLite for long it reads what was
    committed before; what it appends is on the disk before this returns, and in the database after
    the next unit of work. Raises what `unit_of_work` raises.
    """
    try:
        return unit_of_work_now(work, *args, **kwargs)
    except BusyError:
        waiting = db.engine.dialect.waiting_rows  # type: ignore[attr-defined]
        if waiting is None:
            return unit_of_work(work, *args, **kwargs)
        return _read_beside(lambda: work(*args, **kwargs), waiting)


def is_writing() -> bool:
    """Whether a unit of work runs in this context that may write any table."""
    return _running.get() is not None and _set_aside.get() is None


def append_rows(*rows: Base) -> None:
    """Write rows, with their ids, of an append-only table in the running unit of work or
    reading.
    """
    aside = _set_aside.get()
    if aside is None:
        db.session.add_all(rows)
    else:
        aside.extend(rows)


def _attempt(work: Callable[[], T], *, longest_wait: float | None) -> T:
    if _running.get() is not None:
        raise RuntimeError("a unit of work is already running")
    for attempt in range(1, ATTEMPTS + 1):
        run = _Run(db.session(), longest_wait)
        try:
            return run.carry_out(work)
        except BaseException as error:
            if attempt == ATTEMPTS or not run.may_run_again(error):
                if faults.is_locked(error):
                    raise BusyError from error
                raise
            time.sleep(PAUSE * attempt)
    raise AssertionError("unreachable")


def _read_beside(work: Callable[[], T], waiting: WaitingRows) -> T:
    run, rows = _Run(db.session(), longest_wait=None, is_beside=True), list[Base]()
    token = _set_aside.set(rows)
    try:
        with only_reading(run.connection):
            result = run.carry_out(work)
    finally:
        _set_aside.reset(token)
    try:
        if rows:
            waiting.put(rows)
    except OSError as error:
        raise BusyError from error
    return result


class _Run:
    """One attempt at a unit of work, or of reading beside a writer; ``longest_wait`` is in seconds,
    None as long as the queue lets one wait.
    """

    __slots__ = ("connection", "dialect", "is_beside", "is_committing", "longest_wait", "session")

    def __init__(
        self, session: Any, longest_wait: float | None, *, is_beside: bool = False
    ) -> None:
        self.session = session
        self.connection: Connection = session.held_connection
        self.dialect: Any = self.connection.dialect
        self.longest_wait = longest_wait
        self.is_beside = is_beside
        self.is_committing = False

    def carry_out(self, work: Callable[[], T]) -> T:
        """Begin, work, commit; rolled back after any exception."""
        self.session.rollback()
        queue: WriteQueue | None = None if self.is_beside else self.dialect.write_queue
        if queue is not None:
            queue.enter(self.longest_wait)
        token = _running.set(self)
        try:
            return self._work_and_commit(work)
        except BaseException as error:
            self._roll_back(error)
            raise
        finally:
            _running.reset(token)
            if queue is not None:
                queue.leave()

    def may_run_again(self, error: BaseException) -> bool:
        """Whether the work may run again: nothing was committed, and it may succeed now."""
        lost = self.connection.invalidated or faults.is_lost(error)
        return faults.is_retryable(error) or (lost and not self.is_committing)

    def _work_and_commit(self, work: Callable[[], T]) -> T:
        # The session joins this transaction at its first statement, and cannot end it.
        connection, session = self.connection, self.session
        transaction = connection.begin() if self.is_beside else begin_to_write(connection)
        waiting: WaitingRows | None = None if self.is_beside else self.dialect.waiting_rows
        has_brought_in = waiting is not None and waiting.bring_in(connection)
        with clock.held(instants.present(connection)):
            result = work()
        session.flush()
        self.is_committing = True
        transaction.commit()
        if waiting is not None and has_brought_in:
            waiting.forget()
        if session.in_transaction():
            self.session.commit()  # writes nothing: it ends the session's own, joined transaction
        return result

    def _roll_back(self, error: BaseException) -> None:
        connection = self.connection
        try:
            self.session.rollback()
            connection.rollback()
        except DBAPIError:
            connection.invalidate()  # a lost connection has ended its transaction
        if faults.is_lost(error) and not connection.invalidated:
            connection.invalidate()
        if faults.is_disk_full(error):
            checkpoint(connection.engine)


def insert_if_new(model: type[Base], **values: Any) -> None:
    """Insert a row of ``model``, unless one with its key is there or is written at this moment."""
    insert: Any = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(insert(model).values(**values).on_conflict_do_nothing())


def connection_of_work() -> Connection:
    """The connection of the running unit of work, for statements that need no session.

    Going through the session would double the cost of a small statement.
    """
    run = _running.get()
    if run is None:
        raise RuntimeError("no unit of work is running")
    connection, session = run.connection, run.session
    if not connection.in_transaction():
        raise RuntimeError("the unit of work was rolled back by its own work")
    if session.in_nested_transaction():
        session.connection()  # the session sends its SAVEPOINT with its first statement only
    return connection


def lock(statement: Select[T]) -> T | None:
    """The row of ``statement`` or None, locked until the unit of work ends and read anew."""
    return db.session.scalars(_locking(statement)).one_or_none()


def lock_all(statement: Select[T]) -> list[T]:
    """The same for all rows of ``statement``, which states their order."""
    return list(db.session.scalars(_locking(statement)))


def _locking(statement: Select[T]) -> Select[T]:
    return statement.with_for_update().execution_options(populate_existing=True)
