"""One at a time draws payments, and reminds of proofs."""

from sqlalchemy import func, select

from fundapp.db import db, is_postgresql

_DRAWING = 0x6362_6472


def lock_draws() -> None:
    """Wait until nobody else draws or reminds; others wait until the unit of work ends. SQLite has
    one writer anyway.
    """
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_DRAWING)))
