"""What some days moved: from the sums of each day, and what is not folded into them yet from its
entries. Amounts are satang.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import TextClause, bindparam, text

from fundapp.db import Day, db
from fundapp.ledger.folding.queries import find_folded
from fundapp.ledger.folding.sources import UNFOLDED_ENTRIES
from fundapp.ledger.models import DayFolding

#: ``CROSS JOIN`` makes SQLite begin with these entries.
_MOVED = (
    "SELECT moved.fund_code, moved.{side}_account_code AS account_code, {amounts}"  # noqa: S608
    f" FROM ({UNFOLDED_ENTRIES}) AS found CROSS JOIN postings AS moved"
    " WHERE moved.entry_id = found.entry_id AND moved.entry_on BETWEEN :from_on AND :to_on"
)
#: The last row says how far they are folded as these sums were read.
_SUMS = (
    "SELECT fund_code, account_code, sum(debit), sum(credit) FROM ("  # noqa: S608 - constants
    "SELECT fund_code, account_code, debit_satang AS debit, credit_satang AS credit"
    " FROM account_days WHERE day_on BETWEEN :from_on AND :to_on"
    f" UNION ALL {_MOVED.format(side='debit', amounts='moved.amount_satang, 0')}"
    f" UNION ALL {_MOVED.format(side='credit', amounts='0, moved.amount_satang')}"
    ") AS each_one WHERE true{only} GROUP BY fund_code, account_code"
    " UNION ALL SELECT '', '', leaf_count, 0 FROM day_folding"
)

#: By (fund code, account code): debits and credits.
DaySums = dict[tuple[str, str], tuple[int, int]]


def sums_of_days(
    from_on: date, to_on: date, fund_code: str | None, account_codes: Sequence[str] | None
) -> DaySums | None:
    """What moved in these days, of one fund or some accounts if named; None while nothing or too
    little is folded.
    """
    statement = _statement(fund_code, account_codes)
    while True:
        folded = find_folded(DayFolding)
        if folded is None:
            return None
        values = {**folded.values, "from_on": from_on, "to_on": to_on}
        rows = db.session.execute(statement, values).all()
        sums = {(fund, account): (int(debit), int(credit)) for fund, account, debit, credit in rows}
        # Who writes meanwhile reads no snapshot on PostgreSQL: more may have been folded.
        if sums.pop(("", ""))[0] == folded.first:
            return sums


def _statement(fund_code: str | None, account_codes: Sequence[str] | None) -> TextClause:
    only, chosen = "", [bindparam(name, type_=Day) for name in ("from_on", "to_on")]
    if fund_code is not None:
        only += " AND fund_code = :fund"
        chosen.append(bindparam("fund", fund_code))
    if account_codes is not None:
        only += " AND account_code IN :codes"
        chosen.append(bindparam("codes", [*account_codes], expanding=True))
    return text(_SUMS.format(only=only)).bindparams(*chosen)
