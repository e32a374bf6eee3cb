"""Statements are imported whole or not at all, and each movement once."""

from datetime import date, timedelta

import pytest

from fundapp.banking.errors import UnknownBankAccountError, UnknownProfileError
from fundapp.banking.models import LineStatus, Statement, StatementLine
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.db import db
from tests.factories.banking import (
    LAST,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Move,
    detail_of,
    do_import,
    fee,
    import_moves,
    interest,
    lines_of,
    make_bank_account,
    statement_file,
)

GIFT = Move(50_000, "X1234 น.ส. สมมติ เอื้อเฟื้อ")
DAY = timedelta(days=1)


def count(kind):
    return db.session.scalar(db.select(db.func.count()).select_from(kind))


def refusal(data, **fields):
    """The codes of the errors that a file is rejected for; nothing is written."""
    before = count(Statement), count(StatementLine)
    with pytest.raises(StatementRejected) as rejected:
        do_import(data, **fields)
    assert (count(Statement), count(StatementLine)) == before
    return [error.code for error in rejected.value.errors]


def test_a_statement_is_kept_with_its_lines(bank):
    result = do_import(statement_file([GIFT, fee()]), file_name="C:\\bank\\november.csv")
    assert (result.new_lines, result.known_lines, result.warnings) == (2, 0, ())
    statement = result.statement
    assert (statement.from_on, statement.to_on) == (MONDAY, LAST)
    assert (statement.opening_satang, statement.closing_satang) == (1_000_000, 1_047_500)
    assert statement.file_name == "november.csv"
    gift, charge = lines_of(result)
    assert (gift.deposit_satang, gift.withdrawal_satang, gift.balance_satang) == (
        50_000,
        0,
        1_050_000,
    )
    assert (gift.booked_on, gift.booked_time, detail_of(gift)) == (TUESDAY, "10:15", GIFT.detail)
    assert charge.withdrawal_satang == 2_500
    assert {gift.status, charge.status} == {LineStatus.UNMATCHED}


def test_a_dry_run_writes_nothing(bank):
    result = do_import(statement_file([GIFT, fee()]), dry_run=True)
    assert (result.new_lines, result.known_lines, result.statement) == (2, 0, None)
    assert (count(Statement), count(StatementLine)) == (0, 0)


def test_the_same_file_twice_changes_nothing(bank):
    data = statement_file([GIFT])
    first = do_import(data)
    second = do_import(data)
    assert second.is_known_file
    assert (second.new_lines, second.known_lines) == (0, 1)
    assert second.statement.id == first.statement.id
    assert (count(Statement), count(StatementLine)) == (1, 1)
    assert do_import(data, dry_run=True).is_known_file


@pytest.mark.sqlite
def test_another_encoding_of_the_same_statement_adds_no_line(bank):
    do_import(statement_file([GIFT]))
    again = do_import(statement_file([GIFT], encoding="cp874"))
    assert (again.new_lines, again.known_lines, again.is_known_file) == (0, 1, False)
    assert count(StatementLine) == 1


def test_an_overlapping_file_adds_only_what_is_new(bank):
    do_import(statement_file([GIFT], to_on=WEDNESDAY))
    later = Move(70_000, "new", day=date(2026, 11, 10))
    result = do_import(statement_file([GIFT, later], to_on=LAST))
    assert (result.new_lines, result.known_lines) == (1, 1)
    assert [detail_of(line) for line in lines_of(result)] == ["new"]
    assert count(StatementLine) == 2


def test_a_day_that_was_incomplete_is_completed(bank):
    morning, evening = GIFT, Move(20_000, "evening", time="19:40")
    do_import(statement_file([morning], to_on=TUESDAY))
    result = do_import(statement_file([morning, evening], to_on=WEDNESDAY))
    assert (result.new_lines, result.known_lines) == (1, 1)


