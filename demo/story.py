"""The whole story in order of time (pure): the same day and size always give the same story."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo.bank import BankLine, Halves, bank_lines, halves, statements, when_known
from demo.families import families
from demo.gifts import giving
from demo.happenings import CashMoves, Happening, MoneyComes, MoneyReversed, MonthCloses
from demo.help import help_for
from demo.sizes import Size
from demo.years import Span, month_after, office_hour, span_of, workday
from fundapp.clock import local_day
from fundapp.giving.models import Method

SEED = "yala"


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happens, in order; what the bank saw of it; which days wait."""

    span: Span
    happenings: list[Happening]
    lines: list[BankLine]
    halves: Halves
    #: Payments whose lines were taken in, and wait for somebody to find out what they are.
    puzzles: frozenset[int]
    #: What older books, taken over in batches, brought into each bank account, in satang.
    taken_over: Mapping[str, int] = field(default_factory=dict)


def write_story(today: date, size: Size, subdistricts: dict[str, list[str]]) -> Story:
    """The story as it is told on ``today``; ``subdistricts`` are official codes by district."""
    span = span_of(today)
    known = halves(span)
    given = giving(span, size, _random("giving"))
    members, of_families = families(span, size, subdistricts, _random("families"))
    wrong = {one.payment for one in given.happenings if isinstance(one, MoneyReversed)}
    money = when_known(given.money, known)
    puzzles = _puzzles(given.money, known)
    counts = [one for one in money if one.payment not in wrong | puzzles]
    told = [
        *given.happenings,
        *of_families,
        *help_for(span, size, members, counts, _random("help")),
        *_cash_banked(counts, span, _random("cash")),
    ]
    lines = bank_lines(span, given.money, told, _random("bank"))
    told += [one for one in money if not known.is_covered(one)]
    told += [*statements(known), *_closings(span, _random("months"))]
    told.sort(key=lambda one: one.at)
    return Story(span, told, lines, known, puzzles)


def _random(part: str) -> Random:
    """Each part draws by itself, so that one more gift does not change the children."""
    return Random(f"{SEED}:{part}")  # noqa: S311 - a story, not a secret


def _puzzles(money: list[MoneyComes], known: Halves) -> frozenset[int]:
    """Payments of the last statement that named no reference."""
    if not known.taken:
        return frozenset()
    first, last = known.taken[-1]
    return frozenset(
        one.payment
        for one in money
        if first <= one.received_on <= last
        and not one.instalment
        and one.method in (Method.PROMPTPAY, Method.TRANSFER)
    )


def _cash_banked(money: list[MoneyComes], span: Span, rng: Random) -> list[Happening]:
    """Once a week the cash of each fund is paid into its bank account."""
    boxes: dict[tuple[date, str], int] = defaultdict(int)
    for one in money:
        if one.method is Method.CASH:
            recorded_on = local_day(one.at)
            monday = recorded_on + timedelta(days=7 - recorded_on.weekday())
            boxes[monday, one.fund] += one.satang
    return [
        CashMoves(at=office_hour(rng, monday), cash=number, fund=fund, satang=satang)
        for number, ((monday, fund), satang) in enumerate(sorted(boxes.items()), start=1)
        if monday <= span.last
    ]


def _closings(span: Span, rng: Random) -> list[Happening]:
    """Months are closed in the middle of the next; the last one that is over stays open."""
    closed = [month for month in span.months() if month_after(month_after(month)) <= span.last]
    days = [(month, workday(month_after(month) + timedelta(days=14))) for month in closed]
    return [
        MonthCloses(at=office_hour(rng, day), month_on=month)
        for month, day in days
        if day <= span.last
    ]
