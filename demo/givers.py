"""Who gives in the demo's story, what they promise, and what then arrives (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo import funds, names
from demo.happenings import (
    DonorComes,
    Happening,
    MoneyComes,
    PledgeMade,
    PledgeTurns,
    Turn,
)
from demo.sizes import Size
from demo.years import Span, office_hour
from fundapp.giving import schedule
from fundapp.giving.models import DonorKind, Frequency, Method

_KINDS = (
    *[DonorKind.INDIVIDUAL] * 11,
    *[DonorKind.HOUSEHOLD] * 4,
    *[DonorKind.COMPANY] * 2,
    DonorKind.AGENCY,
    DonorKind.MOSQUE,
    DonorKind.SCHOOL,
)
_LOCALES = (*["th"] * 8, "ms", "en")
#: Usual gifts in baht.
_AMOUNTS = {
    DonorKind.INDIVIDUAL: (100, 200, 200, 300, 500, 500, 1000, 1500),
    DonorKind.HOUSEHOLD: (300, 500, 1000, 1000, 2000, 3000),
    DonorKind.COMPANY: (3000, 5000, 10000, 20000),
    DonorKind.AGENCY: (1500, 3000, 5000, 9999),
    DonorKind.MOSQUE: (1000, 2500, 4000, 8000),
    DonorKind.SCHOOL: (500, 1000, 1999, 3000),
}
_FREQUENCIES = (
    *[Frequency.MONTHLY] * 6,
    Frequency.QUARTERLY,
    Frequency.TERM,
    Frequency.YEARLY,
    *[Frequency.ONCE] * 2,
)
_COUNTS: dict[Frequency, tuple[int | None, ...]] = {
    Frequency.ONCE: (1,),
    Frequency.MONTHLY: (3, 6, 6, 12, 12, 24, None),
    Frequency.QUARTERLY: (4, 8, None),
    Frequency.TERM: (2, 4, None),
    Frequency.YEARLY: (2, 3, None),
}
_FUNDS = (
    *[funds.GENERAL] * 5,
    *[funds.EDUCATION] * 4,
    *[funds.EARLY] * 2,
    funds.ZAKAT,
    *[funds.SADAQAH] * 2,
)
_MUSLIM_FUNDS = (funds.ZAKAT, funds.SADAQAH, funds.SADAQAH)
#: The number of the donor whom one can sign in as, and of further pledges of that donor.
THE_DONOR = 1
_OF_THE_DONOR = (7, 13, 17)
#: Days of the shortest story, two fiscal years.
_USUAL_DAYS = 730
_PLEDGE_METHODS = (*[Method.PROMPTPAY] * 3, Method.TRANSFER)


@dataclass(frozen=True, slots=True)
class Giver:
    """A donor, and what is usual for this one."""

    comes: DonorComes
    usual_baht: int
    funds: tuple[str, ...]


@dataclass(slots=True)
class Habit:
    """How well a promise is kept: shares of instalments that are missed, late, short, over."""

    missed: float = 0.02
    late: float = 0.12
    short: float = 0.02
    over: float = 0.03


@dataclass(slots=True)
class Giving:
    """Everything that givers do in the story."""

    happenings: list[Happening] = field(default_factory=list)
    money: list[MoneyComes] = field(default_factory=list)

    def receive(self, **facts: object) -> None:
        """Let money come; payments are numbered in the order in which they are thought of."""
        self.money.append(MoneyComes(payment=len(self.money) + 1, **facts))  # type: ignore[arg-type]


def promises(span: Span, size: Size, rng: Random) -> tuple[list[Giver], Giving]:
    """The story's donors, and their pledges with what arrives for them."""
    told = Giving()
    givers = [_giver(number, span, rng) for number in range(1, size.donors + 1)]
    givers[THE_DONOR - 1] = _the_donor(span, rng)
    told.happenings.extend(giver.comes for giver in givers)
    for number in range(1, size.pledges + 1):
        # Everybody promises once before anybody promises twice.
        giver = givers[number - 1] if number <= len(givers) * 3 // 4 else rng.choice(givers)
        if number in _OF_THE_DONOR:
            giver = givers[THE_DONOR - 1]
        _promise(number, giver, told, span, rng)
    return givers, told


def _the_donor(span: Span, rng: Random) -> Giver:
    """The donor who signs in: with the fund since its first month."""
    name, email = names.THE_DONOR
    comes = DonorComes(
        at=office_hour(rng, span.first + timedelta(days=20)),
        donor=THE_DONOR,
        name=name,
        kind=DonorKind.INDIVIDUAL,
        email=email,
        phone=None,
        locale="th",
    )
    return Giver(comes, 300, (funds.GENERAL, funds.EDUCATION, funds.ZAKAT))


