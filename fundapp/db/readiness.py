"""Whether the database stores what is written."""

import logging
import time
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from fundapp.db.engines import db, is_postgresql
from fundapp.db.work import connection_of_work, unit_of_work
from fundapp.errors import BusyError

#: Seconds for which an answer counts: whoever may ask shall not keep the disk busy.
ANSWER_COUNTS = 1.0

_logger = logging.getLogger(__name__)
_answers: WeakKeyDictionary[Engine, tuple[float, bool]] = WeakKeyDictionary()


def can_write() -> bool:
    """Whether a commit succeeds: only that proves that the disk takes it."""
    asked_at, answer = _answers.get(db.engine, (float("-inf"), False))
    if time.monotonic() - asked_at >= ANSWER_COUNTS:
        answer = _try_to_write()
        _answers[db.engine] = time.monotonic(), answer
    return answer


def _try_to_write() -> bool:
    try:
        unit_of_work(_write_what_is_there)
    except BusyError:
        return True  # somebody writes at this moment
    except (DBAPIError, OSError):
        _logger.exception("the database stores nothing")
        return False
    return True


def _write_what_is_there() -> None:
    connection = connection_of_work()
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
    if is_postgresql(connection):
        # The row above fits into its page; on a full disk it is a new page that is refused.
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE new_page ON COMMIT DROP AS SELECT repeat('x', 2000) AS filled"
        )
