"""From the entries of a bank's messages to statements: parts, sums, balances (pure).

MT940 and camt.053 state no balance after a movement, so a statement is proved as a whole: opening
balance + its entries = closing balance, and of several statements of an account in one file each
begins as the one before it ends. An entry may be several movements: the parts of a batch, or an
amount and what the bank took of it. Each is a line, and together they are the entry.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from fundapp.banking.statement_files.account_numbers import number_in_field
from fundapp.banking.statement_files.cells import MAX_ROWS, plain, too_many_rows
from fundapp.banking.statement_files.decoding import WHOLE_FILE
from fundapp.banking.statement_files.parsed import (
    ParsedLine,
    ParsedStatement,
    StatementRejected,
    rejected,
)
from fundapp.banking.statement_files.rows import MOST_SATANG
from fundapp.markers import N_
from fundapp.money import format_baht

#: The only currency of the books.
BAHT = "THB"

_DAY = timedelta(days=1)
#: A bank books late, but a day further outside the statement than this is read wrongly.
_MOST_DAYS_OUTSIDE = 31
_LONGEST_TEXT = 2000

#: What to do about most errors of a message.
ASK_BANK = N_("Download the file again. If it stays so, ask the bank, or use a CSV file.")
_SUM = N_("The parts of this entry add up to %(found)s, but the entry is %(expected)s.")


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One movement of an entry: satang, money out below zero, and the bank's words."""

    satang: int
    description: str
    detail: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a bank booked at once; ``number`` is its row, and its parts may use those behind it."""

    number: int
    booked_on: date
    booked_time: time | None
    parts: Sequence[EntryPart]


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance in satang; of an opening one the day is its own or the one before it."""

    satang: int
    day: date


@dataclass(frozen=True, slots=True)
class Section:
    """One statement of an account as the file has it, or one page of it.

    ``account`` is digits, ``period`` the first and last day where the file declares them.
    """

    number: int
    account: str
    opening: Balance
    closing: Balance
    entries: Sequence[Entry]
    period: tuple[date, date] | None = None
    #: What every page of one statement has in common; None where a section is a whole statement.
    statement: str | None = None
    #: Whether it begins and ends in the middle of its statement.
    continues: bool = False
    goes_on: bool = False


def require_sum(parts: Sequence[EntryPart], satang: int, row: int) -> Sequence[EntryPart]:
    """The parts, when they add up to their entry; else StatementRejected."""
    found = sum(part.satang for part in parts)
    if found != satang:
        values = {"found": format_baht(found), "expected": format_baht(satang)}
        raise rejected("parts", _SUM, ASK_BANK, row=row, **values)
    return parts


def require_baht(currency: str, row: int | None = None) -> None:
    """StatementRejected for another currency."""
    if currency != BAHT:
        problem = N_("This file has amounts in %(currency)s. The fund keeps its books in baht.")
        remedy = N_("Import the statement of an account in baht.")
        raise rejected("currency", problem, remedy, row=row, currency=currency[:10])


def account_digits(text: str, row: int) -> str:
    """The account number of a statement, as `ParsedStatement` has it; else StatementRejected."""
    number = number_in_field(text)
    if number is None:
        problem = N_("The account number of this statement cannot be read: “%(text)s”.")
        raise rejected("bad_account", problem, ASK_BANK, row=row, text=text.strip()[:40])
    return number


def require_possible(satang: int, row: int) -> int:
    """The amount, when an account can hold it; else StatementRejected."""
    if abs(satang) > MOST_SATANG:
        raise rejected("too_large_amount", N_("This amount is too large."), ASK_BANK, row=row)
    return satang


def statements_of(sections: Sequence[Section]) -> tuple[ParsedStatement, ...]:
    """One statement for each account, in the order of the file; StatementRejected."""
    if sum(len(each.parts) for section in sections for each in section.entries) > MAX_ROWS:
        raise too_many_rows()
    by_account: dict[str, list[Section]] = {}
    for section in sections:
        _require_proved(section)
        by_account.setdefault(section.account, []).append(section)
    chains = [_chained(group) for group in by_account.values()]
    for chain in chains:
        _require_whole(chain)
    return tuple(map(_statement, chains))


def _require_proved(section: Section) -> None:
    moved = sum(part.satang for entry in section.entries for part in entry.parts)
    expected = section.opening.satang + moved
    if expected != section.closing.satang:
        problem = N_(
            "The closing balance is %(found)s; the opening balance and the entries give "
            "%(expected)s."
        )
        values = {
            "found": format_baht(section.closing.satang),
            "expected": format_baht(expected),
        }
        raise rejected("closing_balance", problem, WHOLE_FILE, row=section.number, **values)


