"""Reads a bank statement file by a profile and proves that it is whole.

A file is believed only as a whole: it opens with the balance brought forward, closes with the
balance carried forward, and every row in between changes the balance by exactly its amount. All
that is wrong is collected and raised at once as `StatementRejected`; nothing else is raised,
whatever the bytes. Cells that look like spreadsheet formulas are plain text here; whoever writes a
spreadsheet escapes them.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from fundapp.banking.decoding import MAX_BYTES, MAX_ROWS, read_rows
from fundapp.banking.parsed import (
    ParsedLine,
    ParsedStatement,
    Problems,
    StatementError,
    StatementRejected,
)
from fundapp.banking.profiles import Preamble, StatementProfile
from fundapp.banking.rows import DOWNLOAD_AGAIN, Entry, EntryReader, Kind, Table, find_table
from fundapp.markers import N_
from fundapp.money import format_baht

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "ParsedLine",
    "ParsedStatement",
    "StatementError",
    "StatementRejected",
    "parse_statement",
]

_Period = tuple[date, date]

_OTHER_STYLE = N_("Choose the style that fits the file, or download the whole statement again.")
_WHOLE = N_("The download may have stopped halfway. Download the whole statement again.")


def parse_statement(data: bytes, profile: StatementProfile) -> ParsedStatement:
    """The statement in ``data``, a file in the style of ``profile``.

    Raises only `StatementRejected`, with everything that is wrong with the file.
    """
    problems = Problems()
    table = find_table(read_rows(data), profile)
    account = period = None
    if profile.preamble:
        account = _account(table, profile.preamble, problems)
        period = _period(table, profile, profile.preamble, problems)
    reader = EntryReader(profile, table, problems)
    entries = [reader.read(row) for row in table.rows]
    _check_frame(entries, profile, problems)
    _check_balances(entries, problems)
    problems.reject_if_any()
    period = period or (entries[0].booked_on, entries[-1].booked_on)
    _check_days(entries, period, profile, problems)
    problems.reject_if_any()
    return _statement(account, period, entries)


def _statement(account: str | None, period: _Period, entries: Sequence[Entry]) -> ParsedStatement:
    """The statement that checked entries make up."""
    lines = tuple(_line(entry) for entry in entries if entry.kind is Kind.LINE)
    first, last = entries[0], entries[-1]
    return ParsedStatement(account, first.balance, last.balance, *period, lines)


def _line(entry: Entry) -> ParsedLine:
    return ParsedLine(
        row_number=entry.row,
        booked_on=entry.booked_on,
        booked_time=entry.booked_time,
        description=entry.description,
        detail=entry.detail,
        channel=entry.channel,
        withdrawal_satang=entry.withdrawal,
        deposit_satang=entry.deposit,
        balance_satang=entry.balance,
    )


def _account(table: Table, preamble: Preamble, problems: Problems) -> str | None:
    """The account number above the headings, digits only; None after noting that it is missing."""
    for _, cells in table.above:
        if match := preamble.account.search(" ".join(cells)):
            return match.group(1).replace("-", "")
    problem = N_("The line with the account number above the headings is missing.")
    problems.add("no_account", problem, DOWNLOAD_AGAIN)
    return None


def _period(
    table: Table, profile: StatementProfile, preamble: Preamble, problems: Problems
) -> _Period | None:
    """The first and last day declared above the headings; None after noting what is wrong."""
    for row, cells in table.above:
        if match := preamble.period.search(" ".join(cells)):
            try:
                first, last = (profile.read_day(text) for text in match.groups())
            except ValueError as error:
                problem = N_("The period above the headings cannot be read.")
                problems.add("bad_period", problem, str(error), row=row)
                return None
            if first > last:
                problem = N_("The period above the headings ends before it begins.")
                problems.add("bad_period", problem, DOWNLOAD_AGAIN, row=row)
            return first, last
    problem = N_("The line with the period above the headings is missing.")
    problems.add("no_period", problem, DOWNLOAD_AGAIN)
    return None


def _check_frame(entries: Sequence[Entry], profile: StatementProfile, problems: Problems) -> None:
    """Notes a missing opening or closing row, and rows that stand outside the two."""
    if not entries or entries[0].kind is not Kind.OPENING:
        problem = N_("The first row does not bring a balance forward (“%(label)s”).")
        row = entries[0].row if entries else None
        problems.add("no_opening", problem, _WHOLE, row=row, label=profile.opening_label)
    if not any(entry.kind is Kind.CLOSING for entry in entries):
        problem = N_("The file is cut short: no row carries the balance forward (“%(label)s”).")
        problems.add("truncated", problem, _WHOLE, label=profile.closing_label)
        return
    for before, after in pairwise(entries):
        if before.kind is Kind.CLOSING or after.kind is Kind.OPENING:
            problem = N_("Another statement seems to begin here.")
            remedy = N_("Import one statement at a time.")
            problems.add("second_statement", problem, remedy, row=after.row)
            return


def _check_balances(entries: Sequence[Entry], problems: Problems) -> None:
    """Notes every row whose balance is not the one before it plus what the row moves."""
    for before, after in pairwise(entries):
        expected = before.balance + after.deposit - after.withdrawal
        if before.has_balance and after.is_sound and after.balance != expected:
            problems.add(
                "running_balance",
                N_("The balance is %(found)s; the row before and this amount give %(expected)s."),
                N_("A row is missing, doubled or changed. Download the statement again."),
                row=after.row,
                found=format_baht(after.balance),
                expected=format_baht(expected),
            )


def _check_days(
    entries: Sequence[Entry], period: _Period, profile: StatementProfile, problems: Problems
) -> None:
    """Notes every row whose day lies outside the period of the statement."""
    for entry in entries:
        if not period[0] <= entry.booked_on <= period[1]:
            problem = N_("This day is outside the period of the statement.")
            heading = profile.headings["day"]
            problems.add("out_of_period", problem, _OTHER_STYLE, row=entry.row, column=heading)
