"""What stands out among entries of help: amounts, days, who acted together, first digits (pure)."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from fundapp.audit.exceptions.rules.base import ExceptionRule, Found, SeenEntry
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind
from fundapp.markers import N_
from fundapp.thai.holidays import is_public_holiday, is_weekend

#: Of 100: an amount so much below the limit, or less, is just below it.
JUST_BELOW = 5
#: Satang: amounts from here on that are whole thousands of baht are round.
ROUND_FROM, ROUND_TO = 1_000_000, 100_000
#: Days between the day in the books and the day of posting.
LATE_DAYS = 7
#: How often two people must have acted together, and in how many of 100 cases of the first.
PAIR_TIMES, PAIR_SHARE = 5, 90
#: First digits are compared from so many amounts on, and stand out beyond so many standard
#: deviations (99 of 100, two-sided).
ENOUGH_AMOUNTS, BEYOND_CHANCE = 300, 2.576
_HELP = (EntryKind.ASSISTANCE_APPROVED, EntryKind.ASSISTANCE_PAID)


def _one(line: SeenEntry) -> Found:
    return Found(entry_number(line.entry_id), (line.entry_id,), line.satang, line.entry_on)


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
            entries = tuple(line.entry_id for line in parts)
            yield Found(f"{day}:{maker}:{len(parts)}:{total}", entries, total, day, (maker,))


def _round(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    for line in _approved(lines):
        if line.satang >= ROUND_FROM and line.satang % ROUND_TO == 0:
            yield _one(line)


def _holidays(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    for line in lines:
        if line.kind in _HELP and _is_free(line.posted_on):
            yield _one(line)


def _is_free(day: date) -> bool:
    return is_weekend(day) or is_public_holiday(day)


def _backdated(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    for line in lines:
        if (line.posted_on - line.entry_on).days > LATE_DAYS:
            yield _one(line)


def _pairs(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    yield from _always_together(list(_approved(lines)))


def _paying_pairs(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    paid = [line for line in lines if line.kind is EntryKind.ASSISTANCE_PAID]
    yield from _always_together(paid)


def _always_together(lines: Sequence[SeenEntry]) -> Iterator[Found]:
    """Makers and checkers of entries of one kind."""
    together: dict[tuple[str, str], list[SeenEntry]] = defaultdict(list)
    for line in lines:
        together[line.maker, line.checker].append(line)
    of_maker = Counter(line.maker for line in lines)
    for pair, acts in together.items():
        if len(acts) >= PAIR_TIMES and len(acts) * 100 >= of_maker[pair[0]] * PAIR_SHARE:
            entries = tuple(line.entry_id for line in acts[:10])
            total = sum(line.satang for line in acts)
            yield Found("+".join(pair), entries, total, acts[-1].entry_on, pair)


def _digits(lines: Sequence[SeenEntry], _limit: int) -> Iterator[Found]:
    """Digits with which so many more or fewer amounts begin than expected that it is chance in one
    case of a hundred (normal approximation), where there are enough amounts to say so.
    """
    by_digit: dict[str, list[SeenEntry]] = defaultdict(list)
    for line in _approved(lines):
        by_digit[str(line.satang)[0]].append(line)
    total = sum(map(len, by_digit.values()))
    if total < ENOUGH_AMOUNTS:
        return
    for digit in range(1, 10):
        having = by_digit.get(str(digit), [])
        count = len(having)
        share = math.log10(1 + 1 / digit)
        spread = math.sqrt(total * share * (1 - share))
        if abs(count - total * share) - 0.5 > BEYOND_CHANCE * spread:
            entries = tuple(line.entry_id for line in having[:10])
            day = having[-1].entry_on if having else lines[-1].entry_on
            sum_satang = sum(line.satang for line in having)
            yield Found(f"{digit}:{count}:{total}", entries, sum_satang, day, codes=(str(digit),))


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
            "Help approved or paid on a Saturday, a Sunday, a public holiday or the day that makes "
            "up for one. Buddhist holidays are known for 2567 to 2570; Hari Raya and days that "
            "the cabinet adds are not known here."
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
    ExceptionRule(
        "paying-pairs",
        N_("Payer and approver always together"),
        N_(
            "Of the help that one person paid, one and the same person had approved nine in ten "
            "or more, five or more times: in a small office that may have to be so."
        ),
        _paying_pairs,
    ),
    ExceptionRule(
        "digits",
        N_("First digits that stand out"),
        N_(
            "More or fewer amounts of approved help begin with this digit than Benford’s law "
            "expects, beyond chance in 99 of 100 cases. It is asked of 300 amounts or more; help "
            "by fixed rates does not follow the law."
        ),
        _digits,
    ),
)


def expected_first_digits(count: int) -> list[int]:
    """How many of ``count`` amounts begin with 1 to 9 by Benford's law, rounded."""
    return [round(count * math.log10(1 + 1 / digit)) for digit in range(1, 10)]


def first_digits(lines: Sequence[SeenEntry]) -> list[int]:
    """How many amounts of approved help, in satang, begin with 1 to 9."""
    found = Counter(str(line.satang)[0] for line in _approved(lines))
    return [found[str(digit)] for digit in range(1, 10)]
