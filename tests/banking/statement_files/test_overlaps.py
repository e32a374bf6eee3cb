"""Files of the same days: a movement is kept once, whatever the bank prints late or completes."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from fundapp.audit.checks import CheckState, run_checks
from fundapp.banking.models import LineStatus, StatedLine, StatementLine
from fundapp.banking.operations import match_line, unmatch_line
from fundapp.banking.queries import find_certain, list_account_lines, list_statement_lines
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.queries import find_bank_balance
from fundapp.db import db, unit_of_work
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    LAST,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Move,
    detail_of,
    do_import,
    line_with,
    lines_of,
    make_single_pledge,
    statement_file,
)
from tests.factories.giving import make_payment

THURSDAY = date(2026, 11, 5)

MORNING = Move(100_000, "X1001 นาง ทดลอง หนึ่งใจ", time="09:02")
LATE = Move(70_000, "บริษัททดลองจำกัด", time="10:15")
BILL = Move(250_000, "Ref1 ABC Ref2 GEN", time="11:40")
NEXT = Move(30_000, "X1002 นาย ทดลอง สองใจ", day=WEDNESDAY, time="08:00")

#: The file of noon, of the evening, of the next morning, and one that begins the day after.
FILES = {
    "noon": statement_file([MORNING, BILL], to_on=TUESDAY),
    "evening": statement_file([MORNING, LATE, BILL], to_on=TUESDAY),
    "next morning": statement_file([MORNING, LATE, BILL, NEXT], to_on=WEDNESDAY),
    "day after": statement_file([NEXT], opening=1_420_000, from_on=WEDNESDAY, to_on=WEDNESDAY),
}


def kept(code="KTB-MAIN"):
    """Amount, text and balance of each line that counts."""
    db.session.rollback()
    return [
        (line.deposit_satang - line.withdrawal_satang, detail_of(line), line.balance_satang)
        for line in list_account_lines(code)
    ]


def not_green():
    return {
        result.check.name: result.state
        for result in run_checks()
        if result.state is not CheckState.GREEN
    }


def error_of(data, **fields):
    before = kept()
    with pytest.raises(StatementRejected) as rejected:
        do_import(data, **fields)
    assert kept() == before
    (error,) = rejected.value.errors
    return error


def counts(result):
    return result.new_lines, result.completed_lines, result.known_lines


#: Which lines are new is found by the program: PostgreSQL takes the first order and the last.
ORDERS = list(permutations(FILES))
BETWEEN = [pytest.param(order, marks=pytest.mark.sqlite) for order in ORDERS[1:-1]]


@pytest.mark.one_case
@pytest.mark.parametrize("order", [ORDERS[0], *BETWEEN, ORDERS[-1]], ids=" > ".join)
def test_a_late_posting_goes_in_whatever_comes_first(bank, order):
    for name in order:
        do_import(FILES[name])
    assert kept() == [
        (100_000, MORNING.detail, 1_100_000),
        (70_000, LATE.detail, 1_170_000),
        (250_000, BILL.detail, 1_420_000),
        (30_000, NEXT.detail, 1_450_000),
    ]
    assert not_green() == {}


def test_a_late_posting_is_one_new_line(bank):
    do_import(FILES["noon"])
    result = do_import(FILES["evening"])
    assert counts(result) == (1, 0, 2)
    assert counts(do_import(FILES["next morning"])) == (1, 0, 3)


def test_an_older_file_changes_nothing(bank):
    do_import(FILES["evening"])
    before = kept()
    assert counts(do_import(FILES["noon"])) == (0, 0, 2)
    assert kept() == before


@pytest.mark.sqlite
def test_a_day_that_is_not_whole_is_told_and_yellow(bank):
    """The next day's file opens with 700.00 more than the file of noon closes with."""
    do_import(FILES["noon"])
    (warning,) = do_import(FILES["day after"]).warnings
    assert warning.values == {"missing_satang": 70_000, "day_on": "2026-11-03"}
    assert not_green() == {"banking.missing": CheckState.YELLOW}
    do_import(FILES["evening"])
    assert not_green() == {}


@pytest.mark.sqlite
@pytest.mark.parametrize("order", list(permutations(["X4410", "X4410 นาง สมมติ Ref1 ABC"])))
def test_a_text_is_completed_and_never_shortened(bank, order):
    results = [
        counts(do_import(statement_file([MORNING, Move(250_000, text)], to_on=TUESDAY)))
        for text in order
    ]
    is_completed = order[0] == "X4410"
    assert results[1] == ((0, 1, 1) if is_completed else (0, 0, 2))
    assert [detail for _, detail, _ in kept()] == [MORNING.detail, "X4410 นาง สมมติ Ref1 ABC"]


