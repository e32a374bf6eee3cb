"""What the closing of fiscal years moved, and what is left to be closed."""

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select

from fundapp.db import db
from fundapp.ledger.models import EntryKind, JournalEntry, Posting
from fundapp.ledger.queries.journal import is_of_kinds

#: Days of the books, by (day, fund code, account code): debits and credits in satang.
YearEndSums = dict[tuple[date, str, str], tuple[int, int]]


def year_end_sums(from_on: date, to_on: date) -> YearEndSums:
    """Debits and credits of the entries that close fiscal years, and of those that take a closing
    back, from ``from_on`` to ``to_on``. They are few: one for each fund and year.
    """
    sums: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for number, side in enumerate((Posting.debit_account_code, Posting.credit_account_code)):
        statement = (
            select(JournalEntry.entry_on, Posting.fund_code, side, func.sum(Posting.amount_satang))
            .join(Posting, Posting.entry_id == JournalEntry.id)
            .where(is_of_kinds(EntryKind.YEAR_END), JournalEntry.entry_on.between(from_on, to_on))
            .group_by(JournalEntry.entry_on, Posting.fund_code, side)
        )
        for day, fund, account, satang in db.session.execute(statement):
            sums[day, fund, account][number] += int(satang)
    return {key: (debit, credit) for key, (debit, credit) in sums.items()}
