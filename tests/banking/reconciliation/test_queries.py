"""The bank's balance is the books' balance and the named differences, to the satang."""

from datetime import date

import pytest

from fundapp.banking import queries
from fundapp.banking.operations import book_charge, match_certain, match_line, unmatch_line
from fundapp.banking.reconciliation.differences import SHOWN
from fundapp.banking.reconciliation.queries import find_unexplained
from fundapp.db import unit_of_work
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    LAST,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Move,
    fee,
    import_moves,
    make_single_pledge,
    move_of,
    transfer_out,
)
from tests.factories.books import make_gift
from tests.factories.giving import make_payment


def both_ways(day=LAST):
    """The reconciliation; what it leaves unexplained is found without its items too."""
    account = queries.get_bank_account("KTB-MAIN")
    reconciliation = queries.reconcile(account, day)
    without_items = (reconciliation.day, reconciliation.unexplained_satang)
    assert find_unexplained(account, day) == without_items
    return reconciliation


def reconciled(day=LAST):
    reconciliation = both_ways(day)
    assert reconciliation.unexplained_satang == 0
    return reconciliation


@pytest.fixture
def equal_balances(bank):
    """The books hold what the bank holds when the first statement begins: 10,000 baht."""
    make_gift(1_000_000, on=date(2026, 10, 20))
    return bank


def test_no_reconciliation_without_a_statement(bank):
    account = queries.get_bank_account("KTB-MAIN")
    assert queries.reconcile(account, LAST) is None
    assert find_unexplained(account, LAST) is None


def test_bank_and_books_agree_when_all_is_matched(equal_balances):
    lines = import_moves(move_of(make_single_pledge()), fee())
    unit_of_work(match_certain, lines[0].statement.public_id, actor=OFFICER)
    unit_of_work(book_charge, lines[1].public_id, actor=OFFICER)
    result = reconciled()
    assert (result.bank_satang, result.book_satang) == (1_047_500, 1_047_500)
    assert (result.difference_satang, result.lines.count, result.entries.count) == (0, 0, 0)
    assert (result.from_on, result.brought_forward_satang) == (MONDAY, 0)


def test_every_difference_has_a_name(equal_balances):
    import_moves(Move(50_000, "nobody knows"), transfer_out(20_000, day=WEDNESDAY))
    make_payment(70_000, received_on=WEDNESDAY)
    result = reconciled()
    assert result.difference_satang == 30_000 - 70_000
    assert [(item.satang, item.day) for item in result.lines.shown] == [
        (50_000, TUESDAY),
        (-20_000, WEDNESDAY),
    ]
    (entry,) = result.entries.shown
    assert (entry.satang, entry.day) == (70_000, WEDNESDAY)
    assert entry.entry_number.startswith("JE")


def test_what_is_not_shown_is_counted(equal_balances):
    import_moves(*(Move(1_000 + number, f"somebody {number}") for number in range(SHOWN + 2)))
    lines = reconciled().lines
    assert (len(lines.shown), lines.count) == (SHOWN, SHOWN + 2)
    assert lines.total_satang == sum(1_000 + number for number in range(SHOWN + 2))


def test_what_differed_before_is_brought_forward(bank):
    import_moves(Move(50_000))
    assert reconciled().brought_forward_satang == 1_000_000


def test_a_cheque_recorded_before_the_bank_shows_it(equal_balances):
    """On the day in between, the payment is a named difference; afterwards nothing differs."""
    payment = make_payment(50_000, received_on=MONDAY)
    (line,) = import_moves(Move(50_000))
    unit_of_work(match_line, line.public_id, payment_public_id=payment.public_id, actor=OFFICER)
    monday = reconciled(MONDAY)
    assert (monday.difference_satang, monday.entries.count) == (-50_000, 1)
    assert reconciled(TUESDAY).difference_satang == 0


def test_a_reversed_entry_is_no_difference(equal_balances):
    (line,) = import_moves(move_of(make_single_pledge()), to_on=date(2026, 11, 24))
    unit_of_work(match_certain, line.statement.public_id, actor=OFFICER)
    unit_of_work(unmatch_line, line.public_id, reason="Wrong person", actor=OFFICER)
    result = reconciled(date(2026, 11, 24))
    assert (result.lines.count, result.entries.count) == (1, 0)
    assert result.difference_satang == 50_000


def test_the_next_month_begins_where_the_last_one_ended(equal_balances, clock):
    import_moves(Move(50_000, "unknown"), to_on=date(2026, 11, 24))
    clock.move_to("2026-12-10T03:00:00Z")
    import_moves(
        Move(7_000, "december", day=date(2026, 12, 2)),
        opening=1_050_000,
        from_on=date(2026, 11, 25),
        to_on=date(2026, 12, 9),
    )
    result = reconciled(date(2026, 12, 31))
    assert (result.day, result.from_on) == (date(2026, 12, 9), date(2026, 12, 1))
    assert result.brought_forward_satang == 50_000
    assert [item.satang for item in result.lines.shown] == [7_000]
    assert result.bank_satang == 1_057_000


def test_days_that_no_statement_covers_are_named(equal_balances):
    import_moves(Move(50_000), to_on=TUESDAY)
    import_moves(opening=1_060_000, from_on=date(2026, 11, 10))
    assert both_ways().unexplained_satang == 10_000
