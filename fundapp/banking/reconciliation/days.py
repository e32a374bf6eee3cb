"""Every account of money at the end of a day, with each difference by name: banks, cash boxes and
the card processor. Amounts are satang; a difference is what the other side has more than the books.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from fundapp import clock
from fundapp.banking.models import BankAccount
from fundapp.banking.queries.accounts import list_bank_accounts
from fundapp.banking.reconciliation.queries import Reconciliation, reconcile
from fundapp.db import Day, UtcDateTime, db
from fundapp.giving.models import (
    CashCount,
    CountKind,
    CountStatus,
    Designation,
    Payment,
    PaymentStatus,
    ProcessorMovement,
    ProcessorPayout,
)
from fundapp.labels import LabelledEnum
from fundapp.ledger import chart
from fundapp.ledger.models import EntryKind, Fund, JournalEntry, Posting
from fundapp.ledger.queries import balances_as_of, list_accounts
from fundapp.markers import N_

_DAY = timedelta(days=1)
#: For so long a gift may wait for the card processor to settle it; after that it is not explained.
_SETTLED_WITHIN = timedelta(days=60)


class OtherSide(LabelledEnum):
    """With what the books are compared."""

    BANK = "bank", N_("Bank account")
    CASH = "cash", N_("Cash box")
    CARD = "card", N_("Card processor")


class DifferenceName(LabelledEnum):
    """Why the other side has another amount than the books."""

    BROUGHT_FORWARD = "brought_forward", N_("Brought forward from the month before")
    LINES = "lines", N_("Bank lines without an entry in these days")
    ENTRIES = "entries", N_("Entries without a bank line in these days")
    COUNTED = "counted", N_("Counted otherwise than booked")
    SINCE_COUNT = "since_count", N_("Booked after the count")
    FEE_NOT_TOLD = "fee_not_told", N_("Gifts that the card processor has not settled")
    PAID_OUT = "paid_out", N_("Paid out by the card processor, booked later or not yet")
    BOOKED_EARLY = (
        "booked_early",
        N_("Payouts booked before the card processor states them"),
    )
    UNEXPLAINED = "unexplained", N_("Not explained")


@dataclass(frozen=True, slots=True)
class NamedDifference:
    """One reason: how many lines or entries, and what they come to."""

    name: DifferenceName
    count: int
    satang: int


@dataclass(frozen=True, slots=True)
class AccountDay:
    """An account at the end of ``day``. ``as_of`` is the day that the other side knows last: of a
    cash box that of the count; None when it knows nothing.
    """

    side: OtherSide
    account_code: str
    name: str
    day: date
    as_of: date | None
    book_satang: int
    other_satang: int | None
    differences: Sequence[NamedDifference] = ()

    @property
    def difference_satang(self) -> int:
        """The other side less the books."""
        return 0 if self.other_satang is None else self.other_satang - self.book_satang

    @property
    def unexplained_satang(self) -> int:
        """What no difference names."""
        named = sum(
            each.satang for each in self.differences if each.name is not DifferenceName.UNEXPLAINED
        )
        return self.difference_satang - named


def list_account_days(from_on: date, to_on: date) -> Iterator[AccountDay]:
    """Every account on every day from ``from_on`` to ``to_on``, day by day."""
    day = from_on
    while day <= to_on:
        yield from account_day(day)
        day += _DAY


def account_day(day: date) -> list[AccountDay]:
    """Every account of money that ever moved, at the end of ``day``."""
    banks = list_bank_accounts()
    cash_boxes = [account for account in list_accounts() if chart.is_cash_box(account.code)]
    codes = [account.account_code for account in banks]
    books = _Books([*codes, *(account.code for account in cash_boxes), chart.CARD_PROCESSOR])
    at_banks = [_bank(account, day, books) for account in banks]
    boxes = [_cash(account.code, account.name_en, day, books) for account in cash_boxes]
    return [*at_banks, *boxes, _card(day, books)]


class _Books:
    """What the books say of these accounts, read of all of them when a day is asked for first."""

    def __init__(self, account_codes: Sequence[str]) -> None:
        self._account_codes = account_codes
        self._by_day: dict[date, dict[str, int]] = {}

    def balance(self, account_code: str, day: date) -> int:
        """Debits less credits of the account at the end of the day."""
        if day not in self._by_day:
            sums = dict.fromkeys(self._account_codes, 0)
            for (_fund, code), moved in balances_as_of(
                day, account_codes=self._account_codes
            ).items():
                sums[code] += moved.balance_satang
            self._by_day[day] = sums
        return self._by_day[day][account_code]


def _bank(account: BankAccount, day: date, books: _Books) -> AccountDay:
    result = reconcile(account, day, with_items=False, book_balance=books.balance)
    if result is None:
        book = books.balance(account.account_code, day)
        return AccountDay(OtherSide.BANK, account.account_code, account.code, day, None, book, None)
    return AccountDay(
        OtherSide.BANK,
        account.account_code,
        account.code,
        day,
        result.day,
        result.book_satang,
        result.bank_satang,
        _some(*_of_bank(result)),
    )


def _of_bank(result: Reconciliation) -> list[NamedDifference]:
    names, lines, entries = DifferenceName, result.lines, result.entries
    return [
        NamedDifference(names.BROUGHT_FORWARD, 1, result.brought_forward_satang),
        NamedDifference(names.LINES, lines.count, lines.total_satang),
        NamedDifference(names.ENTRIES, entries.count, -entries.total_satang),
        NamedDifference(names.UNEXPLAINED, 1, result.unexplained_satang),
    ]


def _cash(code: str, name: str, day: date, books: _Books) -> AccountDay:
    """The last confirmed count up to the day; what was booked since is a difference of its own."""
    book = books.balance(code, day)
    count = db.session.scalar(
        select(CashCount)
        .where(
            CashCount.kind == CountKind.OFFICE,
            CashCount.status == CountStatus.CONFIRMED,
            CashCount.account_code == code,
            CashCount.counted_on <= day,
        )
        .order_by(CashCount.counted_on.desc(), CashCount.id.desc())
        .limit(1)
    )
    if count is None:
        return AccountDay(OtherSide.CASH, code, name, day, None, book, None)
    then = count.book_satang or 0
    return AccountDay(
        OtherSide.CASH,
        code,
        name,
        day,
        count.counted_on,
        book,
        count.total_satang,
        _some(
            NamedDifference(DifferenceName.COUNTED, 1, count.difference_satang),
            NamedDifference(DifferenceName.SINCE_COUNT, 1, then - book),
        ),
    )


def _card(day: date, books: _Books) -> AccountDay:
    """What the card processor says of its movements, less what it says that it paid out."""
    _begin, end = clock.day_bounds(day, day)
    row = db.session.execute(_told_by_processor(), {"day": day, "end": end}).one()
    book = books.balance(chart.CARD_PROCESSOR, day)
    other = int(row.moved or 0) - int(row.paid or 0)
    named = [
        _not_settled(day),
        NamedDifference(DifferenceName.PAID_OUT, row.later, -int(row.later_satang or 0)),
        NamedDifference(DifferenceName.BOOKED_EARLY, row.early, int(row.early_satang or 0)),
    ]
    left = other - book - sum(each.satang for each in named)
    return AccountDay(
        OtherSide.CARD,
        chart.CARD_PROCESSOR,
        "card processor",
        day,
        day,
        book,
        other,
        _some(*named, NamedDifference(DifferenceName.UNEXPLAINED, 1, left)),
    )


@cache
def _told_by_processor() -> Select[*tuple[Any, ...]]:
    """What moved at the processor until the ``day``, which ends at ``end``, what it paid out, and
    the payouts that it and the books have on two sides of the end of the day.
    """
    day, undoing = bindparam("day", type_=Day), aliased(JournalEntry)
    booked = exists().where(
        JournalEntry.source_type == "card_payout",
        JournalEntry.source_ref == ProcessorPayout.payout_id,
        JournalEntry.kind == EntryKind.CARD_PAYOUT,
        JournalEntry.entry_on <= day,
        ~exists().where(undoing.reverses_entry_id == JournalEntry.id),
    )
    is_paid = ProcessorPayout.arrives_on <= day
    payouts = (
        select(ProcessorPayout.amount_satang, is_paid.label("is_paid"), booked.label("is_booked"))
        .subquery()
        .c
    )
    is_later, is_early = (
        and_(payouts.is_paid, ~payouts.is_booked),
        and_(~payouts.is_paid, payouts.is_booked),
    )
    satang = func.sum(payouts.amount_satang)
    moved = select(func.sum(ProcessorMovement.amount_satang - ProcessorMovement.fee_satang)).where(
        ProcessorMovement.happened_at < bindparam("end", type_=UtcDateTime)
    )
    return select(
        moved.scalar_subquery().label("moved"),
        satang.filter(payouts.is_paid).label("paid"),
        func.count().filter(is_later).label("later"),
        satang.filter(is_later).label("later_satang"),
        func.count().filter(is_early).label("early"),
        satang.filter(is_early).label("early_satang"),
    )


def _not_settled(day: date) -> NamedDifference:
    """Gifts of the last weeks of which no movement had been told by the end of the day."""
    _begin, end = clock.day_bounds(day, day)
    funds = list(db.session.scalars(select(Fund.code).order_by(Fund.code)))
    asked = {"funds": funds, "first": day - _SETTLED_WITHIN, "last": day, "end": end}
    count, satang = db.session.execute(_gifts_not_told(), asked).one()
    return NamedDifference(DifferenceName.FEE_NOT_TOLD, int(count), -int(satang or 0))


@cache
def _gifts_not_told() -> Select[Any, Any]:
    """How many gifts came in these days of which the processor had told nothing, and their sum."""
    told = exists().where(
        ProcessorMovement.payment_id == Payment.id,
        ProcessorMovement.happened_at < bindparam("end", type_=UtcDateTime),
    )
    # Of each fund, so that it is one range of the index (account, fund, day).
    came = select(Posting.entry_id).where(
        Posting.debit_account_code == chart.CARD_PROCESSOR,
        Posting.fund_code.in_(bindparam("funds", expanding=True)),
        Posting.entry_on.between(bindparam("first"), bindparam("last")),
    )
    return (
        select(func.count(), func.sum(Designation.amount_satang))
        .select_from(Payment)
        .join(Designation, Designation.payment_id == Payment.id)
        .where(
            Payment.status == PaymentStatus.RECEIVED,
            Payment.external_ref.like("processor:%"),
            Payment.journal_entry_id.in_(came),
            ~told,
        )
    )


def _some(*differences: NamedDifference) -> list[NamedDifference]:
    return [each for each in differences if each.satang]
