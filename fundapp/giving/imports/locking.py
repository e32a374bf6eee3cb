"""One import at a time, and the row of one."""

from sqlalchemy import func, select

from fundapp.db import db, is_postgresql, lock
from fundapp.errors import NotFoundError
from fundapp.giving.models import DonorImport

#: Of the advisory lock; no other part of the program takes one with this number.
_IMPORTING = 1144


def lock_imports() -> None:
    """Wait until nobody else takes donors over; others wait until the unit of work ends.

    SQLite has one writer anyway. Two imports could otherwise bring the same donor.
    """
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_IMPORTING)))


def lock_import(public_id: str) -> DonorImport:
    """The import, locked; NotFoundError."""
    row = lock(select(DonorImport).where(DonorImport.public_id == public_id))
    if row is None:
        raise NotFoundError
    return row
