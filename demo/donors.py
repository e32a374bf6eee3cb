"""The demo's donors, their pledges, and the payments that arrive for them (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo import funds, names
from demo.dates import Span, office_hour
from demo.events import (
    DonorRegistered,
    Event,
    PaymentReceived,
    PledgeChanged,
    PledgeMade,
)
from demo.sizes import Size
from fundapp.giving import schedule
from fundapp.giving.models import DonorKind, Frequency, Method
from fundapp.giving.workflow import PledgeAction

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
#: The number of the donor one can sign in as, and of further pledges of that donor.
SIGNED_IN_DONOR = 1
_PLEDGES_OF_SIGNED_IN_DONOR = (7, 13, 17)
#: Days of the shortest history, two fiscal years.
_SHORTEST_DAYS = 730
_PLEDGE_METHODS = (*[Method.PROMPTPAY] * 3, Method.TRANSFER)


@dataclass(frozen=True, slots=True)
class DonorProfile:
    """A donor, the usual amount of one gift, and the funds chosen from."""

    registered: DonorRegistered
    usual_baht: int
    funds: tuple[str, ...]


@dataclass(slots=True)
class PaymentHabit:
    """Shares of a pledge's instalments that are not paid, paid late, in part, or with a surplus."""

    missed: float = 0.02
    late: float = 0.12
    in_part: float = 0.02
    surplus: float = 0.03


@dataclass(slots=True)
class GivingPlan:
    """Everything that donors do. `bank_lines` decides which payments an officer records, and which
    a statement brings.
    """

    events: list[Event] = field(default_factory=list)
    payments: list[PaymentReceived] = field(default_factory=list)

    def add_payment(self, **facts: object) -> None:
        """Add a payment; payments are numbered in the order in which they are planned."""
        number = len(self.payments) + 1
        self.payments.append(PaymentReceived(payment=number, **facts))  # type: ignore[arg-type]


#: How every fourth pledge is paid.
_UNRELIABLE = PaymentHabit(missed=0.15, late=0.4, in_part=0.08, surplus=0.02)


def plan_pledges(span: Span, size: Size, rng: Random) -> tuple[list[DonorProfile], GivingPlan]:
    """The donors, and their pledges with the payments that arrive for them."""
    plan = GivingPlan()
    donors = [_donor_profile(number, span, rng) for number in range(1, size.donors + 1)]
    donors[SIGNED_IN_DONOR - 1] = _signed_in_donor(span, rng)
    plan.events.extend(donor.registered for donor in donors)
    for number in range(1, size.pledges + 1):
        # Three quarters of the donors make one pledge before anybody makes a second.
        donor = donors[number - 1] if number <= len(donors) * 3 // 4 else rng.choice(donors)
        if number in _PLEDGES_OF_SIGNED_IN_DONOR:
            donor = donors[SIGNED_IN_DONOR - 1]
        _add_pledge(number, donor, plan, span, rng)
    return donors, plan


def _signed_in_donor(span: Span, rng: Random) -> DonorProfile:
    """The donor one can sign in as, registered in the first month."""
    registered = DonorRegistered(
        at=office_hour(rng, span.first + timedelta(days=20)),
        donor=SIGNED_IN_DONOR,
        name=names.SIGNED_IN_DONOR_NAME,
        kind=DonorKind.INDIVIDUAL,
        email=names.SIGNED_IN_DONOR_EMAIL,
        phone=None,
        locale="th",
    )
    return DonorProfile(registered, 300, (funds.GENERAL, funds.EDUCATION, funds.ZAKAT))


def _donor_profile(number: int, span: Span, rng: Random) -> DonorProfile:
    kind = rng.choice(_KINDS)
    # In a longer history most donors are registered later, so that there are as many gifts a day.
    earliest = max(0.0, 1 - _SHORTEST_DAYS / span.days)
    joined_on = span.day(rng, after=earliest, before=0.9 if number % 3 else earliest + 0.15)
    registered = DonorRegistered(
        at=office_hour(rng, joined_on),
        donor=number,
        name=names.donor_name(rng, kind),
        kind=kind,
        email=f"donor-{number:04d}@example.org" if rng.random() < 0.6 else None,
        phone=names.phone(number) if rng.random() < 0.4 else None,
        locale=rng.choice(_LOCALES),
    )
    preferred = (
        _MUSLIM_FUNDS if kind is DonorKind.MOSQUE else (rng.choice(_FUNDS), rng.choice(_FUNDS))
    )
    return DonorProfile(registered, rng.choice(_AMOUNTS[kind]), preferred)


