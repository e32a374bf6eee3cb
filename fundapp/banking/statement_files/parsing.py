"""Parse a bank statement file by a profile, and check that it is complete.

A file is accepted only as a whole, and only when its balances prove the reading: from the opening
to the closing balance every row changes the balance by exactly its amount, in one order of rows and
no other. What is wrong is raised at once as `StatementRejected`: every cell that cannot be read,
and the first row whose balance does not follow, without what only follows from it; nothing else is
raised, whatever the bytes. Cells that look like spreadsheet formulas are plain text here; whatever
exports them to a spreadsheet must escape them.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date

from fundapp.banking.statement_files.account_numbers import find_number
from fundapp.banking.statement_files.cells import NumberedRow, read_rows
from fundapp.banking.statement_files.decoding import decode
from fundapp.banking.statement_files.frames import Frame, add_second_statement, find_frame
from fundapp.banking.statement_files.messages import MESSAGES
from fundapp.banking.statement_files.ordering import (
    Break,
    Reading,
    find_break,
    find_day_back,
    find_readings,
)
from fundapp.banking.statement_files.parsed import (
    ParsedLine,
    ParsedStatement,
    Problems,
    StatementFile,
    StatementRejected,
    rejected,
)
from fundapp.banking.statement_files.profiles import Profile
from fundapp.banking.statement_files.queries import get_profile, list_profiles, profile_of
from fundapp.banking.statement_files.rows import (
    DOWNLOAD_AGAIN,
    OTHER_STYLE,
    FileRow,
    FileRowReader,
    RowKind,
    RowTable,
    find_table,
)
from fundapp.markers import N_
from fundapp.money import format_baht

_Period = tuple[date, date]

_WITH_OPENING = N_(
    "Download the statement with the row that brings the balance forward, or from an earlier day."
)
_CHOOSE_STYLE = N_("Choose the style “%(style)s”.")
_MISSING_ROW = N_("A row is missing, doubled or changed. Download the statement again.")


def read_files(data: bytes, *, file_name: str, profile_name: str) -> tuple[StatementFile, ...]:
    """The statements in ``data``: a CSV file is one, a message of a bank has one for each account.

    Raises as `read_file`.
    """
    message = MESSAGES.get(profile_name)
    if message is None:
        return (read_file(data, file_name=file_name, profile_name=profile_name),)
    sha256 = hashlib.sha256(data).digest()
    return tuple(
        StatementFile(file_name, sha256, profile_name, parsed) for parsed in message.parse(data)
    )


def read_file(data: bytes, *, file_name: str, profile_name: str) -> StatementFile:
    """The CSV file in ``data``, read before a unit of work: it takes seconds for a year.

    Raises UnknownProfileError, and StatementRejected with everything that is wrong with the file.
    """
    profile = get_profile(profile_name)
    try:
        parsed = parse_statement(data, profile)
    except StatementRejected as refused:
        raise _name_other_style(data, profile, refused) from None
    return StatementFile(file_name, hashlib.sha256(data).digest(), profile.code, parsed)


def _name_other_style(
    data: bytes, profile: Profile, refused: StatementRejected
) -> StatementRejected:
    """The refusal of a file without the style's headings; it names the style that has them all."""
    if refused.errors[0].code != "headings":
        return refused
    for message in MESSAGES.values():
        if message.is_like(decode(data)):
            return _other_style(message.title)
    for other in map(profile_of, list_profiles()):
        try:
            find_table(read_rows(decode(data), other.all_headings), other)
        except StatementRejected:
            continue
        problem = N_("The file is not of this style: its headings are those of “%(style)s”.")
        return rejected("other_style", problem, _CHOOSE_STYLE, style=other.title)
    return refused


def _other_style(title: str) -> StatementRejected:
    problem = N_("The file is no CSV table: it is a “%(style)s” file.")
    return rejected("other_style", problem, _CHOOSE_STYLE, style=title)


def parse_statement(data: bytes, profile: Profile) -> ParsedStatement:
    """The statement in ``data``, a file in the style of ``profile``.

    Raises only `StatementRejected`, with everything that is wrong with the file.
    """
    problems = Problems()
    table = find_table(read_rows(decode(data), profile.all_headings), profile)
    account = _account(table, profile, problems)
    declared = _period(table, profile, problems)
    reader = FileRowReader(profile, table, problems)
    rows = [reader.read(row) for row in table.rows]
    if account is not None:
        _refuse_other_account(account, table, rows, profile, problems)
    frame = find_frame(rows, profile, problems)
    if period := declared or frame.declared_days:
        _check_days(frame.lines, period, profile, problems)
    reading = _reading(frame, profile, problems)
    # Without the rows that carry the balance over nothing proves the days before the first movement
    # and after the last.
    proved = declared if frame.opening or frame.closing else None
    return _statement(account, proved or frame.days, reading)


def _statement(account: str | None, period: _Period | None, reading: Reading) -> ParsedStatement:
    """The statement that consists of the proved rows."""
    if period is None:
        problem = N_("No row of the file has a date.")
        raise rejected("no_period", problem, OTHER_STYLE)
    lines = tuple(_line(row, reading.moved(row)) for row in reading.rows if reading.moved(row))
    return ParsedStatement(account, reading.opening, reading.closing, *period, lines)


def _line(row: FileRow, moved: int) -> ParsedLine:
    return ParsedLine(
        row_number=row.number,
        booked_on=row.booked_on or date.min,
        booked_time=row.booked_time,
        description=row.description,
        detail=row.detail,
        channel=row.channel,
        withdrawal_satang=max(-moved, 0),
        deposit_satang=max(moved, 0),
        balance_satang=row.balance or 0,
    )


