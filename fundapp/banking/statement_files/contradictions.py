"""Where a file contradicts what is known of its account: the first place, with a way on (pure)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fundapp.banking.models import Statement
from fundapp.banking.statement_files.parsed import ParsedStatement, StatementError
from fundapp.clock import local_day
from fundapp.markers import N_
from fundapp.money import format_baht

#: The code of a contradiction that the officer may settle in favour of the file.
CHANGED_DAY = "changed_day"

_OTHER_LINES = N_(
    "%(day_on)s was over in “%(file)s” (imported %(imported_on)s), but this file has other "
    "movements on it: %(added)s more, %(missing)s fewer."
)
_OTHER_START = N_(
    "%(day_on)s begins with %(found)s in this file, but with %(expected)s in “%(file)s” (imported "
    "%(imported_on)s)."
)
_TAKE_OVER = N_(
    "Compare that day with the bank's website. If the bank has changed it, choose the file again "
    "and tick “Take over what the bank changed”."
)
_TO_TODAY = N_(
    "Download one statement from %(from_on)s to today and import it: it shows what the bank has "
    "now."
)

#: Signed amounts in satang, and how many lines have each.
Amounts = Counter[int]


@dataclass(frozen=True, slots=True)
class KnownDay:
    """What is known of a day: its amounts, and the file that knows it to its end."""

    amounts: Amounts
    file_past: Statement | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the days of a file.

    ``starts``: the balance with which a day begins, in satang, and the file that says so.
    ``is_fixed``: the day before the file's first one is covered together with it, so a file cannot
    change the balance it opens with.
    """

    days: Mapping[date, KnownDay]
    starts: Mapping[date, tuple[int, Statement]]
    is_fixed: bool
    latest_on: date | None


def find_contradiction(
    parsed: ParsedStatement, to_on: date, known: Known, *, take_over: bool
) -> StatementError | None:
    """The first day on which the file and what is known cannot both be true, or None.

    With ``take_over`` the file is right about days that it covers together with all later ones.
    """
    in_file = amounts_by_day(parsed)
    may_take_over = known.latest_on is not None and (
        to_on > known.latest_on
        or (to_on == known.latest_on and not _lacks_only(in_file, known, to_on))
    )
    for day in sorted({*known.starts, *known.days}):
        start = known.starts.get(day)
        found = _balance_before(parsed, day) if start else 0
        if start and found != start[0]:
            is_fixed = known.is_fixed and day == parsed.from_on
            if is_fixed or not (may_take_over and take_over):
                return _other_start(parsed, day, found, *start, may_take_over, is_fixed)
        if day in known.days and not (may_take_over and take_over):
            error = _other_lines(day, in_file, known.days[day], day < to_on, may_take_over)
            if error is not None:
                return error
    return None


def amounts_by_day(parsed: ParsedStatement) -> dict[date, Amounts]:
    """The signed amounts of each day that has lines."""
    by_day: dict[date, Amounts] = {}
    for line in parsed.lines:
        amount = line.deposit_satang - line.withdrawal_satang
        by_day.setdefault(line.booked_on, Counter())[amount] += 1
    return by_day


def _balance_before(parsed: ParsedStatement, day: date) -> int:
    """The balance with which a day begins in the file."""
    moved = (
        line.deposit_satang - line.withdrawal_satang
        for line in parsed.lines
        if line.booked_on < day
    )
    return parsed.opening_satang + sum(moved)


def _lacks_only(in_file: Mapping[date, Amounts], known: Known, day: date) -> bool:
    """Whether the file has only a part of the day's lines: it was downloaded earlier."""
    amounts = known.days[day].amounts if day in known.days else Counter[int]()
    return in_file.get(day, Counter[int]()) < amounts


def _sum(amounts: Amounts) -> int:
    return sum(satang * number for satang, number in amounts.items())


def _other_lines(
    day: date,
    in_file: Mapping[date, Amounts],
    known: KnownDay,
    is_over: bool,
    may_take_over: bool,
) -> StatementError | None:
    """The refusal of a day that was over and has other amounts in the file.

    On its own last day a file may have fewer: it was downloaded before the day was over.
    """
    if known.file_past is None:
        return None
    amounts = in_file.get(day, Counter[int]())
    added, missing = (amounts - known.amounts).total(), (known.amounts - amounts).total()
    if not added and not (missing and is_over):
        return None
    if known.file_past.from_on > day and not missing and not _sum(amounts - known.amounts):
        return None  # That file knows how the day ended, not its lines: these cancel each other.
    params = {"day_on": day, "added": added, "missing": missing, "from_on": day}
    params |= _names(known.file_past)
    if is_over and may_take_over:
        return StatementError(None, None, _OTHER_LINES, _TAKE_OVER, CHANGED_DAY, params)
    return StatementError(None, None, _OTHER_LINES, _TO_TODAY, "differs", params)


def _other_start(
    parsed: ParsedStatement,
    day: date,
    found: int,
    expected: int,
    file: Statement,
    may_take_over: bool,
    is_fixed: bool,
) -> StatementError:
    from_on = file.from_on if is_fixed else min(parsed.from_on, file.from_on)
    params = {
        "day_on": day,
        "found": format_baht(found),
        "expected": format_baht(expected),
        "from_on": from_on,
    }
    params |= _names(file)
    if may_take_over and not is_fixed:
        return StatementError(None, None, _OTHER_START, _TAKE_OVER, CHANGED_DAY, params)
    return StatementError(None, None, _OTHER_START, _TO_TODAY, "opening_balance", params)


def _names(file: Statement) -> dict[str, object]:
    return {"file": file.file_name, "imported_on": local_day(file.imported_at)}
