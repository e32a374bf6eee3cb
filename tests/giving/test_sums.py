"""What a pledge comes to is said before it is made, asked back once, changed in its own unit."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from fundapp.giving.labels import pledge_sum
from fundapp.giving.models import Frequency, Pledge
from fundapp.giving.queries import get_pledge
from fundapp.giving.schedule import amounts

pytestmark = pytest.mark.sqlite

FORM = {
    "amount": "500", "fund": "GENERAL", "frequency": "monthly", "instalments": "12",
    "name": "Aminah Sani", "email": "aminah@example.org", "method": "promptpay", "form_id": "one",
    "amount_is": "each", "step": "ask",
}  # fmt: skip
SUMS = [
    ({}, "500 × 12 months = 6,000 baht", [50_000] * 12),
    ({"amount": "๕๐๐.๕๐", "instalments": "๒"}, "500.50 × 2 months = 1,001 baht", [50_050] * 2),
    ({"frequency": "term", "instalments": "4"}, "500 × 4 school terms = 2,000 baht", [50_000] * 4),
    ({"frequency": "yearly", "instalments": "3"}, "500 × 3 years = 1,500 baht", [50_000] * 3),
    (
        {"amount": "1,000", "instalments": "3", "amount_is": "total"},
        "333.34 × 1 + 333.33 × 2 = 1,000 baht",
        [33_334, 33_333, 33_333],
    ),
    (
        {"amount": "900", "instalments": "3", "amount_is": "total"},
        "300 × 3 months = 900 baht",
        [30_000] * 3,
    ),
    (
        {"instalments": ""},
        "500 baht every month until you stop: 6,000 in a year",
        [50_000] * 12,
    ),
]


@pytest.fixture(autouse=True)
def english(client, funds):
    """A browser that reads English."""
    client.set_cookie("lang", "en")


def count(session):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Pledge))


def hidden(page):
    form = page[page.index('<form method="post" class="form-block"') :]
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}


def test_each_time_is_what_the_page_means(client):
    page = client.get("/give").text
    assert re.search(r'checked[^>]*id="amount_is-0"[^>]*value="each"', page)
    assert 'name="step" type="hidden" value="ask"' in page


@pytest.mark.parametrize(("changes", "sentence", "satang"), SUMS)
def test_the_sum_is_asked_back_and_then_pledged(client, funds, changes, sentence, satang):
    asked = client.post("/give", data={**FORM, **changes})
    assert asked.status_code == 200
    assert sentence in asked.text
    assert count(funds) == 0, "nothing is pledged yet"
    answers = [client.post("/give", data={**hidden(asked.text), "step": "make"}) for _ in range(2)]
    assert answers[0].status_code == 303
    assert answers[0].location == answers[1].location
    pledge = get_pledge(answers[0].location.removeprefix("/pledges/"))
    assert [row.amount_satang for row in pledge.instalments] == satang


def test_who_meant_something_else_changes_it(client, funds):
    asked = client.post("/give", data={**FORM, "amount": "6,000"})
    assert "6,000 × 12 months = 72,000 baht" in asked.text
    page = client.post("/give", data={**hidden(asked.text), "step": "change"}).text
    for kept in ('value="6,000"', 'value="12"', 'value="Aminah Sani"', 'value="one"'):
        assert kept in page
    assert 'name="step" type="hidden" value="ask"' in page
    asked = client.post("/give", data={**FORM, "amount": "6,000", "amount_is": "total"})
    assert "500 × 12 months = 6,000 baht" in asked.text
    assert count(funds) == 0


def test_one_gift_is_not_asked_back(client):
    for changes in ({"frequency": "once", "instalments": ""}, {"instalments": "1"}):
        answer = client.post("/give", data={**FORM, **changes, "form_id": str(changes)})
        assert answer.status_code == 303


def test_mistakes_come_before_the_question(client, funds):
    wrong = client.post("/give", data={**FORM, "amount": "1e3"})
    assert wrong.status_code == 422
    assert "Is this what you mean?" not in wrong.text
    late = client.post("/give", data={**FORM, "amount": "1e3", "step": "make"})
    assert 'name="step" type="hidden" value="ask"' in late.text, "it is asked again"
    assert count(funds) == 0


def test_a_program_that_names_no_unit_gives_a_total_at_once(client):
    """As before the page asked."""
    old = {name: value for name, value in FORM.items() if name not in {"amount_is", "step"}}
    answer = client.post("/give", data={**old, "amount": "1,000", "instalments": "3"})
    assert answer.status_code == 303
    pledge = get_pledge(answer.location.removeprefix("/pledges/"))
    assert [row.amount_satang for row in pledge.instalments] == [33_334, 33_333, 33_333]


@pytest.mark.parametrize(
    ("unit", "hint", "shown", "new", "satang"),
    [
        ("each", "The new amount each time.", "500.00", "300", [30_000] * 12),
        ("total", "The new total, with what is already paid.", "6,000.00", "3,600", [30_000] * 12),
    ],
)
def test_a_change_is_asked_in_the_unit_of_the_pledge(client, funds, unit, hint, shown, new, satang):
    form = {**FORM, "amount_is": unit, "amount": "500" if unit == "each" else "6,000"}
    url = client.post("/give", data={**form, "step": "make"}).location
    page = client.get(url).text
    assert hint in page
    assert f'value="{shown}"' in page
    assert ("500 × 12 months = 6,000 baht" in page) is (unit == "each")
    changed = client.post(f"{url}/change", data={"amount": new, "starts_on": "1/12/2569"})
    assert changed.status_code == 303
    funds.expire_all()
    pledge = get_pledge(url.removeprefix("/pledges/"))
    assert [row.amount_satang for row in pledge.instalments] == satang
    assert pledge.amount_satang == sum(satang)


@given(st.integers(1, 10**9), st.integers(2, 600))
def test_the_parts_of_a_total_add_up_and_differ_by_a_satang(total, times):
    if total < times:
        return
    parts = amounts(total, times)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


def test_a_sum_of_three_amounts_is_left_to_the_schedule(app):
    with app.test_request_context():
        assert pledge_sum(Frequency.MONTHLY, [1, 2, 3], is_counted=True) == ""
        assert pledge_sum(Frequency.ONCE, [1], is_counted=True) == ""
