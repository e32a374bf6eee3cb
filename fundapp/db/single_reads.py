"""One statement that reads, without a transaction around it: for what every visit to a public page
asks. Beginning and ending a transaction would cost more than the statement.
"""

from collections.abc import Callable
from typing import Any

from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db.engines import db, is_postgresql

Row = tuple[Any, ...]

#: How whole numbers are read, by the object identifiers of PostgreSQL's integer and bigint.
_WHOLE: dict[int, Callable[[bytes], Any]] = {23: int, 20: int}


def read_rows(sql: str) -> list[Row]:
    """The rows of ``sql``, which has no values of a request in it: whole numbers, and everything
    else as the driver gives it.
    """
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        try:
            return _read_alone(driver, sql)
        except Exception:
            connection.invalidate()
    try:
        return [tuple(row) for row in db.session.execute(text(sql))]
    except DBAPIError:
        db.session.rollback()
        raise


def _read_alone(driver: Any, sql: str) -> list[Row]:
    if not is_postgresql():
        return [tuple(row) for row in driver.execute(sql).fetchall()]
    # Directly through libpq, where a statement by itself is no transaction: a cursor of the driver
    # works longer on it than the server does.
    result = driver.pgconn.exec_(sql.encode())
    if result.status != ExecStatus.TUPLES_OK:
        raise error_from_result(result)
    kinds = [_WHOLE.get(result.ftype(at), bytes.decode) for at in range(result.nfields)]
    return [
        tuple(
            None if (sent := result.get_value(row, at)) is None else read(sent)
            for at, read in enumerate(kinds)
        )
        for row in range(result.ntuples)
    ]
