"""Importing a statement file on its page."""

import re
from datetime import UTC, date, datetime

import pytest

from fundapp.banking.models import StatementLine
from tests.banking.pages import count, text, upload
from tests.factories.banking import (
    TUESDAY,
    WEDNESDAY,
    Move,
    fee,
    interest,
    line_with,
    statement_file,
)

pytestmark = pytest.mark.sqlite


def test_checking_writes_nothing(officer):
    answer = upload(officer, statement_file([Move(50_000)]), dry_run="1")
    assert answer.status_code == 200
    body = text(answer)
    assert "Nothing has been written yet." in body
    assert re.search(r"New lines</dt><dd>1</dd>", body)
    assert count(StatementLine) == 0


def test_the_same_file_twice(officer):
    data = statement_file([Move(50_000)])
    first = upload(officer, data)
    second = upload(officer, data)
    assert second.headers["Location"] == first.headers["Location"]
    assert "This file was imported before." in text(officer.get(second.headers["Location"]))
    assert "This file was imported before." in text(upload(officer, data, dry_run="1"))
    assert count(StatementLine) == 1


def test_a_refused_file_shows_every_error_and_keeps_what_was_chosen(officer):
    good = statement_file([Move(50_000), fee(), interest()]).decode("utf-8-sig")
    bad = good.replace('"10,475.00"', '"10,476.00"').replace("41.08", "fortyone")
    answer = upload(officer, bad.encode())
    assert answer.status_code == 422
    body = text(answer)
    assert "The balance is 10,476.00; the row before and this amount give 10,475.00." in body
    assert "There is no amount in baht in the cell" in body
    assert "Download the statement" in body
    assert '<option selected value="ktb">' in body
    assert count(StatementLine) == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 " + bytes(range(256)), "The file is not a CSV text file."),
        (b"x" * (6 * 1024 * 1024), "The file is larger than 5 MB."),
    ],
)
def test_files_that_are_no_statement(officer, data, sentence):
    answer = upload(officer, data)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_truncated_file(officer):
    data = statement_file([Move(50_000)])
    answer = upload(officer, data[: data.rindex(b"\r\n", 0, -2)])
    assert answer.status_code == 422
    assert "The file is cut short" in text(answer)


def test_fifty_megabytes_are_refused(officer):
    answer = upload(officer, bytes(50 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Too large" in text(answer)
    assert count(StatementLine) == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"account": "NO-SUCH"}, "The fund has no bank account of this name."),
        ({"profile": "no-such"}, "There is no such style of statement."),
        ({"profile": ""}, "There is no such style of statement."),
    ],
)
def test_wrong_choices(officer, fields, sentence):
    answer = upload(officer, statement_file([]), **fields)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_the_style_of_the_last_import_is_chosen(officer):
    def chosen():
        page = officer.get("/bank/statements/new").text
        styles = page[page.index('id="profile"') :]
        return re.search(r'<option selected value="(\w*)"', styles)[1]

    assert chosen() == ""
    upload(officer, statement_file([Move(50_000)]))
    assert chosen() == "ktb"


def test_no_file(officer):
    answer = officer.post("/bank/statements/new", data={"account": "KTB-MAIN", "profile": "ktb"})
    assert answer.status_code == 422
    assert "Choose the file from the bank." in text(answer)


def test_what_an_import_did_is_told(officer):
    upload(officer, statement_file([Move(50_000, "X44"), fee()], to_on=TUESDAY))
    moves = [Move(50_000, "X44 name"), fee(), interest(day=WEDNESDAY)]
    answer = upload(officer, statement_file(moves))
    body = text(officer.get(answer.headers["Location"]))
    assert "1 new line, 1 completed line, 1 known line." in body
    line = line_with("X44 name")
    body = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "What each file says" in body
    assert "X44 name" in body
    assert re.search(r"X44 · PromptPay\s*<", body)


def test_a_day_that_is_not_over_is_told_until_a_file_goes_past_it(officer, clock):
    today = date(2026, 11, 24)
    answer = upload(officer, statement_file([Move(50_000)], to_on=today))
    url = answer.headers["Location"]
    for _time in range(2):
        body = text(officer.get(url))
        assert body.count("24 November 2026 is not over: import again tomorrow.") == 1
    clock.move_to(datetime(2026, 11, 25, 3, 0, tzinfo=UTC))
    upload(officer, statement_file([Move(50_000)], to_on=date(2026, 11, 25)))
    assert "is not over" not in text(officer.get(url))


def test_a_day_that_the_bank_changed_is_taken_over_after_a_tick(officer):
    upload(officer, statement_file([Move(50_000)]), name="first.csv")
    changed = statement_file([Move(50_000), Move(100)], to_on=date(2026, 11, 23))
    answer = upload(officer, changed)
    assert answer.status_code == 422
    body = text(answer)
    assert "3 November 2026 was over in “first.csv” (imported 24 November 2026)" in body
    assert 'name="take_over"' in body
    assert "take_over" not in text(officer.get("/bank/statements/new"))
    assert upload(officer, changed, take_over="y").status_code == 303
    assert count(StatementLine) == 2


def test_lines_that_do_not_count_have_a_list(officer):
    first = statement_file([Move(50_000, "pending")], to_on=TUESDAY)
    upload(officer, first)
    answer = upload(officer, statement_file([]))
    assert "Movements that the bank no longer states: 1." in text(
        officer.get(answer.headers["Location"])
    )
    body = text(officer.get("/bank/lines?status=withdrawn"))
    assert "Lines that are not counted" in body
    assert "pending" in body
    assert "pending" not in text(officer.get("/bank/lines"))
    assert "pending" not in text(officer.get("/bank/reconciliation?account=KTB-MAIN"))
