"""What stands out among entries of help, and why it is looked at (pure).

Gifts are what donors decide; these rules are about what the office decides. Each returns what it
found, with a key that stays the same as long as the thing does.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.ledger.models import EntryKind
from fundapp.markers import N_

#: Of 100: an amount so much below the limit, or less, is just below it.
JUST_BELOW = 5
#: Satang: amounts from here on that are whole thousands of baht are round.
ROUND_FROM, ROUND_TO = 1_000_000, 100_000
#: Days between the day in the books and the day of posting.
LATE_DAYS = 7
#: How often two people must have acted together, and in how many of 100 cases of the first.
PAIR_TIMES, PAIR_SHARE = 5, 90
#: Public holidays of Thailand on fixed days, as (month, day). Those that follow the moon are not
#: here: days differ from year to year and are announced.
HOLIDAYS = frozenset(
    {
        (1, 1), (4, 6), (4, 13), (4, 14), (4, 15), (5, 1), (5, 4), (6, 3), (7, 28), (8, 12),
        (10, 13), (10, 23), (12, 5), (12, 10), (12, 31),
    }
)  # fmt: skip
_HELP = (EntryKind.ASSISTANCE_APPROVED, EntryKind.ASSISTANCE_PAID)


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry as the rules see it; ``posted_on`` is the day in Thailand."""

    number: str
    kind: EntryKind
    entry_on: date
    posted_on: date
    satang: int
    maker: str
    checker: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that stands out: its entries, amount and, for pairs, people."""

    key: str
    numbers: tuple[str, ...]
    satang: int
    day: date
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """A rule: how an address names it, its title and explanation, and what finds."""

    name: str
    title: str
    why: str
    find: Callable[[Sequence[SeenEntry], int], Iterator[Found]]


def _one(line: SeenEntry) -> Found:
    return Found(line.number, (line.number,), line.satang, line.entry_on)


def _approved(lines: Sequence[SeenEntry]) -> Iterator[SeenEntry]:
    return (line for line in lines if line.kind is EntryKind.ASSISTANCE_APPROVED)


def _below(lines: Sequence[SeenEntry], limit: int) -> Iterator[Found]:
    for line in _approved(lines):
        if limit * (100 - JUST_BELOW) <= line.satang * 100 < limit * 100:
            yield _one(line)


def _splits(lines: Sequence[SeenEntry], limit: int) -> Iterator[Found]:
    days: dict[tuple[date, str], list[SeenEntry]] = defaultdict(list)
    for line in _approved(lines):
        if line.satang < limit:
            days[line.entry_on, line.maker].append(line)
    for (day, maker), parts in days.items():
        total = sum(line.satang for line in parts)
        if len(parts) > 1 and total >= limit:
            numbers = tuple(line.number for line in parts)
            yield Found(f"{day}:{maker}:{len(parts)}:{total}", numbers, total, day, (maker,))


def _round(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    for line in _approved(lines):
        if line.satang >= ROUND_FROM and line.satang % ROUND_TO == 0:
            yield _one(line)


def _holidays(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    for line in lines:
        day = line.posted_on
        is_free = day.weekday() > 4 or (day.month, day.day) in HOLIDAYS
        if line.kind in _HELP and is_free:
            yield _one(line)


def _backdated(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    for line in lines:
        if (line.posted_on - line.entry_on).days > LATE_DAYS:
            yield _one(line)


def _pairs(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    together: dict[tuple[str, str], list[SeenEntry]] = defaultdict(list)
    for line in _approved(lines):
        together[line.maker, line.checker].append(line)
    of_maker = Counter(line.maker for line in _approved(lines))
    for pair, acts in together.items():
        if len(acts) >= PAIR_TIMES and len(acts) * 100 >= of_maker[pair[0]] * PAIR_SHARE:
            numbers = tuple(line.number for line in acts[:10])
            total = sum(line.satang for line in acts)
            yield Found("+".join(pair), numbers, total, acts[-1].entry_on, pair)


RULES = (
    ExceptionRule(
        "below-limit",
        N_("Just below the limit"),
        N_(
            "Approved help of 95 percent of the limit or more, but less than the limit: an "
            "amount may have been chosen so that fewer people look at it."
        ),
        _below,
    ),
    ExceptionRule(
        "splits",
        N_("Several on one day that reach the limit together"),
        N_(
            "One person made several entries of help on one day, each below the limit and "
            "together not: one sum may have been split."
        ),
        _splits,
    ),
    ExceptionRule(
        "round",
        N_("Round sums"),
        N_(
            "Approved help of 10,000 baht or more in whole thousands: real costs are seldom"
            " round, but help by fixed rates is."
        ),
        _round,
    ),
    ExceptionRule(
        "holidays",
        N_("On weekends and public holidays"),
        N_(
            "Help approved or paid on a Saturday, a Sunday or a public holiday with a fixed"
            " day. Holidays that follow the moon are not known here."
        ),
        _holidays,
    ),
    ExceptionRule(
        "backdated",
        N_("Booked for a day long before"),
        N_(
            "Entries that were posted more than seven days after the day for which they "
            "stand. Bank statements that come late are a good reason."
        ),
        _backdated,
    ),
    ExceptionRule(
        "pairs",
        N_("The same two people always together"),
        N_(
            "Of the help that one person made ready, one and the same person approved nine "
            "in ten or more, five or more times: in a small office that may have to be so."
        ),
        _pairs,
    ),
)


def expected_first_digits(count: int) -> list[int]:
    """How many of ``count`` amounts begin with 1 to 9 by Benford's law, rounded."""
    return [round(count * math.log10(1 + 1 / digit)) for digit in range(1, 10)]


def first_digits(lines: Sequence[SeenEntry]) -> list[int]:
    """How many amounts of approved help, in satang, begin with 1 to 9."""
    found = Counter(str(line.satang)[0] for line in _approved(lines))
    return [found[str(digit)] for digit in range(1, 10)]
