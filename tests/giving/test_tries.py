"""Many people share one address and may all give; a program that sends forms is stopped."""

import re

import pytest
from sqlalchemy import func, select

from fundapp.giving.models import Pledge
from tests.giving.test_give_page import RIGHT

pytestmark = pytest.mark.sqlite


@pytest.fixture
def english(client, funds):
    client.set_cookie("lang", "en")
    return client


def opened(client):
    """What a form that is opened now carries."""
    page = client.get("/give").text
    return re.search(r'name="opened"[^>]*value="([^"]+)"', page)[1]


def give(client, clock, number, seconds=40, **changes):
    """One person opens the form, types for a while and sends it."""
    stamp = opened(client)
    clock.shift(seconds)
    person = {"name": f"Giver {number}", "email": f"giver{number}@example.org"}
    return client.post("/give", data={**RIGHT, **person, "opened": stamp, **changes})


def pledges(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(Pledge))


def test_two_hundred_people_of_one_mosque_give_within_an_hour(app, funds, clock):
    answers = [give(app.test_client(), clock, number, 15).status_code for number in range(200)]
    assert answers == [303] * 200
    assert pledges(funds) == 200


def test_a_program_that_types_nothing_is_stopped_at_the_eleventh(app, funds, clock):
    answers = [give(app.test_client(), clock, n, seconds=1).status_code for n in range(12)]
    assert answers == [303] * 10 + [429] * 2
    assert give(app.test_client(), clock, "human").status_code == 303


@pytest.mark.parametrize("stamp", ["", "made-up", "WyJ4Il0.Z.x", "a" * 5000])
def test_a_stamp_that_is_not_ours_is_no_typing(app, client, funds, clock, stamp):
    answers = [give(client, clock, n, opened=stamp).status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


def test_one_opened_form_is_not_sent_for_ever(client, funds, clock):
    stamp = opened(client)
    clock.shift(60)
    answers = [give(client, clock, n, 0, opened=stamp).status_code for n in range(17)]
    assert answers == [303] * 15 + [429] * 2, "five with the form, ten without"


def test_a_spoofed_address_does_not_help(client, funds):
    def post(number):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        email = f"giver{number}@example.org"
        return client.post("/give", data={**RIGHT, "email": email}, headers=headers).status_code

    assert [post(number) for number in range(11)] == [303] * 10 + [429]


def test_very_small_gifts_are_few(app, client, funds, clock):
    app.config["LIMIT_PLEDGE_SMALL"] = "3 per hour"
    answers = [give(client, clock, n, amount="19.99").status_code for n in range(4)]
    assert answers == [303] * 3 + [429]
    assert give(client, clock, "twenty", amount="20").status_code == 303


def test_one_mailbox_gets_few_messages_from_anywhere(app, english, funds, clock):
    app.config["LIMIT_PLEDGE_EMAIL"] = "2 per hour"
    mine = {"email": "Aminah@Example.org"}
    assert [give(english, clock, n, **mine).status_code for n in range(2)] == [303] * 2
    refused = give(english, clock, 3, **mine)
    assert refused.status_code == 429
    assert "or leave the address empty" in refused.text
    assert give(english, clock, 4, email="").status_code == 303


def test_a_refused_form_keeps_what_was_typed_and_says_the_true_time(app, english, funds, clock):
    app.config["LIMIT_PLEDGE"] = "1 per hour"
    give(english, clock, 1)
    clock.shift(48 * 60)
    refused = give(english, clock, 2, name="อามีนะห์ สมมุติ", amount="1,234.50")
    assert refused.status_code == 429
    assert "Try again in 12 minutes." in refused.text
    assert refused.headers["Retry-After"] == "720"
    for typed in ("อามีนะห์ สมมุติ", "1,234.50", "giver2@example.org"):
        assert typed in refused.text
    clock.shift(719 - 40)
    clock.shift(40)
    assert give(english, clock, 3, 2, opened="").status_code == 303


def test_a_refused_try_counts_against_no_limit(app, client, funds, clock):
    """Else whoever tries again and again would wait longer and longer."""
    app.config.update(LIMIT_PLEDGE="5 per hour", LIMIT_PLEDGE_EMAIL="1 per hour")
    for number in range(4):
        give(client, clock, number, email="a@example.org")
    answers = [give(client, clock, number).status_code for number in range(5)]
    assert answers == [303] * 4 + [429]


def test_the_longest_of_the_waits_is_said(app, english, funds, clock):
    app.config.update(LIMIT_PLEDGE="1 per minute", LIMIT_PLEDGE_EMAIL="1 per hour")
    mine = {"email": "a@example.org"}
    give(english, clock, 1, **mine)
    refused = give(english, clock, 2, 30, **mine)
    assert refused.headers["Retry-After"] == "3600"
    assert "60 minutes" in refused.text


def test_what_a_program_fills_in_is_refused_and_a_person_sends_it_again(english, funds, clock):
    refused = give(english, clock, 1, website="https://spam.example")
    assert refused.status_code == 422
    assert "A program seems to have filled in this form." in refused.text
    assert "Giver 1" in refused.text
    assert "spam.example" not in refused.text
    assert pledges(funds) == 0
    assert give(english, clock, 1).status_code == 303


def test_the_question_in_between_keeps_the_time_of_the_form(english, funds, clock):
    """Who confirms at once has typed all the same."""
    asked = give(english, clock, 1, frequency="monthly", instalments="3", step="ask")
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))
    assert carried["opened"]
    answers = [
        english.post("/give", data={**carried, "form_id": str(n), "step": "make"}).status_code
        for n in range(5)
    ]
    assert answers == [303] * 5


def test_the_hidden_field_is_not_shown(client, funds):
    page = client.get("/give").text
    assert re.search(r'<div hidden><input name="website"', page)
    assert page.count('name="opened"') == 1
