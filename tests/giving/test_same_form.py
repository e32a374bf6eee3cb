"""The same form twice is the same thing only when it says the same; else one is told, and nothing
typed is lost.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from sqlalchemy import select

from fundapp.giving.models import Payment, Pledge
from tests.factories.giving import make_payment, make_pledge

GIVE = {
    "amount": "100", "fund": "GENERAL", "frequency": "once", "name": "Aminah Sani",
    "email": "aminah@example.org", "method": "promptpay", "form_id": "the-form",
}  # fmt: skip
CASH = {
    "amount": "500", "method": "cash", "received_on": "24/11/2569", "fund": "GENERAL",
    "payer_name": "Walk-in", "note": "at the mosque", "form_id": "the-form",
}  # fmt: skip
OTHER_PLEDGES = [
    {"amount": "1,000"},
    {"fund": "ZAKAT"},
    {"name": "Hasan Daud"},
    {"email": "hasan@example.org"},
    {"method": "cash"},
    {"starts_on": "25/11/2569"},
    {"anonymous": "1"},
    {"frequency": "monthly", "instalments": "2"},
]
OTHER_PAYMENTS = [
    {"amount": "600"},
    {"fund": "ZAKAT"},
    {"payer_name": "Somebody Else"},
    {"note": "another note"},
    {"method": "transfer"},
    {"received_on": "23/11/2569"},
    {"anonymous": "1"},
]


def hidden(page):
    """The hidden fields of the page's form to send."""
    form = page[page.index('class="form-block"') :]
    form = form[: form.index("</form>")]
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    pairs += re.findall(r'name="([^"]+)" type="hidden" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}


def rows(session, table):
    session.expire_all()
    return list(session.scalars(select(table).order_by(table.id)))


@pytest.mark.sqlite
@pytest.mark.parametrize("other", OTHER_PLEDGES, ids=" ".join)
def test_another_pledge_with_a_used_form_is_told_and_kept(client, funds, other):
    client.get("/give?lang=en")
    first = client.post("/give", data=GIVE)
    told = client.post("/give", data={**GIVE, **other})
    assert told.status_code == 422
    page = unescape(told.text)
    assert "You have already pledged 100.00 baht with this form." in page
    assert f'href="{first.location}"' in page
    assert "Make a second pledge of" in page
    assert len(rows(funds, Pledge)) == 1
    again = hidden(told.text)
    assert again["form_id"] != GIVE["form_id"]
    assert again.items() >= (other.items() - {("anonymous", "1")})
    second = [client.post("/give", data={**again, "step": "make"}) for _ in range(2)]
    assert [answer.status_code for answer in second] == [303, 303]
    assert len({first.location, *(answer.location for answer in second)}) == 2
    assert len(rows(funds, Pledge)) == 2


def test_a_second_pledge_says_its_amount_and_can_be_changed(client, funds):
    client.get("/give?lang=en")
    client.post("/give", data=GIVE)
    told = client.post("/give", data={**GIVE, "amount": "1,000"})
    assert "Make a second pledge of 1,000 baht?" in told.text
    changed = client.post("/give", data={**hidden(told.text), "step": "change"})
    assert changed.status_code == 200
    assert 'value="1,000"' in changed.text
    assert 'value="Aminah Sani"' in changed.text
    assert len(rows(funds, Pledge)) == 1


@pytest.mark.sqlite
def test_the_same_content_is_the_same_pledge_however_it_is_written(client, funds):
    first = client.post("/give", data=GIVE)
    for same in ({"amount": "๑๐๐.00"}, {"name": " Aminah  Sani"}, {"email": "AMINAH@example.org"}):
        answer = client.post("/give", data={**GIVE, **same})
        assert (answer.status_code, answer.location) == (303, first.location)


def test_two_tabs_at_once_make_one_pledge_and_one_question(app, funds):
    barrier = Barrier(2)

    def send(amount):
        barrier.wait()
        return app.test_client().post("/give", data={**GIVE, "amount": amount})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, ["100", "1,000"]))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert len(rows(funds, Pledge)) == 1


@pytest.mark.sqlite
def test_a_form_that_was_forged_shows_no_pledge_of_another_form(client, funds):
    """Only the form's own key finds its pledge."""
    pledge = make_pledge(idempotency_key="somebody's")
    answer = client.post("/give", data={**GIVE, "form_id": "mine"})
    assert answer.status_code == 303
    assert pledge.token not in answer.location


@pytest.mark.sqlite
@pytest.mark.parametrize("other", OTHER_PAYMENTS, ids=" ".join)
def test_another_payment_with_a_used_form_is_told_and_kept(officer, funds, other):
    first = officer.post("/payments/new", data=CASH)
    told = officer.post("/payments/new", data={**CASH, **other})
    assert told.status_code == 422
    page = unescape(told.text)
    assert "A payment of 500.00 baht was recorded already" in page
    assert f'href="{first.location}"' in page
    assert "Record as a second payment" in page
    for typed in {**CASH, **other}.values():
        assert typed in page or typed == "the-form"
    assert len(rows(funds, Payment)) == 1
    key = hidden(told.text)["form_id"]
    assert key != CASH["form_id"]
    second = officer.post("/payments/new", data={**CASH, **other, "form_id": key})
    assert second.status_code == 303
    assert len(rows(funds, Payment)) == 2


@pytest.mark.sqlite
def test_another_reference_is_another_payment(officer, funds):
    first, second = (make_pledge().instalments[0].reference for _ in range(2))
    data = {**CASH, "fund": "", "payer_name": ""}
    assert officer.post("/payments/new", data={**data, "reference": first}).status_code == 303
    told = officer.post("/payments/new", data={**data, "reference": second})
    assert told.status_code == 422
    assert second in told.text


@pytest.mark.sqlite
def test_after_a_reversal_the_form_records_again(officer, funds):
    make_payment(500)
    first = officer.post("/payments/new", data=CASH).location
    officer.post(f"{first}/reverse", data={"reason": "Counted twice"})
    assert officer.post("/payments/new", data={**CASH, "amount": "600"}).status_code == 303
