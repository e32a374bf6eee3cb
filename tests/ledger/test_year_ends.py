"""A fiscal year is closed by entries of its own: what the books say before and after, what is taken
back with its last month, and what raw SQL cannot do.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import CHECKS, Run, run_checks
from fundapp.budgets.queries import find_spending
from fundapp.db import db, unit_of_work
from fundapp.ledger import queries
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import PeriodClosedError, YearClosedError, YearEndError
from fundapp.ledger.kinds import PERIOD_REOPENING, reopening_values
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import EntryKind, JournalEntry, Period, PeriodStatus, ReopenReason
from fundapp.ledger.operations import close_fund, close_period, reverse_entry
from fundapp.proposals.operations import make_proposal
from tests.audit.tampering import tampered
from tests.factories.actors import BOOKKEEPER, COMMAND_LINE
from tests.factories.books import (
    forge_entry,
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_payout,
)
from tests.factories.identity import agree, make_user

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 5), date(2026, 9, 10), date(2026, 10, 2)
YEAR = date(2025, 10, 1), date(2026, 9, 30)


@pytest.fixture
def year(session, clock):
    """Gifts and help of fiscal year 2569 and of October; a fund that was emptied and closed."""
    clock.move_to(datetime(2026, 9, 30, 3, tzinfo=UTC))
    for code in ("GENERAL", "OLD"):
        make_fund(code)
    make_gift(70_000, on=AUGUST)
    make_gift(20_000, on=SEPTEMBER)
    make_approval(30_000, on=SEPTEMBER)
    make_gift(5_000, "OLD", on=SEPTEMBER)
    make_approval(5_000, "OLD", on=SEPTEMBER)
    make_payout(5_000, "OLD", on=SEPTEMBER)
    unit_of_work(close_fund, "OLD", actor=COMMAND_LINE)
    clock.move_to(datetime(2026, 11, 24, 3, tzinfo=UTC))
    make_gift(1_000, on=OCTOBER)
    seal_everything(actor=COMMAND_LINE)
    for month in (AUGUST, SEPTEMBER):
        unit_of_work(close_period, month, actor=COMMAND_LINE)


def year_ends():
    db.session.rollback()
    statement = db.select(JournalEntry).where(JournalEntry.kind == EntryKind.YEAR_END)
    return db.session.scalars(statement.order_by(JournalEntry.id)).all()


def balance(code, day=YEAR[1], fund="GENERAL"):
    moved = queries.balances_as_of(day, fund, [code])
    return sum(each.balance_satang for each in moved.values())


def moved(from_on, to_on):
    """Debits less credits of GENERAL's income and expenses."""
    return {
        code: each.balance_satang
        for (_fund, code), each in queries.movements_between(from_on, to_on, "GENERAL").items()
        if code[0] in "45"
    }


def test_a_closed_year_reads_as_before_and_begins_at_zero(year):
    entries = year_ends()
    assert [(each.entry_on, each.source_ref) for each in entries] == [(YEAR[1], "2569")] * 2
    assert [balance(code) for code in ("4110", "5120", "3110")] == [0, 0, -60_000]
    assert [balance(code, fund="OLD") for code in ("4110", "5120", "3110")] == [0, 0, 0]
    # Statements leave out what closed the year, of all of it and of a part.
    assert moved(*YEAR) == {"4110": -90_000, "5120": 30_000}
    assert moved(date(2026, 9, 1), date(2026, 10, 31)) == {"4110": -21_000, "5120": 30_000}
    months = queries.monthly_movements(date(2026, 9, 1), date(2026, 9, 1))
    assert months[date(2026, 9, 1), "GENERAL", "4110"].credit_satang == 20_000
    assert find_spending(*YEAR, "GENERAL")["GENERAL", "5120"].spent_satang == 30_000
    now = {row.fund.code: row for row in queries.fund_balances(date(2026, 11, 24))}
    general = now["GENERAL"]
    assert (general.income_satang, general.expense_satang) == (91_000, 30_000)
    assert general.net_assets_satang == queries.fund_available("GENERAL") == 61_000
    assert [result.check.name for result in run_checks() if result.state == "red"] == []


