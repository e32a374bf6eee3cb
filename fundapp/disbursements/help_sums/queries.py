"""What the help of each district moved: whole months and days from their sums, and what is not
folded yet from its entries. Amounts are satang.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, text

from fundapp.db import Day, db
from fundapp.disbursements.help_sums.sources import OF_DAYS, OF_UNFOLDED
from fundapp.disbursements.models import HelpDay, HelpFolding, HelpMonth
from fundapp.ledger.folding.queries import find_folded
from fundapp.ledger.queries import LedgerSpan, Movement
from fundapp.ledger.queries.month_parts import are_inside, parts_of_months

#: By (district code, account code).
HelpSums = dict[tuple[str, str], Movement]
#: District, account, what moved.
_Moved = tuple[str, str, Movement]


def help_sums(span: LedgerSpan) -> HelpSums:
    """What the entries of requests moved of the span, by district and account."""
    sums: HelpSums = defaultdict(Movement)
    for district, account, moved in _moved(span):
        sums[district, account] += moved
    return {key: moved for key, moved in sums.items() if moved != Movement()}


def _moved(span: LedgerSpan) -> Iterator[_Moved]:
    folded = find_folded(HelpFolding)
    if folded is None:
        yield from _of_entries(OF_DAYS, span, {})
        return
    inside = are_inside(HelpMonth.month_on, span.from_on, span.to_on)
    yield from _kept(HelpMonth, span, inside, 1)
    for part in parts_of_months(span.from_on, span.to_on):
        days = (HelpDay.day_on.between(part.from_on, part.to_on),)
        yield from _kept(HelpDay, span, days, part.sign)
    yield from _of_entries(OF_UNFOLDED, span, folded.values)


def _kept(table: Any, span: LedgerSpan, conditions: Sequence[Any], sign: int) -> Iterator[_Moved]:
    statement = (
        select(
            table.district_code,
            table.account_code,
            func.sum(table.debit_satang),
            func.sum(table.credit_satang),
        )
        .where(table.account_code.in_(span.codes), *conditions)
        .group_by(table.district_code, table.account_code)
    )
    if span.fund_code:
        statement = statement.where(table.fund_code == span.fund_code)
    for district, account, debit, credit in db.session.execute(statement):
        yield district, account, Movement(sign * int(debit), sign * int(credit))


def _of_entries(sql: str, span: LedgerSpan, values: dict[str, int]) -> Iterator[_Moved]:
    days: dict[str, int | date] = {"from_on": span.from_on, "to_on": span.to_on}
    statement = text(sql).bindparams(*(bindparam(name, type_=Day) for name in days))
    for row in db.session.execute(statement, days | values):
        if span.fund_code in (None, row.fund_code):
            satang = int(row.satang)
            if row.debit_account_code in span.codes:
                yield row.district_code, row.debit_account_code, Movement(debit_satang=satang)
            if row.credit_account_code in span.codes:
                yield row.district_code, row.credit_account_code, Movement(credit_satang=satang)
