"""The reconciliation in what is taken away from here: as rows of a file, and as sentences in the
journals for other programs.
"""

from collections.abc import Iterator
from datetime import timedelta

from fundapp import clock
from fundapp.banking.reconciliation.days import AccountDay, account_day, list_account_days
from fundapp.csv_safety import Cell, baht_cell, csv_lines

ACCOUNT_DAYS_HEADER = (
    "day", "side", "account", "name", "book_baht", "other_baht", "other_as_of",
    "difference_baht", "named", "unexplained_baht",
)  # fmt: skip
#: How many days before today the bundle has.
_DAYS = 31


def account_day_cells(row: AccountDay) -> list[Cell]:
    """An account at the end of a day, in the order of `ACCOUNT_DAYS_HEADER`."""
    other = None if row.other_satang is None else baht_cell(row.other_satang)
    return [
        row.day.isoformat(),
        str(row.side),
        row.account_code,
        row.name,
        baht_cell(row.book_satang),
        other,
        row.as_of.isoformat() if row.as_of else "",
        baht_cell(row.difference_satang),
        "; ".join(f"{each.name} {each.count}" for each in row.differences),
        baht_cell(row.unexplained_satang),
    ]


def reconciliation_lines() -> Iterator[str]:
    """``reconciliation.csv``: every account on each of the last days that are over."""
    today = clock.today()
    days = list_account_days(today - timedelta(days=_DAYS), today - timedelta(days=1))
    return csv_lines(ACCOUNT_DAYS_HEADER, map(account_day_cells, days))


def reconciliation_remarks() -> Iterator[str]:
    """The books and the other side of each account at the end of yesterday, and each difference
    by name.
    """
    day = clock.today() - timedelta(days=1)
    yield f"Reconciliation at the end of {day.isoformat()}, amounts in baht:"
    for row in account_day(day):
        other = "not known" if row.other_satang is None else baht_cell(row.other_satang)
        yield f"{row.account_code} {row.side}: books {baht_cell(row.book_satang)}, other {other}"
        for each in row.differences:
            yield f"  {each.name}: {baht_cell(each.satang)} ({each.count})"
        if row.unexplained_satang:
            yield f"  not explained: {baht_cell(row.unexplained_satang)}"
