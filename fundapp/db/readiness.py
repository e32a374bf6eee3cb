"""Whether the database stores what is written."""

import logging

from sqlalchemy.exc import DBAPIError

from fundapp.db.work import connection_of_work, unit_of_work
from fundapp.errors import BusyError

_logger = logging.getLogger(__name__)


def can_write() -> bool:
    """Whether a commit succeeds now: only that proves that the disk takes it."""
    try:
        unit_of_work(_write_what_is_there)
    except BusyError:
        return True  # somebody writes at this moment
    except (DBAPIError, OSError):
        _logger.exception("the database stores nothing")
        return False
    return True


def _write_what_is_there() -> None:
    connection_of_work().exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
