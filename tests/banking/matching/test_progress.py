"""Matching many lines over HTTP: the page shows how far it is, without a script."""

import re

import pytest

from fundapp.banking.matching import progress
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.db import db
from fundapp.giving.models import Receipt
from tests.banking.pages import count, text
from tests.factories.banking import book_otherwise, import_moves, make_single_pledge, move_of

pytestmark = pytest.mark.sqlite


@pytest.fixture
def statement_url(officer, step):
    """A statement of one line more than two steps take."""
    moves = [
        move_of(make_single_pledge(), time=f"{minute // 60 + 8:02}:{minute % 60:02}")
        for minute in range(2 * step + 1)
    ]
    return f"/bank/statements/{import_moves(*moves)[0].statement.public_id}"


def test_the_page_grows_and_says_when_it_is_done(officer, statement_url, step):
    lines = 2 * step + 1
    answer = officer.post(f"{statement_url}/match-certain")
    pieces = list(answer.iter_encoded())
    page = b"".join(pieces).decode()
    assert answer.status_code == 200
    assert len(pieces) > 3
    for seen in (step, 2 * step, lines):
        assert f"{seen} of {lines} lines looked at, {seen} matched" in page
    assert f"Done: {lines} lines are matched." in page
    assert (count(Receipt), unmatched()) == (lines, 0)


def test_a_page_that_takes_too_long_offers_to_go_on(officer, statement_url, step, monkeypatch):
    """What is done stays done; the next page does the rest."""
    monkeypatch.setattr(progress, "LONGEST", -1)
    page = text(officer.post(f"{statement_url}/match-certain"))
    assert "Go on" in page
    assert unmatched() == step + 1
    monkeypatch.setattr(progress, "LONGEST", 25)
    after_row = re.search(r'name="after_row" value="(\d+)"', page).group(1)
    page = text(officer.post(f"{statement_url}/match-certain", data={"after_row": after_row}))
    assert f"Done: {step + 1} lines are matched." in page
    assert unmatched() == 0


def test_what_is_refused_is_told_by_its_row(officer, statement_url, step):
    first = db.session.scalar(db.select(StatementLine).order_by(StatementLine.row_number).limit(1))
    book_otherwise(first)
    page = text(officer.post(f"{statement_url}/match-certain"))
    assert f"Done: {2 * step} lines are matched." in page
    assert "Row 6: A payment of 500.01 baht was recorded already with the same form" in page
    assert unmatched() == 1


def unmatched():
    return count_lines(LineStatus.UNMATCHED)


def count_lines(status):
    db.session.rollback()
    query = db.select(db.func.count(StatementLine.id)).where(StatementLine.status == status)
    return db.session.scalar(query)