def test_months_without_an_entry_are_closed_with_the_year(year):
    is_open = Period.status == PeriodStatus.OPEN
    first = db.session.scalar(db.select(db.func.min(Period.starts_on)).where(is_open))
    assert first == date(2026, 10, 1)
    with pytest.raises(PeriodClosedError):
        make_gift(100, on=date(2025, 12, 1))


def test_it_is_taken_back_with_its_last_month_only(year, clock):
    first = year_ends()[0]
    with pytest.raises(YearEndError):
        unit_of_work(reverse_entry, first.id, reason="No", entry_on=OCTOBER, actor=BOOKKEEPER)
    values = reopening_values(ReopenReason.MISTAKE)
    with pytest.raises(YearClosedError):
        one = make_user("administrator").as_actor()
        unit_of_work(make_proposal, PERIOD_REOPENING, "2026-08-01", values, actor=one)
    agree(PERIOD_REOPENING, "2026-09-01", values)
    assert [balance(code) for code in ("4110", "5120", "3110")] == [-90_000, 30_000, 0]
    make_gift(400, on=SEPTEMBER)
    agree(PERIOD_REOPENING, "2026-08-01", values)
    clock.shift(timedelta(minutes=1))
    for month in (AUGUST, SEPTEMBER):
        unit_of_work(close_period, month, actor=COMMAND_LINE)
    assert balance("3110") == -60_400
    assert len(year_ends()) == 6
    assert [result.check.name for result in run_checks() if result.state == "red"] == []


@pytest.mark.parametrize(
    ("kind", "postings", "reverses", "words"),
    [
        ("year_end", [("4110", "3110", 100)], False, "on its last day"),
        ("reversal", [("3110", "4110", 90_000)], True, "is not reversed"),
    ],
)
def test_raw_sql_meets_the_same_rules(year, kind, postings, reverses, words):
    target = year_ends()[0].id if reverses else None
    with pytest.raises(DBAPIError, match=words):
        forge_entry(kind, *postings, reverses=target)


def test_nothing_but_income_and_expenses_is_moved_as_the_closing_of_a_year(year, clock):
    clock.shift(timedelta(minutes=1))
    agree(PERIOD_REOPENING, "2026-09-01", reopening_values(ReopenReason.AUDIT))
    line = PostingDraft("GENERAL", "5120", "1121", 100)
    # Posting calls the driver itself, so its own error is raised.
    with pytest.raises(Exception, match="moves income and expenses to net assets"):
        make_entry(line, kind=EntryKind.YEAR_END, entry_on=YEAR[1])


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE periods SET status = 'open', closed_at = NULL WHERE starts_on = '2026-09-01'",
            "two people open a closed month",
        ),
        ("UPDATE periods SET closed_by = 'nobody' WHERE status = 'closed'", "as it was closed"),
        ("UPDATE periods SET fiscal_year = 2570 WHERE starts_on = '2026-09-01'", "as it was"),
        ("DELETE FROM periods WHERE starts_on = '2026-12-01'", "periods"),
    ],
)
def test_raw_sql_opens_and_changes_no_closed_month(year, statement, words):
    with pytest.raises(DBAPIError, match=words):
        unit_of_work(lambda: db.session.execute(text(statement)))


def test_a_year_that_does_not_end_at_zero_turns_its_check_red(year):
    with tampered(
        "UPDATE postings SET amount_satang = amount_satang - 5 WHERE fund_code = 'GENERAL'"
        " AND debit_account_code = '4110'"
    ):
        assert "ledger.year-ends" in {check.name for check in CHECKS if any(Run().find(check))}


def test_raw_sql_opens_no_month_on_a_proposal_of_one_person(year, clock):
    one = make_user("administrator").as_actor()
    values = reopening_values(ReopenReason.AUDIT)
    proposal = unit_of_work(make_proposal, PERIOD_REOPENING, "2026-09-01", values, actor=one)
    insert = text(
        "INSERT INTO period_reopenings (id, starts_on, closed_at, closed_by, reason, proposal_id,"
        " reopened_at) SELECT 1, starts_on, closed_at, closed_by, 'audit', :proposal, closed_at"
        " FROM periods WHERE starts_on = '2026-09-01'"
    )
    with pytest.raises(DBAPIError, match="two people open a closed month"):
        unit_of_work(lambda: db.session.execute(insert, {"proposal": proposal.id}))
