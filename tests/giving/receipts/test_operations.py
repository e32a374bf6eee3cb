"""Receipt numbers: without gaps or repetition, one series for each Thai fiscal year."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from fundapp.db import db, unit_of_work
from fundapp.errors import NotFoundError
from fundapp.giving import operations
from fundapp.giving.models import Method, Receipt, ReceiptCounter
from fundapp.giving.queries import find_receipt_of, get_receipt_detail
from fundapp.ledger.models import JournalEntry
from tests.factories.actors import OFFICER
from tests.factories.giving import incoming, make_payment, make_pledge, make_reversal

LABELS = select(Receipt.fiscal_year, Receipt.number).order_by(Receipt.fiscal_year, Receipt.number)


def labels(session):
    session.rollback()
    return [tuple(row) for row in session.execute(LABELS)]


def test_the_first_number(funds):
    receipt = find_receipt_of(make_payment(500).id)
    assert receipt.label == "2570-000001"
    assert receipt.issued_on == date(2026, 11, 24)


def test_a_fiscal_year_begins_at_midnight_in_thailand(funds, clock):
    clock.move_to(datetime(2027, 9, 30, 16, 59, 59, tzinfo=UTC))
    old = find_receipt_of(make_payment(500).id)
    clock.move_to(datetime(2027, 9, 30, 17, 0, 0, tzinfo=UTC))
    new = find_receipt_of(make_payment(500).id)
    assert [old.label, new.label] == ["2570-000001", "2571-000001"]
    assert [old.issued_on, new.issued_on] == [date(2027, 9, 30), date(2027, 10, 1)]


@pytest.mark.sqlite
def test_a_late_receipt_is_of_the_year_in_which_it_is_issued(funds):
    receipt = find_receipt_of(make_payment(500, received_on=date(2026, 9, 30)).id)
    assert receipt.label == "2570-000001"
    assert receipt.received_on == date(2026, 9, 30)


def test_a_roll_back_leaves_no_gap(funds):
    make_payment(500)

    def fail():
        operations.receive_payment(incoming(500, fund_code="GENERAL"), actor=OFFICER)
        raise RuntimeError("it fails half-way")

    with pytest.raises(RuntimeError):
        unit_of_work(fail)
    make_payment(500)
    assert labels(funds) == [(2570, 1), (2570, 2)]


def test_eight_writers_at_once(app, funds):
    """On one pledge and on none; some fail half-way."""
    reference = make_pledge(amount_satang=1_000_000).instalments[0].reference
    errors = []

    def record(number):
        failing = number % 4 == 3

        def work():
            target = {"instalment_reference": reference} if number % 2 else {"fund_code": "GENERAL"}
            operations.receive_payment(incoming(100 + number, **target), actor=OFFICER)
            if failing:
                raise LookupError

        with app.app_context():
            try:
                unit_of_work(work)
            except LookupError:
                errors.append(number)
            finally:
                db.session.remove()

    def writer(start):
        for number in range(start, start + 5):
            record(number)

    threads = [threading.Thread(target=writer, args=(start,)) for start in range(0, 40, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 10
    assert labels(funds) == [(2570, number) for number in range(1, 31)]
    assert funds.get(ReceiptCounter, 2570).last_number == 30


@pytest.mark.sqlite
def test_what_a_receipt_says(funds):
    pledge = make_pledge(name="สมชาย ใจดี", amount_satang=10_100, instalment_count=1)
    payment = make_payment(10_100, pledge.instalments[0], method=Method.PROMPTPAY)
    detail = get_receipt_detail(find_receipt_of(payment.id).code)
    entry = funds.get(JournalEntry, payment.journal_entry_id)
    assert detail.receipt.donor_name == "สมชาย ใจดี"
    assert detail.receipt.fund_code == "GENERAL"
    assert detail.entry_number.startswith("JE")
    assert len(detail.leaf) == 26
    assert entry.receipt == detail.receipt.label
    assert b'"receipt":"2570-000001"' in entry.canonical


def test_a_void_receipt_keeps_its_number(funds):
    payment = make_payment(500)
    make_reversal(payment, "Counted twice")
    receipt = get_receipt_detail(find_receipt_of(payment.id).code).receipt
    assert (receipt.label, receipt.void_reason) == ("2570-000001", "Another reason")
    assert find_receipt_of(make_payment(500).id).label == "2570-000002"


@pytest.mark.sqlite
def test_an_unknown_code(funds):
    with pytest.raises(NotFoundError):
        get_receipt_detail("nothing")