def _giver(number: int, span: Span, rng: Random) -> Giver:
    kind = rng.choice(_KINDS)
    # The longer the story, the later most people come: there are about as many gifts each day.
    late = max(0.0, 1 - _USUAL_DAYS / span.days)
    joined_on = span.day(rng, after=late, before=0.9 if number % 3 else late + 0.15)
    comes = DonorComes(
        at=office_hour(rng, joined_on),
        donor=number,
        name=names.giver(rng, kind),
        kind=kind,
        email=f"donor-{number:04d}@example.org" if rng.random() < 0.6 else None,
        phone=names.phone(number) if rng.random() < 0.4 else None,
        locale=rng.choice(_LOCALES),
    )
    preferred = (
        _MUSLIM_FUNDS if kind is DonorKind.MOSQUE else (rng.choice(_FUNDS), rng.choice(_FUNDS))
    )
    return Giver(comes, rng.choice(_AMOUNTS[kind]), preferred)


def _promise(number: int, giver: Giver, told: Giving, span: Span, rng: Random) -> None:
    made_at = giver.comes.at + timedelta(
        days=int((span.last - giver.comes.at.date()).days * rng.random() ** 1.4 * 0.9), minutes=2
    )
    frequency = rng.choice(_FREQUENCIES)
    count = rng.choice(_COUNTS[frequency])
    pledge = PledgeMade(
        at=made_at,
        pledge=number,
        donor=giver.comes.donor,
        fund=rng.choice(giver.funds),
        amount_satang=giver.usual_baht * 100 * (count or 1) + rng.choice((0, 0, 0, 0, 10_000)),
        frequency=frequency,
        count=count,
        starts_on=made_at.date() + timedelta(days=rng.choice((0, 0, 1, 3, 7, 14))),
        method=rng.choice(_PLEDGE_METHODS),
        is_anonymous=rng.random() < 0.08,
    )
    told.happenings.append(pledge)
    ends_on = _turn(pledge, told, span, rng)
    _keep(pledge, told, min(ends_on, span.last), rng)


def _turn(pledge: PledgeMade, told: Giving, span: Span, rng: Random) -> date:
    """Perhaps the pledge is paused or cancelled; the day from which nothing more comes."""
    chance = rng.random()
    lasts = (span.last - pledge.at.date()).days
    if pledge.frequency is Frequency.ONCE or lasts < 30 or chance > 0.14:
        return span.today
    stops_on = pledge.at.date() + timedelta(days=rng.randrange(20, lasts))
    turn = Turn.CANCEL if chance < 0.08 else Turn.PAUSE
    stops_at = office_hour(rng, stops_on)
    told.happenings.append(PledgeTurns(at=stops_at, pledge=pledge.pledge, turn=turn))
    if turn is Turn.PAUSE and rng.random() < 0.3 and (span.last - stops_on).days > 10:
        resumes_at = stops_at + timedelta(days=rng.randrange(5, 10))
        told.happenings.append(PledgeTurns(at=resumes_at, pledge=pledge.pledge, turn=Turn.RESUME))
    return stops_on


def _keep(pledge: PledgeMade, told: Giving, until: date, rng: Random) -> None:
    """The payments of a pledge that arrive before ``until``."""
    habit = Habit() if rng.random() < 0.75 else Habit(missed=0.15, late=0.4, short=0.08, over=0.02)
    for number, due_on, satang in _instalments(pledge, until):
        if rng.random() < habit.missed:
            continue
        delay = (
            rng.randrange(3, 40) if rng.random() < habit.late else rng.choice((-2, -1, 0, 0, 0, 1))
        )
        day = max(due_on + timedelta(days=delay), pledge.at.date())
        if day >= until:
            continue
        part = satang
        if rng.random() < habit.short:
            part = max(100, satang // 200 * 100)
        elif rng.random() < habit.over:
            part = satang + rng.choice((5000, 10000, 50000))
        _arrive(pledge, number, part, day, told, rng)


def _instalments(pledge: PledgeMade, until: date) -> Iterator[tuple[int, date, int]]:
    count = pledge.count or schedule.MAXIMUM_INSTALMENTS
    days = schedule.due_dates(pledge.frequency, pledge.starts_on, min(count, 60))
    amounts = (
        schedule.amounts(pledge.amount_satang, pledge.count)
        if pledge.count
        else [pledge.amount_satang] * len(days)
    )
    for number, (day, satang) in enumerate(zip(days, amounts, strict=False), start=1):
        if day >= until:
            return
        yield number, day, satang


def _arrive(
    pledge: PledgeMade, number: int, satang: int, day: date, told: Giving, rng: Random
) -> None:
    told.receive(
        at=max(office_hour(rng, day), pledge.at + timedelta(minutes=3)),
        satang=satang,
        received_on=day,
        method=pledge.method,
        fund=pledge.fund,
        donor=pledge.donor,
        pledge=pledge.pledge,
        # One in ten forgets the reference.
        instalment=0 if rng.random() < 0.1 else number,
    )
