"""One at a time counts."""

from sqlalchemy import func, select

from fundapp.db import db, is_postgresql

_COUNTING = 0x636F_756E


def lock_reports() -> None:
    """Wait until nobody else counts; others wait until the unit of work ends. SQLite has one
    writer anyway.
    """
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_COUNTING)))
