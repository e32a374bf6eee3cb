"""Everything that happens in the demo, in order of time (pure).

The same day and size always give the same plan.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo.bank_lines import (
    BankLine,
    StatementPeriods,
    bank_lines,
    recorded_payments,
    returned_cheque,
    statement_periods,
    statements,
)
from demo.children import plan_children
from demo.dates import Span, month_after, noon, office_hour, span_of, workday
from demo.events import (
    CashMoved,
    Event,
    EventHeld,
    FiguresPublished,
    HelpAudited,
    MonthClosed,
    PaymentReceived,
    PaymentReversed,
)
from demo.funds import GENERAL
from demo.gifts import plan_giving
from demo.help_requests import plan_help
from demo.sizes import Size
from fundapp.clock import local_day
from fundapp.giving.models import Method

SEED = "yala"


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """The events in order, and the movements on the bank accounts."""

    span: Span
    events: list[Event]
    lines: list[BankLine]
    periods: StatementPeriods
    #: Payments whose lines are imported and left for an officer to find out what they are.
    unexplained: frozenset[int]
    #: What older books, imported in batches, brought into each bank account, in satang.
    older_satang: Mapping[str, int] = field(default_factory=dict)


def make_plan(today: date, size: Size, subdistricts: dict[str, list[str]]) -> DemoPlan:
    """The plan of a demo loaded on ``today``; ``subdistricts`` are official codes by district."""
    span = span_of(today)
    periods = statement_periods(span)
    giving = plan_giving(span, size, _random("giving"))
    children, events_of_children = plan_children(span, size, subdistricts, _random("families"))
    reversed_ = {event.payment for event in giving.events if isinstance(event, PaymentReversed)}
    recorded = recorded_payments(giving.payments, periods, span.last)
    unexplained = _unexplained(giving.payments, periods)
    returned = returned_cheque(
        (payment for payment in giving.payments if payment.payment not in reversed_), periods
    )
    not_counted = reversed_ | unexplained | ({returned.payment} if returned else set())
    counted = [payment for payment in recorded if payment.payment not in not_counted]
    events = [
        *giving.events,
        *events_of_children,
        *plan_help(span, size, children, counted, _random("help")),
        *_cash_banked(counted, span, _random("cash")),
    ]
    lines = bank_lines(span, giving.payments, events, returned, _random("bank"))
    events += [payment for payment in recorded if not periods.shows(payment)]
    events += [*statements(periods), *_closings(span, _random("months")), *_publications(span)]
    fair = EventHeld(at=noon(span.last), campaign="new-shoes", fund=GENERAL)
    events += [fair, HelpAudited(at=noon(span.last) + timedelta(minutes=5), days=60)]
    events.sort(key=lambda event: event.at)
    return DemoPlan(span, events, lines, periods, unexplained)


def _random(part: str) -> Random:
    """A generator for one part, so that one gift more does not change the children."""
    return Random(f"{SEED}:{part}")  # noqa: S311 - an invented history, not a secret


def _unexplained(payments: list[PaymentReceived], periods: StatementPeriods) -> frozenset[int]:
    """Payments of the last imported statements that named no reference."""
    if not periods.imported:
        return frozenset()
    first, last = periods.imported[-1]
    return frozenset(
        payment.payment
        for payment in payments
        if first <= payment.received_on <= last
        and not payment.instalment
        and payment.method in (Method.PROMPTPAY, Method.TRANSFER)
    )


def _cash_banked(payments: list[PaymentReceived], span: Span, rng: Random) -> list[Event]:
    """Once a week the cash of each fund is paid into its bank account."""
    totals: dict[tuple[date, str], int] = defaultdict(int)
    for payment in payments:
        if payment.method is Method.CASH:
            recorded_on = local_day(payment.at)
            monday = recorded_on + timedelta(days=7 - recorded_on.weekday())
            totals[monday, payment.fund] += payment.satang
    return [
        CashMoved(at=office_hour(rng, monday), cash=number, fund=fund, satang=satang)
        for number, ((monday, fund), satang) in enumerate(sorted(totals.items()), start=1)
        if monday <= span.last
    ]


def _closings(span: Span, rng: Random) -> list[Event]:
    """Each month is closed in the middle of the next; the last complete month stays open."""
    months = [month for month in span.months() if month_after(month_after(month)) <= span.last]
    days = [(month, workday(month_after(month) + timedelta(days=14))) for month in months]
    return [
        MonthClosed(at=office_hour(rng, day), month_on=month)
        for month, day in days
        if day <= span.last
    ]


def _publications(span: Span) -> list[Event]:
    """The worker publishes on the first of each month."""
    days = [month_after(month) for month in span.months()]
    return [FiguresPublished(at=noon(day)) for day in days if day <= span.last]