def test_what_each_file_said_is_kept(bank):
    for text in ("X4410", "X4410 นาง สมมติ"):
        do_import(statement_file([Move(250_000, text)], to_on=TUESDAY))
    said = db.session.scalars(db.select(StatedLine).order_by(StatedLine.statement_id))
    assert [detail_of(each) for each in said] == ["X4410", "X4410 นาง สมมติ"]


@pytest.mark.sqlite
def test_a_completed_line_is_matched_by_its_reference(bank):
    """It is listed with the file that completed it, too."""
    reference = make_single_pledge(250_000).instalments[0].reference
    do_import(statement_file([Move(250_000, "X4410")], to_on=TUESDAY))
    result = do_import(statement_file([Move(250_000, f"X4410 Ref1 {reference}")], to_on=TUESDAY))
    (line,) = list_statement_lines(result.statement.id).rows
    assert find_certain([line])[line.id].ref == reference


def test_what_is_matched_stays_matched_with_its_words(bank):
    """Of two equal movements the later file has a third, earlier one; texts tell them apart."""
    first, second = (Move(50_000, name, time=at) for name, at in (("A", "09:00"), ("B", "11:00")))
    do_import(statement_file([first, second], to_on=TUESDAY))
    payment = make_payment(50_000, received_on=TUESDAY)
    line = line_with("B")
    public_id = line.public_id
    unit_of_work(match_line, public_id, payment_public_id=payment.public_id, actor=OFFICER)
    between = Move(50_000, "C", time="10:00")
    whole = statement_file(
        [Move(50_000, "C B", time="08:00"), first, between, Move(50_000, "B whole", time="11:00")]
    )
    assert counts(do_import(whole)) == (2, 1, 1)
    lines = list_account_lines("KTB-MAIN")
    assert [(detail_of(line), line.status) for line in lines] == [
        ("C B", LineStatus.UNMATCHED),
        ("A", LineStatus.UNMATCHED),
        ("C", LineStatus.UNMATCHED),
        ("B whole", LineStatus.MATCHED),
    ]
    assert lines[3].public_id == public_id
    assert sorted(line.ordinal for line in lines) == [1, 2, 3, 4]


def test_a_pending_line_that_the_bank_takes_away_counts_no_longer(bank):
    do_import(statement_file([MORNING, BILL], to_on=TUESDAY))
    result = do_import(statement_file([BILL, NEXT], to_on=WEDNESDAY))
    assert "no longer states" in result.warnings[0].text
    assert [amount for amount, *_ in kept()] == [250_000, 30_000]
    gone = db.session.scalars(db.select(StatementLine).filter_by(status="withdrawn")).one()
    assert detail_of(gone) == MORNING.detail
    assert not_green() == {}


def test_the_bank_balance_is_that_of_the_lines_that_count(bank):
    do_import(statement_file([BILL, MORNING], to_on=TUESDAY))
    do_import(statement_file([BILL], to_on=WEDNESDAY))
    assert find_bank_balance("KTB-MAIN", TUESDAY) == 1_250_000
    assert find_bank_balance("KTB-MAIN", WEDNESDAY) == 1_250_000


@pytest.mark.sqlite
def test_a_day_is_over_when_the_next_file_begins_where_it_ends(bank):
    """Then it is not changed without a word, though no file goes past it."""
    do_import(FILES["evening"], file_name="evening.csv")
    do_import(FILES["day after"], file_name="after.csv")
    error = error_of(statement_file([MORNING, LATE, BILL, Move(5)], to_on=TUESDAY))
    assert (error.code, error.params["file"]) == ("differs", "after.csv")


@pytest.mark.sqlite
def test_a_matched_line_that_the_bank_takes_away_is_told(bank):
    (line, _) = lines_of(do_import(statement_file([MORNING, BILL], to_on=TUESDAY)))
    payment = make_payment(100_000, received_on=TUESDAY)
    public_id = line.public_id
    unit_of_work(match_line, public_id, payment_public_id=payment.public_id, actor=OFFICER)
    without = statement_file([BILL, NEXT], to_on=WEDNESDAY)
    error = error_of(without)
    assert (error.code, error.params["amount"]) == ("matched", "1,000.00")
    unit_of_work(unmatch_line, public_id, reason="The bank took it back", actor=OFFICER)
    assert do_import(without).new_lines == 1


