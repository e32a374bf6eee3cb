"""What the bank saw of the demo's story, and when its statements came in (pure).

Statements cover half a month each. Those of the last days are not taken in yet: they are the files
to practise with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from demo import funds
from demo.happenings import (
    CashMoves,
    Happening,
    HelpAsked,
    HelpPaid,
    MoneyComes,
    StatementComes,
)
from demo.years import Span, month_after, workday
from fundapp.clock import BANGKOK, local_day
from fundapp.disbursements.models import PayoutMethod
from fundapp.giving.models import Method

#: At least so many days wait to be taken in.
_WAITING_DAYS = 8
_THROUGH_THE_BANK = (Method.PROMPTPAY, Method.TRANSFER)


class BanksOwn(StrEnum):
    """What happens at the bank without the fund: it charges, it pays interest, somebody errs."""

    FEE = "fee"
    INTEREST = "interest"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class BankLine:
    """A movement on a bank account; exactly one of what is behind it is there.

    ``satang`` is positive for money in.
    """

    account: str
    day: date
    minute: int
    satang: int
    money: MoneyComes | None = None
    request: int | None = None
    cash: int | None = None
    own: BanksOwn | None = None

    @property
    def clock_time(self) -> str:
        """HH:MM."""
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"


@dataclass(frozen=True, slots=True)
class Halves:
    """The half months whose statements came in, and the first day that still waits."""

    starts_on: date
    taken: tuple[tuple[date, date], ...]
    waiting_from: date

    def is_covered(self, one: MoneyComes) -> bool:
        """Whether the office hears of a payment through a statement, not from an officer."""
        return one.method in _THROUGH_THE_BANK and one.received_on >= self.starts_on

    def came_in(self, day: date) -> datetime | None:
        """When the statement with this day was taken in; None: not yet."""
        for first, last in self.taken:
            if first <= day <= last:
                return taken_in_at(last)
        return None


def halves(span: Span) -> Halves:
    """The half months of the story up to those that wait."""
    found: list[tuple[date, date]] = []
    first = span.statements_from
    while first <= span.today - timedelta(days=_WAITING_DAYS):
        middle = first.replace(day=16)
        following = middle if first.day == 1 else month_after(first)
        found.append((first, following - timedelta(days=1)))
        first = following
    waiting_from = found.pop()[0] if found else first
    return Halves(span.statements_from, tuple(found), waiting_from)


def taken_in_at(last: date) -> datetime:
    """Statements are taken in on the second day after they end, or the Monday after it."""
    local = datetime.combine(workday(last + timedelta(days=2)), time(9, 10), BANGKOK)
    return local.astimezone(UTC)


def when_known(money: Iterable[MoneyComes], known: Halves) -> list[MoneyComes]:
    """The payments with the instant at which the office hears of them; those that wait left out."""
    found = []
    for one in money:
        if not known.is_covered(one):
            found.append(one)
        elif (at := known.came_in(one.received_on)) is not None:
            found.append(replace(one, at=at))
    return found


def bank_lines(
    span: Span, money: Iterable[MoneyComes], told: Iterable[Happening], rng: Random
) -> list[BankLine]:
    """Every movement on both accounts, in the bank's order."""
    found = [_deposit(one, rng) for one in money if one.method is not Method.CASH]
    asked = {one.request: one for one in told if isinstance(one, HelpAsked)}
    for one in told:
        if isinstance(one, CashMoves):
            found.append(_line(one.fund, local_day(one.at), one.satang, rng, cash=one.cash))
        elif isinstance(one, HelpPaid) and asked[one.request].method is not PayoutMethod.CASH:
            request = asked[one.request]
            total = sum(satang for _, satang in request.lines)
            found.append(_line(request.fund, one.paid_on, -total, rng, request=one.request))
    found.extend(_the_banks_own(span, rng))
    return sorted(found, key=lambda line: (line.account, line.day, line.minute))


def statements(known: Halves) -> list[Happening]:
    """The statements that were taken in, of both accounts."""
    return [
        StatementComes(at=taken_in_at(last), account=account.code, from_on=first, to_on=last)
        for first, last in known.taken
        for account in funds.BANK_ACCOUNTS
    ]


def _deposit(one: MoneyComes, rng: Random) -> BankLine:
    return _line(one.fund, one.received_on, one.satang, rng, money=one)


def _line(
    fund: str,
    day: date,
    satang: int,
    rng: Random,
    *,
    money: MoneyComes | None = None,
    request: int | None = None,
    cash: int | None = None,
) -> BankLine:
    minute = rng.randrange(6 * 60, 22 * 60)
    account = funds.bank_of(fund).code
    return BankLine(account, day, minute, satang, money=money, request=request, cash=cash)


def _the_banks_own(span: Span, rng: Random) -> list[BankLine]:
    """On the main account: a fee each month, interest twice a year, now and then a mistake."""
    found = []
    for month in span.months():
        last_day = month_after(month) - timedelta(days=1)
        if not span.statements_from <= last_day <= span.last:
            continue
        found.append(_own(last_day, 23 * 60 + 50, -2_000, BanksOwn.FEE))
        if last_day.month in (6, 12):
            interest = rng.randrange(80_000, 260_000)
            found.append(_own(last_day, 23 * 60 + 55, interest, BanksOwn.INTEREST))
        if last_day.month % 3 == 0:
            day, satang = last_day.replace(day=9), rng.randrange(5, 90) * 10_000
            found.append(_own(day, 5 * 60, satang, BanksOwn.MISTAKE))
            found.append(_own(day, 5 * 60 + 40, -satang, BanksOwn.MISTAKE))
    return found


def _own(day: date, minute: int, satang: int, own: BanksOwn) -> BankLine:
    return BankLine(funds.MAIN_ACCOUNT.code, day, minute, satang, own=own)
