"""Auditors from outside: two people give them a last day, after which every session is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.checks import CHECKS, Run
from fundapp.db import db, unit_of_work
from fundapp.identity.queries import get_user
from fundapp.identity.role_rows import ROLES
from tests.factories.identity import agree, make_outside_auditor, make_user, sign_in

TODAY = date(2026, 11, 24)


def test_two_people_give_an_auditor_a_last_day(app, client, clock):
    with app.app_context():
        one, other = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
        person = make_user(Role.DONOR, name="Outside Auditor").public_id
    client.set_cookie("lang", "en")
    sign_in(client, one)
    address = f"/users/{person}/roles"
    sent = {"version": "donor", "roles": ["auditor"], "until": "30/11/2026"}
    for wrong in ({"until": "23/11/2026"}, {"until": "1/1/2028"}, {"roles": ["donor"]}):
        page = client.post(address, data={**sent, **wrong})
        assert page.status_code == 422, wrong
        assert "Only an auditor has a last day" in page.text, wrong
    assert client.post(address, data={**sent, "until": "31/31/2026"}).status_code == 422
    assert client.post(address, data=sent).status_code == 303
    with app.app_context():
        assert get_user(person).role_set() == {Role.DONOR}
    sign_in(client, other)
    waiting = client.get(f"/users/{person}").text
    proposal = waiting.partition('href="/proposals/')[2].partition('"')[0]
    assert "30 Nov 2026" in client.get(f"/proposals/{proposal}").text.replace("November", "Nov")
    assert client.post(f"/proposals/{proposal}/confirm").status_code == 303
    users = client.get("/users").text
    assert "until" in users
    assert "Auditors whose access ends within 14 days" in client.get("/today").text

    with app.app_context():
        auditor = get_user(person)
        browsers = [app.test_client() for _each in range(2)]
        for browser in browsers:
            sign_in(browser, auditor)
            browser.set_cookie("lang", "en")
    assert browsers[0].get("/audit/journal").status_code == 200
    assert "Your access as an auditor ends on" in browsers[0].get("/today").text
    clock.shift(timedelta(days=6))  # the last day
    for browser in browsers:
        sign_in(browser, auditor)
        assert browser.get("/audit/journal").status_code == 200
    clock.shift(timedelta(days=1))
    for browser in browsers:
        sign_in(browser, auditor)
    assert [browser.get("/audit/journal").status_code for browser in browsers] == [403, 403]
    assert "ended on" in browsers[0].get("/today").text
    sign_in(client, other)
    assert "ended on" in client.get("/users").text
    assert "it opens nothing any more" in client.get(f"/users/{person}").text


@pytest.mark.sqlite
def test_a_session_over_midnight_is_refused_at_once(app, client, clock):
    """Without signing in again: what a session may do is asked at each request."""
    with app.app_context():
        auditor = make_outside_auditor(days=0)
    clock.move_to(datetime(2026, 11, 24, 16, 55, tzinfo=UTC))  # 23.55 in Thailand
    sign_in(client, auditor)
    assert client.get("/audit/journal").status_code == 200
    clock.shift(timedelta(minutes=6))
    assert client.get("/audit/journal").status_code == 403


def test_another_last_day_takes_two_people_and_stays_what_they_gave(session, clock):
    auditor = make_outside_auditor(days=5)
    for days in (9, 3):
        make_outside_auditor(days, auditor)
        session.expire_all()
        assert get_user(auditor.public_id).last_days() == {
            Role.AUDITOR: TODAY + timedelta(days=days)
        }
    assert not any(Run().find(_check()))
    for statement in (
        "UPDATE role_endings SET ends_on = '2027-11-24'",
        "DELETE FROM role_endings",
        "INSERT INTO role_endings SELECT id, 'auditor', '2027-11-24', (SELECT max(id) FROM"
        " proposals) FROM users WHERE id NOT IN (SELECT user_id FROM user_roles WHERE"
        " role = 'auditor')",
        "INSERT INTO role_endings SELECT user_id, 'donor', ends_on, proposal_id FROM role_endings",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))
    # The role given anew by hand, with the old proposal and without its last day.
    unit_of_work(_give_again)
    assert [each.ref for each in Run().find(_check())] == [auditor.public_id]
    agree(ROLES, auditor.public_id, {"auditor": [], "until": "2026-11-25"})
    session.expire_all()
    assert not any(Run().find(_check()))


def _give_again():
    db.session.execute(
        text("CREATE TEMPORARY TABLE kept AS SELECT * FROM user_roles WHERE role = 'auditor'")
    )
    db.session.execute(text("DELETE FROM user_roles WHERE role = 'auditor'"))
    db.session.execute(text("INSERT INTO user_roles SELECT * FROM kept"))


def _check():
    return next(check for check in CHECKS if check.name == "audit.access")
