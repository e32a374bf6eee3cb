"""Row locks of accounts and lines, held until the unit of work ends."""

from collections.abc import Sequence

from sqlalchemy import select

from fundapp.banking.errors import UnknownBankAccountError
from fundapp.banking.models import BankAccount, LineStatus, StatementLine
from fundapp.db import db, lock

_CHUNK = 400


def lock_account(code: str) -> BankAccount:
    """The account, locked; UnknownBankAccountError."""
    account = lock(select(BankAccount).where(BankAccount.code == code))
    if account is None:
        raise UnknownBankAccountError(field="account")
    return account


def lock_matched(line_ids: Sequence[int]) -> list[int]:
    """Lock lines, so that nobody matches them meanwhile; the ids of those that are matched."""
    columns = StatementLine.__table__.c
    matched = []
    for start in range(0, len(line_ids), _CHUNK):
        query = (
            select(columns.id, columns.status)
            .where(columns.id.in_(line_ids[start : start + _CHUNK]))
            .order_by(columns.id)
            .with_for_update()
        )
        rows = db.session.execute(query)
        matched += [row.id for row in rows if row.status is LineStatus.MATCHED]
    return matched
