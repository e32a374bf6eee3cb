"""Prepared statements sent to PostgreSQL in one round trip, with the BEGIN before them.

A cursor of psycopg works longer on a small statement than the server does. This is for statements
whose text is fixed and which run very often; everything else goes through SQLAlchemy.
"""

import select
from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from sqlalchemy import Connection

_ANSWERED = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class Call(NamedTuple):
    """One run of the statement ``name``, whose text is ``sql``; a value of each parameter, as text
    or as binary.
    """

    name: bytes
    sql: str
    values: list[bytes | None]
    formats: list[Format]


def execute(connection: Connection, calls: Sequence[Call]) -> list[Any]:
    """Run ``calls`` in the open transaction, or in one that begins with them; a result of libpq,
    with binary values, for each. A statement is prepared at its first run on the connection.

    Raises psycopg.Error of the first that was refused; those after it were not run. The answers of
    all together must be small: nothing is read before everything is sent.
    """
    driver: Any = connection.connection.driver_connection
    prepared: set[bytes] = connection.info.setdefault("prepared_statements", set())
    for name, sql in {call.name: call.sql for call in calls}.items():
        if name not in prepared:
            _raise_for(driver.pgconn.prepare(name, sql.encode()))
            prepared.add(name)
    try:
        results = _exchange(driver.pgconn, calls)
    except BaseException:
        driver.pgconn.finish()  # what it would answer next belongs to no statement
        raise
    try:
        for result in results:
            _raise_for(result)
    except InvalidSqlStatementName:
        # The driver lets the server forget them all after some statements; the unit of work runs
        # again then (`faults`).
        prepared.clear()
        raise
    return results[-len(calls) :]


def _raise_for(result: Any) -> None:
    if result.status not in _ANSWERED:
        raise error_from_result(result)


def _exchange(pgconn: Any, calls: Sequence[Call]) -> list[Any]:
    begins = pgconn.transaction_status == TransactionStatus.IDLE
    pgconn.enter_pipeline_mode()
    if begins:
        pgconn.send_query_params(b"BEGIN", None)
    for name, _, values, formats in calls:
        pgconn.send_query_prepared(name, values, formats, Format.BINARY)
    pgconn.pipeline_sync()
    _send_all(pgconn)
    results = []
    for _ in range(begins + len(calls)):
        results.append(_next_result(pgconn))
        _next_result(pgconn)  # libpq ends the answer to a statement with nothing
    _next_result(pgconn)  # of the sync
    pgconn.exit_pipeline_mode()
    return results


def _send_all(pgconn: Any) -> None:
    while pgconn.flush():
        _wait(pgconn, select.POLLIN | select.POLLOUT)
        pgconn.consume_input()


def _next_result(pgconn: Any) -> Any:
    # Reading a result that has not come would hold up the other threads of the process.
    while pgconn.is_busy():
        _wait(pgconn, select.POLLIN)
        pgconn.consume_input()
    return pgconn.get_result()


def _wait(pgconn: Any, events: int) -> None:
    poll = select.poll()
    poll.register(pgconn.socket, events)
    poll.poll()