def _add_pledge(
    number: int, donor: DonorProfile, plan: GivingPlan, span: Span, rng: Random
) -> None:
    made_at = donor.registered.at + timedelta(
        days=int((span.last - donor.registered.at.date()).days * rng.random() ** 1.4 * 0.9),
        minutes=2,
    )
    frequency = rng.choice(_FREQUENCIES)
    count = rng.choice(_COUNTS[frequency])
    pledge = PledgeMade(
        at=made_at,
        pledge=number,
        donor=donor.registered.donor,
        fund=rng.choice(donor.funds),
        amount_satang=donor.usual_baht * 100 * (count or 1) + rng.choice((0, 0, 0, 0, 10_000)),
        frequency=frequency,
        count=count,
        starts_on=made_at.date() + timedelta(days=rng.choice((0, 0, 1, 3, 7, 14))),
        method=rng.choice(_PLEDGE_METHODS),
        is_anonymous=rng.random() < 0.08,
    )
    plan.events.append(pledge)
    ends_on = _add_changes(pledge, plan, span, rng)
    _add_payments(pledge, plan, min(ends_on, span.last), rng)


def _add_changes(pledge: PledgeMade, plan: GivingPlan, span: Span, rng: Random) -> date:
    """Pause or cancel some pledges; the day from which no more payments arrive."""
    chance = rng.random()
    days_left = (span.last - pledge.at.date()).days
    if pledge.frequency is Frequency.ONCE or days_left < 30 or chance > 0.14:
        return span.today
    stops_on = pledge.at.date() + timedelta(days=rng.randrange(20, days_left))
    action = PledgeAction.CANCEL if chance < 0.08 else PledgeAction.PAUSE
    stops_at = office_hour(rng, stops_on)
    plan.events.append(PledgeChanged(at=stops_at, pledge=pledge.pledge, action=action))
    if action is PledgeAction.PAUSE and rng.random() < 0.3 and (span.last - stops_on).days > 10:
        resumes_at = stops_at + timedelta(days=rng.randrange(5, 10))
        plan.events.append(
            PledgeChanged(at=resumes_at, pledge=pledge.pledge, action=PledgeAction.RESUME)
        )
    return stops_on


def _add_payments(pledge: PledgeMade, plan: GivingPlan, until: date, rng: Random) -> None:
    """Add the payments of a pledge that arrive before ``until``."""
    habit = PaymentHabit() if rng.random() < 0.75 else _UNRELIABLE
    for number, due_on, satang in _instalments(pledge, until):
        if rng.random() < habit.missed:
            continue
        delay = (
            rng.randrange(3, 40) if rng.random() < habit.late else rng.choice((-2, -1, 0, 0, 0, 1))
        )
        day = max(due_on + timedelta(days=delay), pledge.at.date())
        if day >= until:
            continue
        received = satang
        if rng.random() < habit.in_part:
            received = max(100, satang // 200 * 100)
        elif rng.random() < habit.surplus:
            received = satang + rng.choice((5000, 10000, 50000))
        _add_payment(pledge, number, received, day, plan, rng)


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


def _add_payment(
    pledge: PledgeMade, number: int, satang: int, day: date, plan: GivingPlan, rng: Random
) -> None:
    plan.add_payment(
        at=max(office_hour(rng, day), pledge.at + timedelta(minutes=3)),
        satang=satang,
        received_on=day,
        method=pledge.method,
        fund=pledge.fund,
        donor=pledge.donor,
        pledge=pledge.pledge,
        # One payer in ten names no reference.
        instalment=0 if rng.random() < 0.1 else number,
    )