def test_lines_of_the_same_content_are_told_apart_by_their_order(bank):
    """In, out and in again within a minute: the first and the last line are equal, balance too."""
    same = Move(10_000, "same")
    moves = [same, Move(-10_000, "back"), same]
    assert do_import(statement_file(moves, to_on=WEDNESDAY)).new_lines == 3
    again = do_import(statement_file([*moves, interest(day=LAST)]))
    assert (again.new_lines, again.known_lines) == (1, 3)


@pytest.mark.sqlite
def test_the_file_must_be_of_the_account(bank):
    assert refusal(statement_file([GIFT], number="111-2-33333-4")) == ["other_account"]
    make_bank_account("KTB-ZAKAT", account_number="111-2-33333-4", account_code="1122")
    assert refusal(statement_file([GIFT]), account_code="KTB-ZAKAT") == ["other_account"]


@pytest.mark.sqlite
def test_the_opening_balance_must_be_that_of_the_day_before(bank):
    do_import(statement_file([GIFT], to_on=WEDNESDAY))
    torn = statement_file([], opening=1_040_000, from_on=WEDNESDAY)
    assert refusal(torn) == ["opening_balance"]
    whole = do_import(statement_file([], opening=1_050_000, from_on=WEDNESDAY))
    assert (whole.new_lines, whole.warnings) == (0, ())


@pytest.mark.sqlite
def test_a_statement_must_lead_to_the_one_that_begins_in_it(bank):
    do_import(statement_file([], opening=1_050_000, from_on=WEDNESDAY))
    assert refusal(statement_file([], to_on=WEDNESDAY)) == ["opening_balance"]
    assert do_import(statement_file([GIFT], to_on=WEDNESDAY)).new_lines == 1


@pytest.mark.sqlite
def test_days_that_no_statement_covers_are_a_warning(bank):
    do_import(statement_file([GIFT], to_on=TUESDAY))
    result = do_import(statement_file([], opening=99, from_on=date(2026, 11, 10)))
    (warning,) = result.warnings
    assert warning.values == {"last_on": "2026-11-03", "first_on": "2026-11-10"}


@pytest.mark.sqlite
def test_the_same_days_with_another_text_count_once(bank):
    do_import(statement_file([GIFT, fee()]))
    result = do_import(statement_file([Move(50_000, "corrected"), fee()]))
    assert (result.new_lines, result.completed_lines, result.known_lines) == (0, 1, 1)
    assert count(StatementLine) == 2


@pytest.mark.sqlite
def test_a_period_in_the_future_is_refused(bank):
    day = date(2026, 11, 25)
    assert refusal(statement_file([], from_on=day, to_on=day)) == ["future_day"]


@pytest.mark.sqlite
def test_a_movement_in_the_future_is_refused(bank):
    tomorrow = date(2026, 11, 25)
    data = statement_file([Move(100, day=tomorrow)], to_on=tomorrow)
    assert refusal(data) == ["future_day"]


def test_a_broken_running_balance_writes_nothing(bank):
    """An import that reports failure has changed nothing."""
    text = statement_file([GIFT, fee(), Move(7_000, "last")]).decode("utf-8-sig")
    broken = text.replace('"10,475.00"', '"10,476.00"')
    assert broken != text
    assert set(refusal(broken.encode())) == {"running_balance"}
    assert import_moves(GIFT, fee(), Move(7_000, "last"))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + bytes(100), "binary"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_statement_is_refused(bank, data, code):
    assert refusal(data) == [code]


@pytest.mark.sqlite
def test_a_truncated_file_is_refused(bank):
    data = statement_file([GIFT, fee()])
    assert refusal(data[: data.rindex(b"\r\n", 0, -2)]) == ["truncated"]


@pytest.mark.sqlite
def test_unknown_accounts_and_styles_are_refused(bank):
    with pytest.raises(UnknownBankAccountError):
        do_import(statement_file([]), account_code="NO-SUCH")
    with pytest.raises(UnknownProfileError):
        do_import(statement_file([]), profile_name="no-such")