def _after(words: Sequence[str], rows: Sequence[NumberedRow]) -> Iterator[tuple[int, str]]:
    """The number of each row that has one of the words, and its text behind the word."""
    pattern = re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)
    for number, cells in rows:
        text = "  ".join(cell for cell in cells if cell)
        if match := pattern.search(text):
            yield number, text[match.end() :]


def _account(table: RowTable, profile: Profile, problems: Problems) -> str | None:
    """The account number above the headings, as `ParsedStatement` has it; None when the style does
    not carry it, or it is missing, which is recorded.
    """
    if not profile.account_words:
        return None
    for row, text in _after(profile.account_words, table.above):
        number = find_number(text)
        if number is None:
            problem = N_("The account number above the headings cannot be read: “%(text)s”.")
            remedy = N_("Download the statement again and import it without opening it before.")
            problems.add("bad_account", problem, remedy, row=row, text=text.strip()[:40])
        return number
    problem = N_("The line with the account number above the headings is missing.")
    problems.add("no_account", problem, OTHER_STYLE)
    return None


def _refuse_other_account(
    account: str,
    table: RowTable,
    rows: Sequence[FileRow],
    profile: Profile,
    problems: Problems,
) -> None:
    """Refuse a file with another account's number at the top of a later page."""
    notes = {row.number for row in rows if row.kind is RowKind.NOTE}
    headings = [numbered for numbered in table.rows if numbered[0] in notes]
    for row, text in _after(profile.account_words, headings):
        if find_number(text) not in (None, account):
            add_second_statement(problems, row)
            raise problems.rejection()


def _period(table: RowTable, profile: Profile, problems: Problems) -> _Period | None:
    """The first and last day declared above the headings; None when the style does not declare
    them, or they are wrong, which is recorded.
    """
    if not profile.period_words:
        return None
    for row, text in _after(profile.period_words, table.above):
        period = _read_period(text, profile)
        if period is None:
            problem = N_("The period above the headings cannot be read.")
            problems.add("bad_period", problem, OTHER_STYLE, row=row)
            return None
        if period[0] > period[1]:
            problem = N_("The period above the headings ends before it begins.")
            problems.add("bad_period", problem, DOWNLOAD_AGAIN, row=row)
            return None
        return period
    problem = N_("The line with the period above the headings is missing.")
    problems.add("no_period", problem, OTHER_STYLE)
    return None


def _read_period(text: str, profile: Profile) -> _Period | None:
    try:
        days = [profile.days.read(day) for day in profile.days.find(text)]
    except ValueError:
        return None
    if len(days) < 2 or days[0] is None or days[1] is None:
        return None
    return days[0], days[1]


def _check_days(
    rows: Sequence[FileRow], period: _Period, profile: Profile, problems: Problems
) -> None:
    """Record every row whose day is outside the period of the statement."""
    for row in rows:
        if row.booked_on is not None and not period[0] <= row.booked_on <= period[1]:
            problem = N_("This day is outside the period of the statement.")
            heading = profile.heading("day")
            problems.add("out_of_period", problem, OTHER_STYLE, row=row.number, column=heading)


def _reading(frame: Frame, profile: Profile, problems: Problems) -> Reading:
    """The one reading that the balances prove. Raises `StatementRejected` when there is none, or
    when something was recorded before.
    """
    readings = [] if problems.has_any else _find_readings(frame)
    if len(readings) == 1:
        return readings[0]
    if readings:
        _add_doubt(readings, profile, problems)
    elif found := find_break(frame.lines, *frame.balances):
        _add_break(found, frame, problems)
    elif not problems.has_any:
        _add_day_back(frame, profile, problems)
    raise problems.rejection()


def _find_readings(frame: Frame) -> list[Reading]:
    opening, closing = frame.balances
    if frame.lines:
        return find_readings(frame.lines, opening, closing)
    is_still = opening is not None and closing in (None, opening)
    return [Reading((), opening or 0, opening or 0)] if is_still else []


def _add_doubt(readings: Sequence[Reading], profile: Profile, problems: Problems) -> None:
    """Record why a file that can be read in two ways is not taken."""
    if len({reading.is_minus_out for reading in readings}) > 1:
        row = next(row for row in readings[0].rows if row.withdrawal)
        heading = profile.heading("withdrawal")
        problem = N_("Whether this minus means money out or money given back cannot be told.")
        problems.add("sign", problem, _WITH_OPENING, row=row.number, column=heading)
        return
    problem = N_("The balances fit whether the rows are read from the top or from the bottom.")
    problems.add("order", problem, _WITH_OPENING)


def _add_day_back(frame: Frame, profile: Profile, problems: Problems) -> None:
    opening, closing = frame.balances
    row = find_day_back(frame.lines, opening, closing)
    problem = N_("This day is before that of the movement before it, though the balances run on.")
    remedy = N_("Check whether the style has day and month in the order of the file.")
    number = row.number if row else None
    problems.add("day_order", problem, remedy, row=number, column=profile.heading("day"))


def _add_break(found: Break, frame: Frame, problems: Problems) -> None:
    """Record the first row whose balance does not follow from the one before it."""
    row = found.row or frame.closing
    if row is None:
        raise AssertionError("only a closing row can disagree with the last balance")
    code = "running_balance"
    problem = N_("The balance is %(found)s; the row before and this amount give %(expected)s.")
    if found.row is not None and found.expected == found.balance:
        code = "no_amount"
        problem = N_("The balance moves from %(expected)s to %(found)s, but no amount moves it.")
    elif found.is_newest_first:
        problem = N_("The balance is %(found)s; the row below and this amount give %(expected)s.")
    values = {"found": format_baht(row.balance or 0), "expected": format_baht(found.expected)}
    problems.add(code, problem, _MISSING_ROW, row=row.number, **values)
