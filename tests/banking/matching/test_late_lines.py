"""A line of a closed month is booked into the next open one; its own day is kept and shown."""

from datetime import date

import pytest

from fundapp.audit.checks import CheckState, run_checks
from fundapp.banking import queries
from fundapp.banking.operations import (
    book_charge,
    book_transfer,
    match_certain,
    record_as_gift,
    unmatch_line,
)
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Payment
from fundapp.giving.queries import find_receipt_of
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.operations import close_period
from tests.audit.tampering import tamper
from tests.banking.pages import text
from tests.factories.actors import COMMAND_LINE, OFFICER
from tests.factories.banking import (
    Move,
    import_moves,
    interest,
    make_single_pledge,
    move_of,
    transfer_out,
)
from tests.factories.books import make_entry, make_gift
from tests.factories.giving import make_payment

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 28), date(2026, 10, 1), date(2026, 11, 1)
LATE = date(2026, 10, 28)


def close(*months):
    for month in months:
        unit_of_work(close_period, month, actor=COMMAND_LINE)


@pytest.fixture
def late(bank):
    """October is closed. Then its statement brings a gift, interest and money drawn."""
    make_gift(1_000_000, on=SEPTEMBER)
    close(OCTOBER)
    moves = [move_of(make_single_pledge(due_on=LATE), day=LATE), interest(700, day=LATE)]
    days = {"from_on": OCTOBER, "to_on": date(2026, 10, 31)}
    return import_moves(*moves, transfer_out(3_000, day=LATE), **days)


def entry_of(match):
    entry_id = match.journal_entry_id or db.session.get(Payment, match.payment_id).journal_entry_id
    return db.session.get(JournalEntry, entry_id)


def red():
    return {result.check.name for result in run_checks() if result.state is CheckState.RED}


def book_all(lines):
    gift, charge, drawn = lines
    unit_of_work(match_certain, gift.statement.public_id, actor=OFFICER)
    unit_of_work(book_charge, charge.public_id, actor=OFFICER)
    fields = {"fund_code": "GENERAL", "other_account_code": chart.CASH_ON_HAND}
    unit_of_work(book_transfer, drawn.public_id, actor=OFFICER, **fields)
    found = queries.list_active_matches([queries.get_line(line.public_id) for line in lines])
    return [found[line.id][0] for line in lines]


def test_it_is_booked_on_the_first_open_day(late):
    details = book_all(late)
    assert [entry_of(each.match).entry_on for each in details] == [NOVEMBER] * 3
    assert [each.booked_on for each in details] == [NOVEMBER] * 3
    payment = details[0].payment
    assert payment.received_on == LATE
    assert find_receipt_of(payment.id).received_on == LATE
    assert red() == set()


@pytest.mark.sqlite
def test_months_that_are_closed_after_it_are_passed_over(bank):
    close(date(2026, 8, 1), date(2026, 9, 1), OCTOBER)
    (line,) = import_moves(Move(500, day=date(2026, 8, 3)), from_on=date(2026, 8, 1))
    match = unit_of_work(record_as_gift, line.public_id, fund_code="GENERAL", actor=OFFICER)
    assert entry_of(match).entry_on == NOVEMBER


@pytest.mark.sqlite
def test_an_open_month_keeps_the_day_of_the_line(bank):
    close(date(2026, 8, 1))
    (line,) = import_moves(Move(500, day=LATE), from_on=OCTOBER)
    match = unit_of_work(record_as_gift, line.public_id, fund_code="GENERAL", actor=OFFICER)
    assert entry_of(match).entry_on == LATE


@pytest.mark.sqlite
def test_what_an_officer_types_is_still_refused(late):
    with pytest.raises(PeriodClosedError):
        make_payment(500, received_on=LATE)


@pytest.mark.sqlite
def test_receipt_payment_and_line_show_both_days(officer, late):
    details = book_all(late)
    payment = details[0].payment
    receipt = text(officer.get(f"/receipts/{find_receipt_of(payment.id).code}"))
    assert "28 October 2026, entered in the books on 1 November 2026" in receipt
    page = text(officer.get(f"/payments/{payment.public_id}"))
    assert ("Received on 28 October 2026" in page, "1 November 2026" in page) == (True, True)
    line = text(officer.get(f"/bank/lines/{late[0].public_id}"))
    assert "In the books on 1 November 2026." in line
    assert "The month of the line was closed before it was booked." in line
    make_payment(500, payer_name="On time")
    on_time = find_receipt_of(
        db.session.scalars(db.select(Payment).filter_by(amount_satang=500)).one().id
    )
    assert "entered in the books" not in text(officer.get(f"/receipts/{on_time.code}"))


def reconciled(day):
    result = queries.reconcile(queries.get_bank_account("KTB-MAIN"), day)
    assert result.unexplained_satang == 0
    return result


def days_of(differences):
    return [(item.day, item.satang, item.counterpart_on) for item in differences.shown]


def test_the_reconciliation_names_them_in_both_months(officer, late):
    book_all(late)
    import_moves(Move(100, day=date(2026, 11, 3)), opening=1_047_700, from_on=NOVEMBER)
    moved = [50_000, 700, -3_000]
    october = reconciled(date(2026, 10, 31))
    assert days_of(october.lines) == [(LATE, satang, NOVEMBER) for satang in moved]
    assert october.entries.count == 0
    november = reconciled(date(2026, 11, 22))
    assert november.brought_forward_satang == sum(moved)
    assert days_of(november.entries) == [(NOVEMBER, satang, LATE) for satang in moved]
    assert november.difference_satang == 100
    page = text(officer.get("/bank/reconciliation?account=KTB-MAIN&day=31/10/2569"))
    assert "in the books on 1 Nov 2026" in page
    page = text(officer.get("/bank/reconciliation?account=KTB-MAIN&day=22/11/2569"))
    assert "on the statement on 28 Oct 2026" in page


@pytest.mark.sqlite
def test_undone_after_the_next_month_was_closed_too(late, clock):
    """The reversal and the new entry are of the month that is open then."""
    gift = book_all(late)[0]
    clock.move_to("2026-12-05T03:00:00Z")
    balance = late[-1].balance_satang
    import_moves(from_on=NOVEMBER, to_on=date(2026, 11, 30), opening=balance)
    seal_everything(actor=COMMAND_LINE)
    close(NOVEMBER)
    line = late[0]
    unit_of_work(unmatch_line, line.public_id, reason="Another donor", actor=OFFICER)
    match = unit_of_work(record_as_gift, line.public_id, fund_code="GENERAL", actor=OFFICER)
    assert entry_of(match).entry_on == date(2026, 12, 1)
    assert entry_of(gift.match).entry_on == NOVEMBER
    assert red() == set()


def test_a_payment_in_a_later_month_without_reason_turns_the_check_red(bank):
    """Its own month was open when it was recorded."""
    make_entry(PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 1))
    make_payment(500, received_on=NOVEMBER)
    tamper("payments", "UPDATE payments SET received_on = '2026-10-28'")
    tamper("receipts", "UPDATE receipts SET received_on = '2026-10-28'")
    assert red() == {"giving.payments", "giving.receipt-contents"}
