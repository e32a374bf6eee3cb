"""Every account of money at the end of a day, with each difference by name: banks, cash boxes and
the card processor. Amounts are satang; a difference is what the other side has more than the books.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from fundapp import clock
from fundapp.banking.models import BankAccount
from fundapp.banking.queries.accounts import list_bank_accounts
from fundapp.banking.reconciliation.queries import Reconciliation, reconcile
from fundapp.db import db
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
    at_banks = [_bank(account, day) for account in list_bank_accounts()]
    boxes = [
        _cash(account.code, account.name_en, day)
        for account in list_accounts()
        if chart.is_cash_box(account.code)
    ]
    return [*at_banks, *boxes, _card(day)]


def _bank(account: BankAccount, day: date) -> AccountDay:
    result = reconcile(account, day)
    if result is None:
        book = _book(account.account_code, day)
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


def _cash(code: str, name: str, day: date) -> AccountDay:
    """The last confirmed count up to the day; what was booked since is a difference of its own."""
    book = _book(code, day)
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


def _card(day: date) -> AccountDay:
    """What the card processor says of its movements, less what it says that it paid out."""
    _begin, end = clock.day_bounds(day, day)
    moved = db.session.scalar(
        select(func.sum(ProcessorMovement.amount_satang - ProcessorMovement.fee_satang)).where(
            ProcessorMovement.happened_at < end
        )
    )
    paid = db.session.scalar(
        select(func.sum(ProcessorPayout.amount_satang)).where(ProcessorPayout.arrives_on <= day)
    )
    book = _book(chart.CARD_PROCESSOR, day)
    other = int(moved or 0) - int(paid or 0)
    named = [_not_settled(day), *_payouts(day)]
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


def _not_settled(day: date) -> NamedDifference:
    """Gifts of the last weeks of which no movement had been told by the end of the day."""
    _begin, end = clock.day_bounds(day, day)
    told = exists().where(
        ProcessorMovement.payment_id == Payment.id, ProcessorMovement.happened_at < end
    )
    # Of each fund, so that it is one range of the index (account, fund, day).
    came = select(Posting.entry_id).where(
        Posting.debit_account_code == chart.CARD_PROCESSOR,
        Posting.fund_code.in_(list(db.session.scalars(select(Fund.code)))),
        Posting.entry_on.between(day - _SETTLED_WITHIN, day),
    )
    count, satang = db.session.execute(
        select(func.count(), func.sum(Designation.amount_satang))
        .select_from(Payment)
        .join(Designation, Designation.payment_id == Payment.id)
        .where(
            Payment.status == PaymentStatus.RECEIVED,
            Payment.external_ref.like("processor:%"),
            Payment.journal_entry_id.in_(came),
            ~told,
        )
    ).one()
    return NamedDifference(DifferenceName.FEE_NOT_TOLD, int(count), -int(satang or 0))


def _payouts(day: date) -> Iterator[NamedDifference]:
    """Payouts that the processor and the books have on two sides of the end of the day."""
    undoing = aliased(JournalEntry)
    booked = exists().where(
        JournalEntry.source_type == "card_payout",
        JournalEntry.source_ref == ProcessorPayout.payout_id,
        JournalEntry.kind == EntryKind.CARD_PAYOUT,
        JournalEntry.entry_on <= day,
        ~exists().where(undoing.reverses_entry_id == JournalEntry.id),
    )
    sums = select(func.count(), func.sum(ProcessorPayout.amount_satang))
    for name, condition, sign in (
        (DifferenceName.PAID_OUT, (ProcessorPayout.arrives_on <= day) & ~booked, -1),
        (DifferenceName.BOOKED_EARLY, (ProcessorPayout.arrives_on > day) & booked, 1),
    ):
        count, satang = db.session.execute(sums.where(condition)).one()
        yield NamedDifference(name, int(count), sign * int(satang or 0))


def _book(account_code: str, day: date) -> int:
    moved = balances_as_of(day, account_codes=[account_code])
    return sum(each.balance_satang for each in moved.values())


def _some(*differences: NamedDifference) -> list[NamedDifference]:
    return [each for each in differences if each.satang]
