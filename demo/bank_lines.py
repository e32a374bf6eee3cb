"""The movements on the demo's bank accounts, and when each statement was imported (pure).

A statement covers half a month. The statements of the last days are not imported: they are among
the practice files.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from demo import funds
from demo.dates import Span, month_after, workday
from demo.events import (
    CashMoved,
    Event,
    HelpPaid,
    HelpRequested,
    PaymentReceived,
    StatementImported,
)
from fundapp.clock import BANGKOK, local_day
from fundapp.disbursements.models import PayoutMethod
from fundapp.giving.models import Method

#: For at least so many days no statement was imported yet.
_DAYS_NOT_IMPORTED = 8
#: Methods of payments that a statement shows.
_SHOWN_ON_STATEMENTS = (Method.PROMPTPAY, Method.TRANSFER)
#: Officers enter cash, and transfers before the first statement, on Tuesdays and Fridays, after
#: everything else of the day.
_RECORDING_DAYS = (1, 4)
_RECORDING_TIME = time(16, 45)
#: A cheque that the payer's bank does not pay is taken back after so many days.
_DAYS_TO_RETURN = 7


class BankItem(StrEnum):
    """A movement that the fund has no part in: a charge, interest, or somebody's mistake."""

    FEE = "fee"
    INTEREST = "interest"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class BankLine:
    """A movement on a bank account; exactly one of the last five fields says what caused it.

    ``satang`` is positive for money in. ``request`` and ``cash`` are numbers of the plan;
    ``returned`` is a payment that the bank took back.
    """

    account: str
    day: date
    minute: int
    satang: int
    received: PaymentReceived | None = None
    request: int | None = None
    cash: int | None = None
    bank_item: BankItem | None = None
    returned: PaymentReceived | None = None

    @property
    def clock_time(self) -> str:
        """HH:MM."""
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"


@dataclass(frozen=True, slots=True)
class StatementPeriods:
    """The half months whose statements were imported (first and last days), and the first day that
    was not.
    """

    starts_on: date
    imported: tuple[tuple[date, date], ...]
    not_imported_from: date

    def shows(self, payment: PaymentReceived) -> bool:
        """Whether a statement shows the payment, so that no officer records it."""
        return payment.method in _SHOWN_ON_STATEMENTS and payment.received_on >= self.starts_on

    def imported_at(self, day: date) -> datetime | None:
        """When the statement with this day was imported; None: it was not."""
        for first, last in self.imported:
            if first <= day <= last:
                return import_time(last)
        return None


def statement_periods(span: Span) -> StatementPeriods:
    """The half months of the history; the last one is not imported."""
    periods: list[tuple[date, date]] = []
    first = span.statements_from
    while first <= span.today - timedelta(days=_DAYS_NOT_IMPORTED):
        middle = first.replace(day=16)
        following = middle if first.day == 1 else month_after(first)
        periods.append((first, following - timedelta(days=1)))
        first = following
    not_imported_from = periods.pop()[0] if periods else first
    return StatementPeriods(span.statements_from, tuple(periods), not_imported_from)


def import_time(last: date) -> datetime:
    """A statement is imported on the second day after its last, or the Monday after that."""
    local = datetime.combine(workday(last + timedelta(days=2)), time(9, 10), BANGKOK)
    return local.astimezone(UTC)


def recorded_payments(
    payments: Iterable[PaymentReceived], periods: StatementPeriods, last: date
) -> list[PaymentReceived]:
    """The payments that were recorded up to the day ``last``, with the instant of it: by an
    officer, or by an import.
    """
    recorded = []
    for payment in payments:
        if not periods.shows(payment):
            recorded.append(_recorded_by_officer(payment, last))
        elif (at := periods.imported_at(payment.received_on)) is not None:
            recorded.append(replace(payment, at=at))
    return recorded


