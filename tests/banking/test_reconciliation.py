"""Bank = books + named differences, to the satang."""

from datetime import date

import pytest

from fundapp.banking import queries
from fundapp.banking.operations import book_charge, match_certain, match_line, unmatch_line
from fundapp.db import unit_of_work
from fundapp.giving.models import Frequency
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    LAST,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Move,
    fee,
    import_moves,
    transfer_out,
)
from tests.factories.books import make_gift
from tests.factories.giving import make_payment, make_pledge


def proof(day=LAST):
    found = queries.reconcile(queries.get_bank_account("KTB-MAIN"), day)
    assert found.unexplained_satang == 0
    return found


def named():
    pledge = make_pledge(
        amount_satang=50_000, frequency=Frequency.ONCE, instalment_count=1, starts_on=MONDAY
    )
    return Move(50_000, pledge.instalments[0].reference)


@pytest.fixture
def opened(bank):
    """The books hold what the bank holds when the first statement begins: 10,000 baht."""
    make_gift(1_000_000, on=date(2026, 10, 20))
    return bank


def test_nothing_to_prove_without_a_statement(bank):
    assert queries.reconcile(queries.get_bank_account("KTB-MAIN"), LAST) is None


def test_bank_and_books_agree_when_all_is_matched(opened):
    lines = import_moves(named(), fee())
    unit_of_work(match_certain, lines[0].statement.public_id, actor=OFFICER)
    unit_of_work(book_charge, lines[1].public_id, actor=OFFICER)
    found = proof()
    assert (found.bank_satang, found.book_satang) == (1_047_500, 1_047_500)
    assert (found.difference_satang, found.lines.count, found.entries.count) == (0, 0, 0)
    assert (found.from_on, found.brought_forward_satang) == (MONDAY, 0)


def test_every_difference_has_a_name(opened):
    import_moves(Move(50_000, "nobody knows"), transfer_out(20_000, day=WEDNESDAY))
    make_payment(70_000, received_on=WEDNESDAY)
    found = proof()
    assert found.difference_satang == 30_000 - 70_000
    assert [(one.satang, one.day) for one in found.lines.shown] == [
        (50_000, TUESDAY),
        (-20_000, WEDNESDAY),
    ]
    (entry,) = found.entries.shown
    assert (entry.satang, entry.day) == (70_000, WEDNESDAY)
    assert entry.entry_number.startswith("JE")


def test_what_differed_before_is_brought_forward(bank):
    import_moves(Move(50_000))
    assert proof().brought_forward_satang == 1_000_000


def test_a_cheque_recorded_before_the_bank_shows_it(opened):
    """On the day in between, the books are ahead by name; afterwards nothing differs."""
    payment = make_payment(50_000, received_on=MONDAY)
    (line,) = import_moves(Move(50_000))
    unit_of_work(match_line, line.public_id, payment_public_id=payment.public_id, actor=OFFICER)
    monday = proof(MONDAY)
    assert (monday.difference_satang, monday.entries.count) == (-50_000, 1)
    assert proof(TUESDAY).difference_satang == 0


def test_an_entry_that_was_undone_is_no_difference(opened):
    (line,) = import_moves(named(), to_on=date(2026, 11, 24))
    unit_of_work(match_certain, line.statement.public_id, actor=OFFICER)
    unit_of_work(unmatch_line, line.public_id, reason="Wrong person", actor=OFFICER)
    found = proof(date(2026, 11, 24))
    assert (found.lines.count, found.entries.count) == (1, 0)
    assert found.difference_satang == 50_000


def test_the_next_month_begins_where_the_last_one_ended(opened, clock):
    import_moves(Move(50_000, "unknown"), to_on=date(2026, 11, 24))
    clock.move_to("2026-12-10T03:00:00Z")
    import_moves(
        Move(7_000, "december", day=date(2026, 12, 2)),
        opening=1_050_000,
        from_on=date(2026, 11, 25),
        to_on=date(2026, 12, 9),
    )
    found = proof(date(2026, 12, 31))
    assert (found.day, found.from_on) == (date(2026, 12, 9), date(2026, 12, 1))
    assert found.brought_forward_satang == 50_000
    assert [one.satang for one in found.lines.shown] == [7_000]
    assert found.bank_satang == 1_057_000


def test_days_that_no_statement_covers_are_said(opened):
    import_moves(Move(50_000), to_on=TUESDAY)
    import_moves(opening=1_060_000, from_on=date(2026, 11, 10))
    found = queries.reconcile(queries.get_bank_account("KTB-MAIN"), LAST)
    assert found.unexplained_satang == 10_000