def _require_whole(chain: Sequence[Section]) -> None:
    """Refuse a statement of which a page is missing: one that ends with an interim balance goes on
    in the next page of the same statement, which begins with it, as an interim one.
    """
    for before, after in zip((None, *chain), (*chain, None), strict=True):
        goes_on = before is not None and before.goes_on
        if goes_on != (after is not None and after.continues):
            raise _page_missing(before if goes_on else after)
        if before and after and goes_on and before.statement != after.statement:
            raise _page_missing(before)


def _page_missing(section: Section | None) -> StatementRejected:
    """The refusal of a statement that goes on, or began, elsewhere."""
    if section is None:
        raise AssertionError("a page is missing beside another one")
    if section.goes_on:
        problem = N_(
            "This statement goes on: it ends with an interim balance (:62M:, ITBD), and the next "
            "message of the same statement does not follow."
        )
    else:
        problem = N_(
            "This statement began elsewhere: it begins with an interim balance (:60M:, ITBD), and "
            "the message before it does not come first."
        )
    remedy = N_(
        "Download all messages of the statement in one file, up to the closing balance (:62F:, "
        "CLBD)."
    )
    return rejected("page_missing", problem, remedy, row=section.number)


def _chained(group: Sequence[Section]) -> Sequence[Section]:
    """The statements of an account, oldest first: each begins as the one before it ends."""
    for order in (group, group[::-1]):
        if all(_follows(before, after) for before, after in pairwise(order)):
            return order
    before, after = next(pair for pair in pairwise(group) if not _follows(*pair))
    problem = N_(
        "This statement of the account %(account)s begins with %(found)s on %(day_on)s, but the "
        "one before it in the file ends with %(expected)s."
    )
    raise rejected(
        "chain", problem, WHOLE_FILE, row=after.number, account=after.account,
        found=format_baht(after.opening.satang), expected=format_baht(before.closing.satang),
        day_on=after.opening.day,
    )  # fmt: skip


def _follows(before: Section, after: Section) -> bool:
    is_later = after.opening.day >= before.opening.day and after.closing.day >= before.closing.day
    return is_later and before.closing.satang == after.opening.satang


def _statement(sections: Sequence[Section]) -> ParsedStatement:
    first, last = sections[0], sections[-1]
    entries = [entry for section in sections for entry in section.entries]
    period = _period(first, last, entries)
    _require_inside(entries, first, last)
    lines = tuple(_lines(entries, first.opening.satang))
    may_begin_before = first.period is None and period[0] == first.opening.day + _DAY
    return ParsedStatement(
        first.account, first.opening.satang, last.closing.satang, *period, lines, may_begin_before
    )


def _period(first: Section, last: Section, entries: Sequence[Entry]) -> tuple[date, date]:
    """The days that the statement covers.

    Banks date an opening balance with the first day or with the one before it. Without an entry on
    that day the file does not show that the day is in it.
    """
    booked = [entry.booked_on for entry in entries]
    from_on = first.period[0] if first.period else first.opening.day
    to_on = last.period[1] if last.period else last.closing.day
    if first.period is None and from_on < to_on and from_on not in booked:
        from_on += _DAY
    return min([from_on, *booked]), max([to_on, *booked])


def _require_inside(entries: Iterable[Entry], first: Section, last: Section) -> None:
    """Refuse a day that is far outside the balances: its year or month was read wrongly."""
    days = (first.opening.day, last.closing.day)
    if days[0] > days[1]:
        problem = N_("The period above the headings ends before it begins.")
        raise rejected("bad_period", problem, ASK_BANK, row=first.number)
    for entry in entries:
        outside = max(days[0] - entry.booked_on, entry.booked_on - days[1])
        if outside > _MOST_DAYS_OUTSIDE * _DAY:
            problem = N_("This day is outside the period of the statement.")
            raise rejected("out_of_period", problem, ASK_BANK, row=entry.number)


def _lines(entries: Iterable[Entry], opening: int) -> Iterator[ParsedLine]:
    """The movements by day, each with the balance after it."""
    balance = opening
    for entry in sorted(entries, key=lambda each: each.booked_on):
        for place, part in enumerate(entry.parts):
            balance += part.satang
            yield ParsedLine(
                row_number=entry.number + place,
                booked_on=entry.booked_on,
                booked_time=entry.booked_time,
                description=_text(part.description, entry.number),
                detail=_text(part.detail, entry.number),
                channel=_text(part.channel, entry.number),
                withdrawal_satang=max(-part.satang, 0),
                deposit_satang=max(part.satang, 0),
                balance_satang=balance,
                entry_number=entry.number,
            )


def _text(text: str, row: int) -> str:
    """A text as it is kept: in one line, without signs that take no room."""
    if len(text) > _LONGEST_TEXT:
        problem = N_("This text is longer than %(characters)s characters.")
        raise rejected("too_long", problem, ASK_BANK, row=row, characters=str(_LONGEST_TEXT))
    return plain(" ".join(text.split()))
