"""How many accounts of staff are noted."""

from sqlalchemy import func, select

from fundapp.db import db
from fundapp.disbursements.models import StaffAccount


def count_staff_accounts() -> dict[int, int]:
    """The number of accounts by row id of the person."""
    statement = select(StaffAccount.user_id, func.count(StaffAccount.id))
    rows = db.session.execute(statement.group_by(StaffAccount.user_id))
    return {row[0]: row[1] for row in rows}
