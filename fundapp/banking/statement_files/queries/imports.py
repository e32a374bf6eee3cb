"""What importing a statement would change, determined without changing anything.

The file is compared day by day with what the files before it said. It is refused at the first day
on which both cannot be true (`contradictions`); days that no file covers, and a day that is not
over yet, are only told.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from fundapp import clock
from fundapp.banking.encryption import digests_of
from fundapp.banking.models import BankAccount
from fundapp.banking.sentences import Sentence, sentence
from fundapp.banking.statement_files.contradictions import (
    Known,
    KnownDay,
    amounts_by_day,
    find_contradiction,
)
from fundapp.banking.statement_files.days import DayState, DayView
from fundapp.banking.statement_files.folding import fold_entries
from fundapp.banking.statement_files.identity import Said, Words, pair
from fundapp.banking.statement_files.parsed import (
    ParsedLine,
    ParsedStatement,
    StatementError,
    StatementFile,
    StatementRejected,
)
from fundapp.banking.statement_files.queries.balances import find_bank_balance, find_last_before
from fundapp.banking.statement_files.queries.coverage import Coverage, load_coverage
from fundapp.banking.statement_files.queries.stored_days import StoredDay, StoredLine, load_days
from fundapp.banking.statement_files.rows import OTHER_STYLE
from fundapp.ids import new_id
from fundapp.markers import N_

_DAY = timedelta(days=1)

GAP_BEFORE = N_("No statement covers the days between %(last_on)s and %(first_on)s.")
NOT_WHOLE = N_(
    "Movements of %(missing_satang)s baht are missing on %(day_on)s: import a statement that goes "
    "past that day."
)
NOT_OVER = N_("%(day_on)s is not over: import again tomorrow.")
TAKEN_AWAY = N_(
    "Movements that the bank no longer states: %(number)s. They are kept, but they do not count."
)
_FUTURE = N_("This day is still to come, so the bank cannot have booked anything on it.")


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day before and after the import, and which lines are stored for the first time."""

    day: date
    before: DayState
    after: DayState
    #: The lines of the file in its order, by the ids of their lines.
    stated: Mapping[int, ParsedLine]
    #: Lines to store, with their number among the equal ones of the day.
    ordinals: Mapping[int, int]
    #: Lines whose words were erased: none of a file is kept.
    erased: Collection[int]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import changes; ``to_on`` is the last day that the file can know of, ``parsed`` the
    statement as it fits the account.
    """

    parsed: ParsedStatement
    statement_id: int
    to_on: date
    changes: Sequence[DayChange]
    warnings: tuple[Sentence, ...]

    @property
    def new_lines(self) -> int:
        """How many lines count that did not before."""
        return sum(len(c.after.balances.keys() - c.before.balances.keys()) for c in self.changes)

    @property
    def completed_lines(self) -> int:
        """How many lines that counted before have other words now."""
        return sum(
            change.before.words[line] != change.after.words[line]
            for change in self.changes
            for line in change.stated
            if line in change.before.balances
        )

    @property
    def withdrawn(self) -> list[int]:
        """Ids of the lines that counted before and no longer do."""
        return [
            line
            for change in self.changes
            for line in change.before.balances
            if line not in change.after.balances
        ]


def plan_import(
    account: BankAccount, file: StatementFile, *, take_over: bool = False
) -> ImportPlan:
    """What of a file is new in ``account``; StatementRejected when they contradict.

    ``take_over``: the file is right about days that were over before.
    """
    parsed = _fitting(account.code, file.parsed)
    _reject(_other_account(account, parsed) or _future_day(parsed))
    to_on = min(parsed.to_on, clock.today())
    coverage = load_coverage(account.code, parsed.from_on, to_on)
    stored = load_days(account.code, parsed.from_on, to_on)
    parsed = fold_entries(parsed, {day: each.amounts for day, each in stored.items()})
    known = _known(account.code, parsed, to_on, coverage, stored)
    _reject(find_contradiction(parsed, to_on, known, take_over=take_over))
    statement_id = new_id()
    changes = [
        _change(
            day,
            lines,
            stored.get(day, StoredDay()),
            coverage,
            statement_id,
            to_on,
            file.profile_name,
        )
        for day, lines in _lines_by_day(parsed, stored)
    ]
    plan = ImportPlan(parsed, statement_id, to_on, changes, ())
    warnings = (*_warnings(account.code, parsed, to_on, coverage), *_taken_away(plan))
    return replace(plan, warnings=warnings)


def _fitting(account_code: str, parsed: ParsedStatement) -> ParsedStatement:
    """The statement from the day before on, when its opening balance is that of this day: the
    balance is then the one with which the statement before it ends, and nothing is between them.
    """
    before = parsed.from_on - _DAY
    if not parsed.may_begin_before or find_bank_balance(account_code, before) is not None:
        return parsed
    known = find_bank_balance(account_code, before - _DAY)
    return replace(parsed, from_on=before) if known == parsed.opening_satang else parsed


def _lines_by_day(
    parsed: ParsedStatement, stored: Iterable[date]
) -> list[tuple[date, list[ParsedLine]]]:
    """The file's lines of each day on which it or the books have any."""
    by_day: dict[date, list[ParsedLine]] = {day: [] for day in stored}
    for line in parsed.lines:
        by_day.setdefault(line.booked_on, []).append(line)
    return sorted(by_day.items())


