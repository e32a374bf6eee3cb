"""Parse a bank statement file by a profile, and check that it is complete.

A file is accepted only as a whole: its first row brings the balance forward, its last row carries
the balance forward, and every row in between changes the balance by exactly its amount. All errors
are collected and raised at once as `StatementRejected`; nothing else is raised, whatever the bytes.
Cells that look like spreadsheet formulas are plain text here; whatever exports them to a
spreadsheet must escape them.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from fundapp.banking.errors import UnknownProfileError
from fundapp.banking.statement_files.decoding import read_rows
from fundapp.banking.statement_files.parsed import (
    ParsedLine,
    ParsedStatement,
    Problems,
    StatementFile,
)
from fundapp.banking.statement_files.profiles import PROFILES, Preamble, StatementProfile
from fundapp.banking.statement_files.rows import (
    DOWNLOAD_AGAIN,
    FileRow,
    FileRowReader,
    RowKind,
    RowTable,
    find_table,
)
from fundapp.markers import N_
from fundapp.money import format_baht

_Period = tuple[date, date]

_OTHER_STYLE = N_("Choose the style that fits the file, or download the whole statement again.")
_WHOLE = N_("The download may have stopped halfway. Download the whole statement again.")


def read_file(data: bytes, *, file_name: str, profile_name: str) -> StatementFile:
    """The statement file in ``data``, read before a unit of work: it takes seconds for a year.

    Raises UnknownProfileError, and StatementRejected with everything that is wrong with the file.
    """
    profile = PROFILES.get(profile_name)
    if profile is None:
        raise UnknownProfileError(field="profile")
    parsed = parse_statement(data, profile)
    return StatementFile(file_name, hashlib.sha256(data).digest(), profile.name, parsed)


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
    reader = FileRowReader(profile, table, problems)
    rows = [reader.read(row) for row in table.rows]
    _check_frame(rows, profile, problems)
    _check_balances(rows, problems)
    problems.reject_if_any()
    period = period or (rows[0].booked_on, rows[-1].booked_on)
    _check_days(rows, period, profile, problems)
    problems.reject_if_any()
    return _statement(account, period, rows)


def _statement(account: str | None, period: _Period, rows: Sequence[FileRow]) -> ParsedStatement:
    """The statement that consists of the checked rows."""
    lines = tuple(_line(row) for row in rows if row.kind is RowKind.LINE)
    first, last = rows[0], rows[-1]
    return ParsedStatement(account, first.balance, last.balance, *period, lines)


def _line(row: FileRow) -> ParsedLine:
    return ParsedLine(
        row_number=row.number,
        booked_on=row.booked_on,
        booked_time=row.booked_time,
        description=row.description,
        detail=row.detail,
        channel=row.channel,
        withdrawal_satang=row.withdrawal,
        deposit_satang=row.deposit,
        balance_satang=row.balance,
    )


def _account(table: RowTable, preamble: Preamble, problems: Problems) -> str | None:
    """The account number above the headings, digits only; None when it is missing, which is
    recorded.
    """
    for _, cells in table.above:
        if match := preamble.account.search(" ".join(cells)):
            return match.group(1).replace("-", "")
    problem = N_("The line with the account number above the headings is missing.")
    problems.add("no_account", problem, DOWNLOAD_AGAIN)
    return None


def _period(
    table: RowTable, profile: StatementProfile, preamble: Preamble, problems: Problems
) -> _Period | None:
    """The first and last day declared above the headings; None when they are wrong, which is
    recorded.
    """
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


def _check_frame(rows: Sequence[FileRow], profile: StatementProfile, problems: Problems) -> None:
    """Record a missing opening or closing row, and rows before the one or after the other."""
    if not rows or rows[0].kind is not RowKind.OPENING:
        problem = N_("The first row does not bring a balance forward (“%(label)s”).")
        number = rows[0].number if rows else None
        problems.add("no_opening", problem, _WHOLE, row=number, label=profile.opening_label)
    if not any(row.kind is RowKind.CLOSING for row in rows):
        problem = N_("The file is cut short: no row carries the balance forward (“%(label)s”).")
        problems.add("truncated", problem, _WHOLE, label=profile.closing_label)
        return
    for before, after in pairwise(rows):
        if before.kind is RowKind.CLOSING or after.kind is RowKind.OPENING:
            problem = N_("Another statement seems to begin here.")
            remedy = N_("Import one statement at a time.")
            problems.add("second_statement", problem, remedy, row=after.number)
            return


def _check_balances(rows: Sequence[FileRow], problems: Problems) -> None:
    """Record every row whose balance is not the one before it plus the amount of the row."""
    for before, after in pairwise(rows):
        expected = before.balance + after.deposit - after.withdrawal
        if before.has_balance and after.is_sound and after.balance != expected:
            problems.add(
                "running_balance",
                N_("The balance is %(found)s; the row before and this amount give %(expected)s."),
                N_("A row is missing, doubled or changed. Download the statement again."),
                row=after.number,
                found=format_baht(after.balance),
                expected=format_baht(expected),
            )


def _check_days(
    rows: Sequence[FileRow], period: _Period, profile: StatementProfile, problems: Problems
) -> None:
    """Record every row whose day is outside the period of the statement."""
    for row in rows:
        if not period[0] <= row.booked_on <= period[1]:
            problem = N_("This day is outside the period of the statement.")
            heading = profile.headings["day"]
            problems.add("out_of_period", problem, _OTHER_STYLE, row=row.number, column=heading)
