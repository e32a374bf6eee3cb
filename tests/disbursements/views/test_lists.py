"""A whole class, or a list from a file, in one request."""

import io

import pytest
from sqlalchemy import select

from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, RequestLine
from tests.factories.children import make_child
from tests.factories.identity import sign_in

pytestmark = pytest.mark.sqlite  # a form and a file, which no database changes

URL = "/disbursements/new"


@pytest.fixture
def asker(team, english):
    sign_in(english, team.asker)
    return english


def form(team, **values):
    return {
        "fund": team.fund,
        "need": "education",
        "district": team.child.district_code,
        "payee_kind": "guardian",
        "payout_method": "cash",
        "reason": "Books for the class",
        **values,
    }


def upload(rows):
    lines = (",".join(str(cell or "") for cell in row) for row in rows)
    return io.BytesIO("\n".join(lines).encode()), "class.csv"


def test_a_file_fills_the_list_and_every_wrong_row_is_told(team, asker):
    other = make_child(team.asker)
    rows = [("code", "amount"), (team.child.code, 500), (other.code, None)]
    wrong = [*rows, ("nobody", 5), (team.child.code, 400), (other.code, "much")]
    page = asker.post(URL, data=form(team, file=upload(wrong))).text
    for number in (3, 4, 5, 6):
        assert f"Row {number}: " in page
    assert "was put into the list" not in page
    filled = asker.post(URL, data=form(team, file=upload(rows), each_amount="250.50")).text
    assert "2 children were put into the list" in filled
    assert f"{team.child.code} 500.00\n{other.code} 250.50" in filled.replace("\r", "")
    assert db.session.scalar(select(DisbursementRequest)) is None
    lines = f"{team.child.code} 500.00\n{other.code} 250.50"
    assert asker.post(URL, data=form(team, more_lines=lines)).status_code == 303
    amounts = db.session.scalars(select(RequestLine.amount_satang)).all()
    assert sorted(amounts) == [250_50, 500_00]


def test_the_search_fills_the_list_with_a_class(team, asker):
    other = make_child(team.asker)
    typed = f"{other.code} 100"
    missing = asker.post(URL, data=form(team, fill="1", more_lines=typed)).text
    assert "Enter the amount that each of these children gets." in missing
    page = asker.post(URL, data=form(team, fill="1", each_amount="75", more_lines=typed)).text
    assert "1 child was put into the list" in page
    assert f"{other.code} 100\n{team.child.code} 75.00" in page.replace("\r", "")
    none = asker.post(URL, data=form(team, fill="1", each_amount="75", wanted="zzzz")).text
    assert "finds no child" in none


def test_all_codes_that_are_wrong_are_told_at_once(team, asker):
    code = team.child.code
    text = f"{code} 500\nno code\nnothing\n{code} much"
    page = asker.post(URL, data=form(team, more_lines=text)).text
    assert "Line 3" in page
    assert "Line 2" in page
    assert f"{code}: " in page