def _recorded_by_officer(payment: PaymentReceived, last: date) -> PaymentReceived:
    """A cheque at once, all else on the next day on which officers record, if that is over."""
    day = local_day(payment.at)
    while day.weekday() not in _RECORDING_DAYS:
        day += timedelta(days=1)
    if payment.method is Method.CHEQUE or day > last:
        return payment
    local = datetime.combine(day, _RECORDING_TIME, BANGKOK)
    return replace(payment, at=local.astimezone(UTC))


def returned_cheque(
    payments: Iterable[PaymentReceived], periods: StatementPeriods
) -> PaymentReceived | None:
    """The last cheque that the imported statements show as paid in and as returned."""
    cheques = [
        payment
        for payment in payments
        if payment.method is Method.CHEQUE
        and periods.imported_at(payment.received_on)
        and periods.imported_at(_returned_on(payment))
    ]
    return max(cheques, key=lambda payment: payment.received_on, default=None)


def bank_lines(
    span: Span,
    payments: Iterable[PaymentReceived],
    events: Iterable[Event],
    returned: PaymentReceived | None,
    rng: Random,
) -> list[BankLine]:
    """Every movement on both accounts, in the bank's order."""
    lines = [_deposit(payment, rng) for payment in payments if payment.method is not Method.CASH]
    requests = {event.request: event for event in events if isinstance(event, HelpRequested)}
    for event in events:
        if isinstance(event, CashMoved):
            day = local_day(event.at)
            lines.append(_line(event.fund, day, event.satang, rng, cash=event.cash))
        elif isinstance(event, HelpPaid):
            request = requests[event.request]
            if request.method is not PayoutMethod.CASH:
                out = -request.total_satang
                lines.append(_line(request.fund, event.paid_on, out, rng, request=event.request))
    lines.extend(_bank_items(span, rng))
    if returned is not None:
        account, day = funds.bank_of(returned.fund).code, _returned_on(returned)
        lines.append(BankLine(account, day, 9 * 60, -returned.satang, returned=returned))
    return sorted(lines, key=lambda line: (line.account, line.day, line.minute))


def statements(periods: StatementPeriods) -> list[Event]:
    """The imports of both accounts' statements."""
    return [
        StatementImported(at=import_time(last), account=account.code, from_on=first, to_on=last)
        for first, last in periods.imported
        for account in funds.BANK_ACCOUNTS
    ]


def _returned_on(payment: PaymentReceived) -> date:
    return payment.received_on + timedelta(days=_DAYS_TO_RETURN)


def _deposit(payment: PaymentReceived, rng: Random) -> BankLine:
    return _line(payment.fund, payment.received_on, payment.satang, rng, received=payment)


def _line(
    fund: str,
    day: date,
    satang: int,
    rng: Random,
    *,
    received: PaymentReceived | None = None,
    request: int | None = None,
    cash: int | None = None,
) -> BankLine:
    minute = rng.randrange(6 * 60, 22 * 60)
    account = funds.bank_of(fund).code
    return BankLine(account, day, minute, satang, received=received, request=request, cash=cash)


def _bank_items(span: Span, rng: Random) -> list[BankLine]:
    """On the main account: a fee each month, interest twice a year, a mistake each quarter."""
    lines = []
    for month in span.months():
        last_day = month_after(month) - timedelta(days=1)
        if not span.statements_from <= last_day <= span.last:
            continue
        lines.append(_bank_item(last_day, 23 * 60 + 50, -2_000, BankItem.FEE))
        if last_day.month in (6, 12):
            interest = rng.randrange(80_000, 260_000)
            lines.append(_bank_item(last_day, 23 * 60 + 55, interest, BankItem.INTEREST))
        if last_day.month % 3 == 0:
            day, satang = last_day.replace(day=9), rng.randrange(5, 90) * 10_000
            lines.append(_bank_item(day, 5 * 60, satang, BankItem.MISTAKE))
            lines.append(_bank_item(day, 5 * 60 + 40, -satang, BankItem.MISTAKE))
    return lines


def _bank_item(day: date, minute: int, satang: int, item: BankItem) -> BankLine:
    return BankLine(funds.MAIN_ACCOUNT.code, day, minute, satang, bank_item=item)
