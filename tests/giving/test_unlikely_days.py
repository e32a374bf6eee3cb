"""A day of money that is unlikely is asked about: the form keeps what was typed, and a tick in the
box sends it again.
"""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from fundapp.db import unit_of_work
from fundapp.giving.models import Payment
from fundapp.giving.queries import find_receipt_of
from fundapp.ledger.operations import close_period
from tests.factories.actors import COMMAND_LINE
from tests.factories.giving import make_pledge

pytestmark = pytest.mark.sqlite

FORM = {
    "amount": "500", "method": "cheque", "fund": "GENERAL", "payer_name": "Hasan Daud",
    "note": "Cheque 7", "form_id": "one",
}  # fmt: skip
UNLIKELY = [
    ("5/11/2559", "5 November 2016 is 10 years ago."),
    ("24/11/2567", "24 November 2024 is 2 years ago."),
    ("30/9/2569", "30 September 2026 is in fiscal year B.E. 2569, which is over."),
]


def payments(session):
    session.expire_all()
    return list(session.scalars(select(Payment)))


def box(page):
    found = re.search(r'type="checkbox"[^>]*name="received_on_is_right"\s+value="([^"]+)"', page)
    return found and found[1]


@pytest.mark.parametrize(("typed", "question"), UNLIKELY)
def test_an_unlikely_day_is_asked_about_and_kept(officer, funds, typed, question):
    asked = officer.post("/payments/new", data={**FORM, "received_on": typed})
    assert asked.status_code == 422
    assert f"{question} Is this right?" in asked.text
    for kept in (typed, "500", "Hasan Daud", "Cheque 7"):
        assert kept in asked.text
    assert payments(funds) == []
    again = {**FORM, "received_on": typed, "received_on_is_right": box(asked.text)}
    assert officer.post("/payments/new", data=again).status_code == 303
    [payment] = payments(funds)
    assert payment.received_on == date.fromisoformat(box(asked.text))


def test_a_day_before_the_pledge_is_asked_about(officer, funds):
    reference = make_pledge().instalments[0].reference
    data = {**FORM, "fund": "", "payer_name": "", "reference": reference}
    data["received_on"] = "23/11/2569"
    asked = officer.post("/payments/new", data=data)
    assert "23 November 2026 is before the pledge was made, on 24 November 2026." in asked.text
    data["received_on_is_right"] = box(asked.text)
    assert officer.post("/payments/new", data=data).status_code == 303
    assert payments(funds)[0].received_on == date(2026, 11, 23)


def test_the_box_holds_for_the_day_that_it_was_ticked_for(officer, funds):
    data = {**FORM, "received_on": "5/11/2559", "received_on_is_right": "2016-11-06"}
    for ticked in ("2016-11-06", "on", "y"):
        data["received_on_is_right"] = ticked
        assert officer.post("/payments/new", data=data).status_code == 422
    assert payments(funds) == []


@pytest.mark.parametrize("typed", ["24/11/2569", "1/10/2569", "23/11/2026"])
def test_a_likely_day_is_not_asked_about(officer, typed):
    answer = officer.post("/payments/new", data={**FORM, "received_on": typed})
    assert answer.status_code == 303


def test_a_day_to_come_and_a_closed_month_stay_refused(officer, funds):
    to_come = {**FORM, "received_on": "25/11/2569", "received_on_is_right": "2026-11-25"}
    assert "still to come" in officer.post("/payments/new", data=to_come).text
    unit_of_work(close_period, date(2026, 9, 1), actor=COMMAND_LINE)
    closed = {**FORM, "received_on": "30/9/2569", "received_on_is_right": "2026-09-30"}
    answer = officer.post("/payments/new", data=closed)
    assert answer.status_code == 422
    assert "closed for that day" in answer.text
    assert "checked" in re.search(r'name="received_on_is_right"[^>]*>', answer.text)[0]
    assert funds.scalar(select(func.count()).select_from(Payment)) == 0


def test_the_receipt_is_of_the_fiscal_year_in_which_it_is_issued(officer, funds, clock):
    """As the officer's guide says: a gift of last year that is recorded now."""
    data = {**FORM, "received_on": "30/9/2569", "received_on_is_right": "2026-09-30"}
    officer.post("/payments/new", data=data)
    [payment] = payments(funds)
    receipt = find_receipt_of(payment.id)
    assert (receipt.label, receipt.issued_on) == ("2570-000001", date(2026, 11, 24))
    assert receipt.received_on == date(2026, 9, 30)
    page = officer.get(f"/receipts/{receipt.code}").text
    assert "30 September 2026" in page
    help_text = officer.get("/payments/new").text
    assert "its number is of the fiscal year in which the receipt is issued, today" in help_text
