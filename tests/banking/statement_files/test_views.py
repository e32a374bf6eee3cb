"""Importing a statement file on its page."""

import re

import pytest

from fundapp.banking.models import StatementLine
from tests.banking.pages import count, text, upload
from tests.factories.banking import Move, fee, interest, statement_file

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
        ({"account": ""}, "The fund has no bank account of this name."),
    ],
)
def test_wrong_choices(officer, fields, sentence):
    answer = upload(officer, statement_file([]), **fields)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_no_file(officer):
    answer = officer.post("/bank/statements/new", data={"account": "KTB-MAIN", "profile": "ktb"})
    assert answer.status_code == 422
    assert "Choose the file from the bank." in text(answer)
