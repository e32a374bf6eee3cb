"""The tables refuse what the operations never write: raw SQL against their constraints."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.giving.models import DonorKind
from fundapp.giving.queries import find_receipt_of
from tests.factories.giving import (
    make_donor,
    make_payment,
    make_pledge,
    make_return,
    make_reversal,
)


@pytest.fixture
def paid(funds):
    """A pledge of three with one payment on it."""
    pledge = make_pledge()
    return make_payment(33_334, pledge.instalments[0])


def run(statement):
    unit_of_work(lambda: db.session.execute(text(statement)))


def refused(statement, by):
    with pytest.raises(DBAPIError, match=by):
        run(statement)


REFUSED = [
    ("UPDATE instalments SET paid_satang = amount_satang + 1", "paid_within_amount"),
    ("UPDATE instalments SET paid_satang = -1", "paid_within_amount"),
    ("UPDATE instalments SET amount_satang = 0, paid_satang = 0", "amount_positive"),
    ("UPDATE instalments SET number = 0", "number_from_one"),
    ("UPDATE pledges SET amount_satang = 0", "amount_positive"),
    ("UPDATE pledges SET instalment_count = 601", "count_in_range"),
    ("UPDATE pledges SET frequency = 'once'", "once_is_one"),
    ("UPDATE pledges SET frequency = 'daily'", "frequency_known"),
    ("UPDATE pledges SET status = 'lost'", "status_known"),
    ("UPDATE pledges SET method = 'gold'", "method_known"),
    ("UPDATE donors SET email = 'UPPER@EXAMPLE.ORG'", "email_lower_case"),
    ("UPDATE donors SET name_key = ''", "key_with_name"),
    ("UPDATE pledges SET each_satang = 0", "each_of_counted"),
    ("UPDATE pledges SET each_satang = 5, instalment_count = NULL", "each_of_counted"),
    ("UPDATE payments SET amount_satang = 1", "frozen"),
    ("UPDATE payments SET received_on = '2026-01-01'", "frozen"),
    ("UPDATE payments SET status = 'reversed'", "reversed_in_books"),
    (
        "UPDATE payments SET status = 'returned'",
        "reversed_in_books|returned_with_reason|returned_on_day",
    ),
    ("UPDATE payments SET return_reason = 'cheque'", "returned_with_reason"),
    ("UPDATE payments SET returned_on = '2026-11-24'", "returned_on_day"),
    ("UPDATE payments SET return_reason = 'lost'", "return_reason_known|returned_with_reason"),
    ("DELETE FROM payments", "kept|append-only|FOREIGN KEY|foreign key"),
    ("UPDATE allocations SET amount_satang = 1", "append-only"),
    ("DELETE FROM allocations", "append-only"),
    ("UPDATE designations SET amount_satang = 1", "append-only"),
    ("DELETE FROM designations", "append-only"),
    ("UPDATE receipts SET amount_satang = 1", "frozen"),
    ("UPDATE receipts SET donor_name = 'Somebody'", "frozen"),
    ("UPDATE receipts SET number = 9", "frozen"),
    ("UPDATE receipts SET void_reason = 'no day'", "void_has_reason"),
    ("DELETE FROM receipts", "kept"),
    ("UPDATE receipt_counters SET last_number = last_number + 2", "one by one"),
    ("UPDATE receipt_counters SET last_number = 0", "one by one"),
    ("DELETE FROM receipt_counters", "kept"),
]


def test_refused(paid):
    for statement, by in REFUSED:
        refused(statement, by)


def test_a_receipt_needs_the_number_that_was_counted(paid):
    columns = (
        "fiscal_year, payment_id, issued_on, issued_at, donor_name, fund_code, method, "
        "amount_satang, received_on, void_reason"
    )
    for number in (1, 2, 3):
        refused(
            f"INSERT INTO receipts (id, code, number, {columns}) "
            f"SELECT 5, 'x', {number}, {columns} FROM receipts",
            "counted|uq_receipts|UNIQUE|unique",
        )


def test_a_void_receipt_stays_void(paid):
    make_reversal(paid)
    refused("UPDATE receipts SET voided_at = NULL, void_reason = ''", "frozen")
    refused("UPDATE payments SET status = 'received', reversal_entry_id = NULL", "frozen")
    assert find_receipt_of(paid.id).voided_at is not None


def test_what_the_bank_took_back_stays_so(paid):
    make_return(paid)
    refused("UPDATE payments SET return_reason = 'chargeback'", "frozen")
    refused("UPDATE payments SET status = 'reversed', return_reason = NULL", "frozen")
    refused("UPDATE receipts SET voided_at = NULL, void_reason = ''", "frozen")


def test_one_donor_of_a_name_and_kind_under_an_address(funds):
    for name, kind in (("Aminah", None), ("Hasan", None), ("Aminah", DonorKind.MOSQUE)):
        make_donor(name, email="family@example.org", kind=kind)
    same = "UPDATE donors SET name = 'A', name_key = 'aminah', kind = 'individual'"
    refused(same, "uq_donors_name_key_kind_email|donors.email, donors.name_key, donors.kind")


def test_one_row_of_unknown_givers(funds):
    make_donor("")
    make_donor("", email="family@example.org")
    refused("UPDATE donors SET email = NULL", "uq_donors_nameless_email|donors.name_key")


def test_one_form_one_pledge(funds):
    make_pledge(idempotency_key="a")
    make_pledge(idempotency_key="b")
    refused("UPDATE pledges SET idempotency_key = 'a'", "idempotency_key")


def test_one_bank_line_counts_once(funds):
    make_payment(500, external_ref="line-1")
    make_payment(600, external_ref="line-2")
    statement = "UPDATE payments SET external_ref = 'line-1' WHERE external_ref = 'line-2'"
    refused(statement, "external_ref|frozen")
