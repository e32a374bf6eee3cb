"""One publisher, and one who mails checkpoints, at a time."""

from sqlalchemy import func, select

from fundapp.db import db, is_postgresql

#: Of the advisory locks; no other part of the program takes some with these numbers.
_PUBLISHING, _MAILING = 1111, 1113


def lock_publications() -> None:
    """Wait until nobody else publishes; others wait until the unit of work ends.

    SQLite has one writer anyway. No row can be locked before the first publication.
    """
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_PUBLISHING)))


def lock_mailings() -> None:
    """Wait until nobody else mails checkpoints or says to whom; see `lock_publications`."""
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_MAILING)))