CLOSED = [MORNING, BILL, NEXT]


@pytest.mark.sqlite
def test_a_day_that_was_over_has_a_way_on(bank):
    """A shorter file is told to come back longer; a longer one is taken over when confirmed."""
    do_import(statement_file(CLOSED, to_on=THURSDAY), file_name="old.csv")
    short = statement_file([MORNING, LATE, BILL, NEXT], to_on=WEDNESDAY)
    error = error_of(short)
    assert (error.code, error.params["day_on"], error.params["file"]) == (
        "differs",
        TUESDAY,
        "old.csv",
    )
    assert "to today" in error.remedy
    assert error_of(short, take_over=True).code == "differs"
    whole = statement_file([MORNING, LATE, BILL, NEXT], from_on=TUESDAY, to_on=LAST)
    error = error_of(whole)
    assert (error.code, error.params["added"], error.params["missing"]) == ("changed_day", 1, 0)
    assert counts(do_import(whole, take_over=True)) == (1, 0, 3)
    assert kept()[-1] == (30_000, NEXT.detail, 1_450_000)
    assert not_green() == {}
    assert do_import(short).new_lines == 0
    assert error_of(statement_file(CLOSED, to_on=date(2026, 11, 6))).code == "differs"


@pytest.mark.sqlite
def test_a_movement_of_the_last_day_that_another_file_knows_to_be_over(bank):
    """It is not dropped in silence: the file with the next day decides."""
    do_import(statement_file(CLOSED, to_on=WEDNESDAY))
    error = error_of(FILES["evening"])
    assert (error.code, error.params["added"], error.params["from_on"]) == ("differs", 1, TUESDAY)
    longer = statement_file([MORNING, LATE, BILL, NEXT], from_on=TUESDAY, to_on=LAST)
    assert do_import(longer, take_over=True).new_lines == 1


@pytest.mark.sqlite
def test_the_beginning_of_a_file_cannot_be_taken_over(bank):
    """The way on is a file that begins where the other one began, and it goes in."""
    do_import(statement_file(CLOSED, to_on=THURSDAY))
    opening = 1_000_000 + 420_000
    late = statement_file([NEXT], opening=opening, from_on=WEDNESDAY, to_on=LAST)
    error = error_of(late, take_over=True)
    assert (error.code, error.params["from_on"]) == ("opening_balance", MONDAY)
    whole = statement_file([MORNING, LATE, BILL, NEXT], to_on=LAST)
    assert do_import(whole, take_over=True).new_lines == 1
    assert do_import(late).new_lines == 0


@pytest.mark.sqlite
def test_a_statement_whose_last_day_is_not_over_says_so(bank, clock):
    today = date(2026, 11, 24)
    (warning,) = do_import(statement_file([MORNING], to_on=date(2026, 11, 30))).warnings
    assert warning.values == {"day_on": "2026-11-24"}
    clock.move_to(datetime(2026, 11, 27, 3, 0, tzinfo=UTC))
    later = Move(500, "later that day", day=today)
    result = do_import(statement_file([MORNING, later], to_on=date(2026, 11, 26)))
    assert (result.new_lines, result.warnings) == (1, ())


@pytest.mark.sqlite
def test_a_line_of_the_first_file_is_listed_with_each_file_that_states_it(bank):
    do_import(FILES["noon"])
    result = do_import(FILES["evening"])
    rows = list_statement_lines(result.statement.id).rows
    assert [detail_of(line) for line in rows] == [MORNING.detail, LATE.detail, BILL.detail]


@pytest.mark.sqlite
def test_late_movements_that_cancel_each_other_are_taken(bank):
    """The next day's file, which came before them, knew how the day ended, and that stays true."""
    early = Move(50_000, time="09:00")
    late = (Move(70_000, time="11:00"), Move(-70_000, time="11:05"))
    do_import(statement_file([early], from_on=TUESDAY, to_on=TUESDAY))
    do_import(
        statement_file([], opening=1_050_000, from_on=WEDNESDAY, to_on=WEDNESDAY),
        file_name="next.csv",
    )
    do_import(statement_file([early, *late], from_on=TUESDAY, to_on=WEDNESDAY))
    assert [line.moved_satang for line in list_account_lines("KTB-MAIN")] == [
        50_000,
        70_000,
        70_000,
    ]
    assert [each.check.name for each in run_checks() if each.state is CheckState.RED] == []
