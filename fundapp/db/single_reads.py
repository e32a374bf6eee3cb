"""One statement that reads, without a transaction around it: for what every visit to a public page
asks. Beginning and ending a transaction would cost more than the statement.
"""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db.engines import db, is_postgresql

Row = tuple[Any, ...]


def read_rows(sql: str) -> list[Row]:
    """The rows of ``sql``, which has no values of a request in it, as the driver gives them."""
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
    driver.autocommit = True
    try:
        rows: list[Row] = driver.execute(sql).fetchall()
    finally:
        driver.autocommit = False
    return rows
