"""What is left of each item of the list before a month is closed, row by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from fundapp import clock
from fundapp.audit.models import CheckState
from fundapp.audit.queries import RunsState, list_results, newest_run, runs_state
from fundapp.banking.matching.workflow import OPEN_STATUSES
from fundapp.banking.models import BankAccount, StatementLine
from fundapp.banking.queries.accounts import list_bank_accounts
from fundapp.banking.reconciliation.queries import find_unexplained
from fundapp.banking.statement_files.queries.coverage import find_covered_days, find_first_days
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, Payout, RequestStatus
from fundapp.disbursements.queries import is_payment_of_request
from fundapp.giving.models import (
    CashCount,
    CountKind,
    CountStatus,
    HandledNotice,
    ProcessorNotice,
    ProcessorPayout,
)
from fundapp.ledger import chart
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import EntryKind, JournalEntry, LogLeaf, Period, PeriodStatus
from fundapp.ledger.queries import balances_as_of, list_accounts, trial_balance

#: Rows that an item shows and counts.
MOST_ROWS = 1000
#: The worker seals entries within a minute; what waits longer needs somebody.
SEALED_WITHIN = timedelta(hours=1)
_DAY = timedelta(days=1)
_WAITING_ACCOUNTS = (chart.NOT_IDENTIFIED, chart.INTEREST_KEPT_APART)


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """One thing that is left: what it is called, on which day, of how much (satang), and the page
    that shows it.
    """

    name: str
    day: date | None = None
    satang: int | None = None
    endpoint: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def earlier_months(period: Period) -> Iterator[ClosingRow]:
    """Months before this one that have entries and still take more."""
    has_entries = exists().where(JournalEntry.entry_on.between(Period.starts_on, Period.ends_on))
    statement = (
        select(Period.starts_on)
        .where(Period.starts_on < period.starts_on, Period.status == PeriodStatus.OPEN, has_entries)
        .order_by(Period.starts_on)
    )
    for starts_on in db.session.scalars(statement):
        values = {"starts_on": starts_on.isoformat()}
        yield ClosingRow("", starts_on, None, "audit.period", values)


def open_lines(period: Period) -> Iterator[ClosingRow]:
    """Lines of the month that are to match or on hold."""
    statement = (
        select(StatementLine)
        .where(
            StatementLine.status.in_(OPEN_STATUSES),
            StatementLine.booked_on.between(period.starts_on, period.ends_on),
        )
        .order_by(StatementLine.booked_on, StatementLine.id)
        .limit(MOST_ROWS)
    )
    for line in db.session.scalars(statement):
        yield ClosingRow(
            line.bank_account_code,
            line.booked_on,
            line.deposit_satang - line.withdrawal_satang,
            "banking.line",
            {"public_id": line.public_id},
        )


def days_without_statement(period: Period) -> Iterator[ClosingRow]:
    """Of accounts with statements: days from the first one on that none covers."""
    first_days = find_first_days()
    covered = find_covered_days(period.starts_on, period.ends_on)
    for account in list_bank_accounts():
        first = first_days.get(account.code)
        if first is None:
            continue
        day = max(first, period.starts_on)
        while day <= period.ends_on:
            if not any(since <= day <= until for since, until in covered.get(account.code, ())):
                yield _of_account(account, day, None)
            day += _DAY


def accounts_without_statement(period: Period) -> Iterator[ClosingRow]:
    """Accounts with money in the books by the end of the month, of which no file was imported."""
    held = {row.account.code: row.balance_satang for row in trial_balance(period.ends_on)}
    first_days = find_first_days()
    for account in list_bank_accounts():
        satang = held.get(account.account_code, 0)
        if satang and account.code not in first_days:
            yield _of_account(account, period.ends_on, satang)


def unexplained(period: Period) -> Iterator[ClosingRow]:
    """Accounts whose balance at the bank differs from the books by what no difference names."""
    first_days = find_first_days()
    for account in list_bank_accounts():
        first = first_days.get(account.code)
        if first is None or first > period.ends_on:
            continue
        day, satang = find_unexplained(account, period.ends_on) or (None, 0)
        if day is not None and satang:
            yield _of_account(account, day, satang)


def _of_account(account: BankAccount, day: date, satang: int | None) -> ClosingRow:
    values = {"account": account.code, "day": day.isoformat()}
    return ClosingRow(account.code, day, satang, "banking.reconciliation", values)


def waiting_money(period: Period) -> Iterator[ClosingRow]:
    """What waits at the end of the month, by fund and account."""
    moved = balances_as_of(period.ends_on, account_codes=_WAITING_ACCOUNTS)
    for (fund, code), movement in sorted(moved.items(), key=lambda row: row[0][::-1]):
        if movement.balance_satang:
            values = {"code": code, "fund": fund}
            satang = -movement.balance_satang
            yield ClosingRow(f"{fund} {code}", None, satang, "audit.account", values)


def open_proofs(period: Period) -> Iterator[ClosingRow]:
    """Requests paid in the month whose proof of receipt is awaited or tells of a problem."""
    statement = (
        select(
            DisbursementRequest.number,
            DisbursementRequest.public_id,
            Payout.paid_on,
            Payout.amount_satang,
        )
        .join(Payout, is_payment_of_request())
        .where(
            DisbursementRequest.status.in_((RequestStatus.PAID, RequestStatus.PROBLEM)),
            Payout.paid_on.between(period.starts_on, period.ends_on),
        )
        .order_by(Payout.paid_on, Payout.id)
        .limit(MOST_ROWS)
    )
    for number, public_id, day, satang in db.session.execute(statement):
        yield ClosingRow(number, day, satang, "disbursements.show", {"public_id": public_id})


def card_payouts(period: Period) -> Iterator[ClosingRow]:
    """Payouts that arrived in the month and have no line of the bank."""
    undoing = aliased(JournalEntry)
    booked = exists().where(
        JournalEntry.source_type == "card_payout",
        JournalEntry.source_ref == ProcessorPayout.payout_id,
        JournalEntry.kind == EntryKind.CARD_PAYOUT,
        ~exists().where(undoing.reverses_entry_id == JournalEntry.id),
    )
    statement = (
        select(ProcessorPayout)
        .where(ProcessorPayout.arrives_on.between(period.starts_on, period.ends_on), ~booked)
        .order_by(ProcessorPayout.arrives_on, ProcessorPayout.payout_id)
        .limit(MOST_ROWS)
    )
    for payout in db.session.scalars(statement):
        yield ClosingRow(
            payout.payout_id,
            payout.arrives_on,
            payout.amount_satang,
            "banking.card_payouts",
        )


def card_notices(period: Period) -> Iterator[ClosingRow]:
    """What the processor told by the end of the month and is not booked."""
    handled = exists().where(HandledNotice.notice_id == ProcessorNotice.notice_id)
    _begin, end = clock.day_bounds(period.starts_on, period.ends_on)
    statement = (
        select(ProcessorNotice.notice_id, ProcessorNotice.received_at)
        .where(~handled, ProcessorNotice.received_at < end)
        .order_by(ProcessorNotice.received_at)
        .limit(MOST_ROWS)
    )
    for notice_id, received_at in db.session.execute(statement):
        yield ClosingRow(notice_id, clock.local_day(received_at), None, "banking.card_payouts")


def waiting_counts(period: Period) -> Iterator[ClosingRow]:
    """Counts of the month that wait for the second person."""
    statement = (
        select(CashCount)
        .where(
            CashCount.status == CountStatus.COUNTED,
            CashCount.counted_on.between(period.starts_on, period.ends_on),
        )
        .order_by(CashCount.counted_on, CashCount.id)
        .limit(MOST_ROWS)
    )
    for count in db.session.scalars(statement):
        yield ClosingRow(
            count.bag_number or count.account_code,
            count.counted_on,
            count.total_satang,
            "giving.cash_count",
            {"public_id": count.public_id},
        )


def uncounted_boxes(period: Period) -> Iterator[ClosingRow]:
    """Cash boxes with money at the end of the month that nobody counted in it."""
    held = {row.account.code: row.balance_satang for row in trial_balance(period.ends_on)}
    counted = set(
        db.session.scalars(
            select(CashCount.account_code).where(
                CashCount.kind == CountKind.OFFICE,
                CashCount.status == CountStatus.CONFIRMED,
                CashCount.counted_on.between(period.starts_on, period.ends_on),
            )
        )
    )
    for account in list_accounts():
        satang = held.get(account.code, 0)
        if chart.is_cash_box(account.code) and satang and account.code not in counted:
            yield ClosingRow(account.code, period.ends_on, satang, "giving.cash")


def red_checks(_period: Period) -> Iterator[ClosingRow]:
    """The checks that failed in the newest run; one row without a name for an older full run."""
    newest = newest_run()
    if newest is None or runs_state(clock.now()) is not RunsState.RED:
        return
    red = [row for row in list_results(newest.id) if row.state is CheckState.RED]
    day = clock.local_day(newest.ended_at)
    for name in [row.name for row in red] or [""]:
        yield ClosingRow(name, day, None, "audit.checks")


def stale_checks(_period: Period) -> Iterator[ClosingRow]:
    """The newest run, when it is old; a row without a day when there is none."""
    if runs_state(clock.now()) in (RunsState.NEVER, RunsState.OLD):
        newest = newest_run()
        day = None if newest is None else clock.local_day(newest.ended_at)
        yield ClosingRow("", day, None, "audit.checks")


def unsealed(period: Period) -> Iterator[ClosingRow]:
    """Entries of the month that wait longer than `SEALED_WITHIN`."""
    sealed = exists().where(LogLeaf.entry_id == JournalEntry.id)
    statement = (
        select(JournalEntry)
        .where(
            JournalEntry.entry_on.between(period.starts_on, period.ends_on),
            JournalEntry.posted_at < clock.now() - SEALED_WITHIN,
            ~sealed,
        )
        .order_by(JournalEntry.entry_on, JournalEntry.id)
        .limit(MOST_ROWS)
    )
    for entry in db.session.scalars(statement):
        number = entry_number(entry.id)
        yield ClosingRow(
            number, entry.entry_on, entry.total_satang, "audit.entry", {"number": number}
        )