def _change(
    day: date,
    lines: Sequence[ParsedLine],
    stored: StoredDay,
    coverage: Coverage,
    statement_id: int,
    to_on: date,
    style: str,
) -> DayChange:
    is_closed, newest = coverage.file_past(day) is not None, coverage.newest_to_on(day)
    before, after = (stored.state(is_closed, newest) for _copy in range(2))
    ids, ordinals = _identify(lines, stored)
    stated = dict(zip(ids, lines, strict=True))
    erased = stored.erased_ids
    said = {
        line_id: said_of(line).erased if line_id in erased else said_of(line)
        for line_id, line in stated.items()
    }
    rows = {line_id: (statement_id, line.row_number) for line_id, line in stated.items()}
    after.take(DayView(to_on, day < to_on, said, rows, style))
    return DayChange(day, before, after, stated, ordinals, erased)


def _identify(
    lines: Sequence[ParsedLine], stored: StoredDay
) -> tuple[list[int], Mapping[int, int]]:
    """The id of the line that each row is, and the ordinals of those that are stored now.

    Lines that count come before withdrawn ones, which a file may state again.
    """
    ids = [0] * len(lines)
    ordinals: dict[int, int] = {}
    by_amount: dict[int, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        by_amount[line.deposit_satang - line.withdrawal_satang].append(place)
    for amount, places in by_amount.items():
        for known in stored.of_amount(amount):
            free = [place for place in places if not ids[place]]
            recognised = _recognise_erased(lines, free, known)
            for line_id, place in recognised.items():
                ids[place] = line_id
                free.remove(place)
            left = [each for each in known if each.id not in recognised]
            found = pair([said_of(lines[place]) for place in free], [each.said for each in left])
            for place, index in zip(free, found, strict=True):
                ids[place] = left[index].id if index is not None else 0
        first = stored.next_ordinal(amount)
        unknown = (place for place in places if not ids[place])
        for ordinal, place in enumerate(unknown, first):
            ids[place] = new_id()
            ordinals[ids[place]] = ordinal
    return ids, ordinals


def _recognise_erased(
    lines: Sequence[ParsedLine], places: Iterable[int], known: Iterable[StoredLine]
) -> dict[int, int]:
    """The place of the row that says what was erased of a line, by the id of the line: told by the
    digests that are left, so that it is not written on another line.
    """
    found: dict[int, int] = {}
    free = list(places)
    for line in known:
        for place in free if line.erased_digests else ():
            if digests_of(line.id, said_of(lines[place]).words.text) == line.erased_digests:
                found[line.id] = place
                free.remove(place)
                break
    return found


def said_of(line: ParsedLine) -> Said:
    """What the file says of the line."""
    words = Words(_time(line.booked_time), line.description, line.detail, line.channel)
    return Said(words, line.balance_satang)


def _time(at: time | None) -> str:
    if at is None:
        return ""
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _known(
    account_code: str,
    parsed: ParsedStatement,
    to_on: date,
    coverage: Coverage,
    stored: Mapping[date, StoredDay],
) -> Known:
    days = {
        day: KnownDay(stored[day].amounts if day in stored else Counter(), coverage.file_past(day))
        for day in {*stored, *amounts_by_day(parsed)}
        if coverage.covers(day)
    }
    starts = {
        each.from_on: (first.opening_satang, first)
        for each in coverage.statements
        if parsed.from_on <= each.from_on <= to_on
        and (first := coverage.first_file(each.from_on)) is not None
    }
    before = coverage.connects(parsed.from_on)
    if before is not None:
        balance = find_bank_balance(account_code, parsed.from_on - _DAY)
        starts[parsed.from_on] = (balance or 0, before)
    return Known(days, starts, before is not None, coverage.latest_on)


def _reject(error: StatementError | None) -> None:
    if error is not None:
        raise StatementRejected([error])


def _other_account(account: BankAccount, parsed: ParsedStatement) -> StatementError | None:
    if parsed.may_be_of(account.account_digits):
        return None
    problem = N_("The file is of the account %(found)s, not of %(expected)s.")
    remedy = N_("Choose the account that the file belongs to.")
    params = {"found": parsed.account_number, "expected": account.account_number}
    return StatementError(None, None, problem, remedy, "other_account", params)


def _future_day(parsed: ParsedStatement) -> StatementError | None:
    today = clock.today()
    future = next((line for line in parsed.lines if line.booked_on > today), None)
    if future is None and parsed.from_on <= today:
        return None
    row = future.row_number if future else None
    return StatementError(row, None, _FUTURE, OTHER_STYLE, "future_day")


def _warnings(
    account_code: str, parsed: ParsedStatement, to_on: date, coverage: Coverage
) -> Iterable[Sentence]:
    """What is missing before, after and at the end of the file."""
    before, after = parsed.from_on - _DAY, to_on + _DAY
    last_on = find_last_before(account_code, parsed.from_on)
    if last_on is not None and last_on < before and not coverage.covers(parsed.from_on):
        yield sentence(GAP_BEFORE, last_on=last_on, first_on=parsed.from_on)
    if coverage.covers(before) and not coverage.connects(parsed.from_on):
        missing = parsed.opening_satang - (find_bank_balance(account_code, before) or 0)
        if missing:
            yield sentence(NOT_WHOLE, missing_satang=missing, day_on=before)
    following = coverage.first_file(after)
    if following is not None and following.opening_satang != parsed.closing_satang:
        missing = following.opening_satang - parsed.closing_satang
        if not coverage.covers(to_on):
            yield sentence(NOT_WHOLE, missing_satang=missing, day_on=to_on)
    if to_on == clock.today():
        yield sentence(NOT_OVER, day_on=to_on)


def _taken_away(plan: ImportPlan) -> Iterable[Sentence]:
    if plan.withdrawn:
        yield sentence(TAKEN_AWAY, number=len(plan.withdrawn))
