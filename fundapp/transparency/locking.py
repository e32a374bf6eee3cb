"""One publisher at a time."""

from sqlalchemy import func, select

from fundapp.db import db, is_postgresql

#: Of the advisory lock; no other part of the program takes one with this number.
_PUBLISHING = 1111


def lock_publications() -> None:
    """Wait until nobody else publishes; others wait until the unit of work ends.

    SQLite has one writer anyway. No row can be locked before the first publication.
    """
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_PUBLISHING)))
