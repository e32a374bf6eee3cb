"""Who is responsible for a child, and handing children over between case managers of a district."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from fundapp import clock as time
from fundapp.access.permissions import Role
from fundapp.audit.checks.handovers import CHECKS
from fundapp.children import operations as children
from fundapp.children.handovers.models import ChildHandover, ChildManager
from fundapp.children.models import CloseReason
from fundapp.db import db, unit_of_work
from fundapp.identity.models import User, UserStatus
from tests.audit.tampering import tamper
from tests.factories.children import MUEANG, RAMAN, YAHA, consent_draft, make_child
from tests.factories.identity import make_user, sign_in
from tests.raw_sql import not_refused

NOTE = "ยายป่วย ให้โทรหาครูก่อนไปเยี่ยม"


@pytest.fixture
def supervisor(build_once, clock):
    return build_once("children/supervisor", lambda: make_user(Role.SUPERVISOR, (RAMAN,)))


@pytest.fixture
def other(build_once, clock):
    return build_once("handovers/other", lambda: make_user(Role.CASE_MANAGER, (RAMAN,)))


@pytest.fixture
def child(manager, build_once):
    return build_once("casework/child", lambda: make_child(manager, given_name="นูรี"))


def browser_of(app, user):
    client = app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client


def hand_over(client, child, to, words=NOTE):
    data = {"to": to.public_id, "words": words}
    return client.post(f"/children/{child.public_id}/handover", data=data)


def responsible(child):
    """Who was responsible, oldest first; a star for who is."""
    db.session.rollback()
    rows = db.session.scalars(
        select(ChildManager).where(ChildManager.child_id == child.id).order_by(ChildManager.id)
    )
    return [(row.manager_id, row.until_at is None) for row in rows]


def wrong():
    db.session.rollback()
    return [each for check in CHECKS for each in check.find()]


def leave(person):
    """This person is no case manager any more."""
    unit_of_work(db.session.execute, update(User).values(status=UserStatus.DISABLED).where(
        User.id == person.id
    ))  # fmt: skip


def test_a_child_goes_to_another_case_manager_who_takes_it(app, clock, manager, other, child):
    mine, theirs, url = (
        browser_of(app, manager),
        browser_of(app, other),
        f"/children/{child.public_id}",
    )
    entry = {"on_day": "20/11/2569", "due_on": "30/11/2569", "follow_up_words": "โทรหาครู"}
    assert mine.post(f"{url}/casework/follow_up", data=entry).status_code == 303
    assert child.code in mine.get("/children/due").text
    assert child.code not in theirs.get("/children/due").text
    assert child.code in theirs.get("/children/due?whose=all").text
    for to, words, sentence in (
        (other, " ", "should know"),
        (manager, NOTE, "not responsible already"),
        (make_user(Role.CASE_MANAGER, (YAHA,)), NOTE, "possibilities shown"),
    ):
        refused = hand_over(mine, child, to, words)
        assert (refused.status_code, sentence in refused.text) == (422, True), refused.text
    assert "Another case manager is responsible" in hand_over(theirs, child, other).text
    assert [hand_over(mine, child, other).status_code for _ in range(2)] == [303, 303]
    assert responsible(child) == [(manager.id, True)], "nothing changes until it is taken"
    assert "Children handed over to you" in theirs.get("/today").text
    assert child.code in theirs.get("/children/handovers").text
    assert NOTE in theirs.get(f"{url}/casework").text
    assert mine.post(f"{url}/handover/take").status_code == 303
    assert responsible(child) == [(manager.id, True)], "nobody takes what goes to another one"
    clock.move_to("2026-11-25 09:00")
    theirs = browser_of(app, other)
    assert [theirs.post(f"{url}/handover/take").status_code for _ in range(2)] == [303, 303]
    assert responsible(child) == [(manager.id, False), (other.id, True)]
    mine = browser_of(app, manager)
    assert child.code in theirs.get("/children/due").text, "what is due goes with the child"
    assert child.code not in mine.get("/children/due").text
    page = theirs.get(f"{url}/casework").text
    assert manager.display_name in page
    assert "taken over" in page
    assert len(db.session.scalars(select(ChildHandover)).all()) == 1
    assert wrong() == []


@pytest.mark.sqlite
def test_a_handover_can_come_to_nothing(app, manager, other, supervisor, child):
    mine, url = browser_of(app, manager), f"/children/{child.public_id}/handover/drop"
    stranger = browser_of(app, make_user(Role.CASE_MANAGER, (RAMAN,)))
    for user in (manager, other, supervisor):
        assert hand_over(mine, child, other).status_code == 303
        assert stranger.post(url).status_code == 403
        client = browser_of(app, user)
        assert [client.post(url).status_code for _ in range(2)] == [303, 303]
    assert responsible(child) == [(manager.id, True)]
    assert "not carried out" in mine.get(f"/children/{child.public_id}/casework").text


def test_when_somebody_leaves_a_supervisor_hands_all_over_at_once(
    app, manager, other, supervisor, child
):
    second, closed = make_child(manager), make_child(manager)
    actor = manager.as_actor()
    unit_of_work(children.close_child, closed.public_id, CloseReason.FINISHED, actor=actor)
    boss, theirs = browser_of(app, supervisor), browser_of(app, other)
    assert "without a case manager" not in boss.get("/today").text
    leave(manager)
    for client in (boss, theirs):
        assert "Children without a case manager" in client.get("/today").text
    assert "Nobody" in boss.get("/children/managers").text
    url = "/children/managers/none"
    page = boss.get(f"{url}?all=1").text
    assert [each.code in page for each in (child, second, closed)] == [True, True, False]
    assert page.count(" checked") == 2
    data = {"to": other.public_id, "words": NOTE}
    assert "at least one child" in boss.post(url, data=data).text
    data["children"] = [child.public_id, second.public_id]
    assert boss.post(url, data=data).status_code == 303
    assert theirs.post(url, data=data).status_code == 422
    assert responsible(child) == [(manager.id, True)]
    taken = {"children": [child.public_id, second.public_id]}
    assert theirs.post("/children/handovers", data=taken).status_code == 303
    assert responsible(second) == [(manager.id, False), (other.id, True)]
    assert responsible(closed) == [(manager.id, False)]
    assert "Children without a case manager" not in boss.get("/today").text
    assert child.code in boss.get(f"/children/managers/{other.public_id}").text
    assert wrong() == []


def test_whoever_finds_a_child_of_nobody_takes_it(app, manager, other, child):
    theirs, url = browser_of(app, other), f"/children/{child.public_id}/care"
    assert theirs.post(url).status_code == 303
    assert responsible(child) == [(manager.id, True)], "somebody is responsible already"
    leave(manager)
    assert theirs.post(url).status_code == 303
    assert responsible(child) == [(manager.id, False), (other.id, True)]


@pytest.mark.sqlite
def test_after_the_consent_has_ended_the_care_goes_on(app, clock, manager, other):
    consent = consent_draft(expires_on=time.today() + timedelta(days=1))
    child = make_child(manager, consents=(consent,), given_name="นูรีฮาน")
    clock.move_to("2026-12-01 10:00")
    mine, theirs, url = (
        browser_of(app, manager),
        browser_of(app, other),
        f"/children/{child.public_id}",
    )
    assert hand_over(mine, child, other).status_code == 303
    page = theirs.get(f"{url}/casework").text
    assert (NOTE in page, "นูรีฮาน" in page) == (True, False)
    assert theirs.post(f"{url}/handover/take").status_code == 303
    assert NOTE not in theirs.get(f"{url}/casework").text, "taken, and hidden like the rest"
    move = {"district": MUEANG, "words": "ย้ายไปอยู่กับตา"}
    assert theirs.post(f"{url}/move", data=move).status_code == 303
    taker = make_user(Role.CASE_MANAGER, (MUEANG,))
    there = browser_of(app, taker)
    assert "Children without a case manager" in there.get("/today").text
    page = there.get(f"{url}/casework").text
    assert ("ย้ายไปอยู่กับตา" in page, "นูรีฮาน" in page, NOTE in page) == (True, False, False)
    assert there.post(f"{url}/take").status_code == 303
    assert "ย้ายไปอยู่กับตา" not in there.get(f"{url}/casework").text
    assert responsible(child) == [
        (manager.id, False), (other.id, False), (None, False), (taker.id, True),
    ]  # fmt: skip
    assert wrong() == []


BROKEN = {
    "two are responsible": (
        "INSERT INTO child_managers (id, child_id, district_code, manager_id, since_at)"
        " SELECT 1, child_id, district_code, manager_id, since_at FROM child_managers"
    ),
    "another one": "UPDATE child_managers SET manager_id = NULL",
    "again": "UPDATE child_managers SET until_at = NULL",
    "history taken away": "DELETE FROM child_managers",
    "another receiver": "UPDATE child_handovers SET to_id = asked_by_id",
    "taken by another one": (
        "UPDATE child_handovers SET is_taken = true, settled_at = asked_at,"
        " settled_by_id = asked_by_id"
    ),
    "responsible by a hand-over that waits": (
        "INSERT INTO child_managers"
        " (id, child_id, district_code, manager_id, handover_id, since_at)"
        " SELECT 1, h.child_id, '9506', h.to_id, h.id, h.asked_at FROM child_handovers h"
    ),
    "words in clear": "UPDATE child_handovers SET words_encrypted = 'read me'",
    "handover taken away": "DELETE FROM child_handovers",
}


@pytest.fixture
def handed(app, manager, other, child, build_once):
    """One hand-over waits, and one responsibility has ended."""

    def make():
        closed = make_child(manager)
        actor = manager.as_actor()
        unit_of_work(children.close_child, closed.public_id, CloseReason.FINISHED, actor=actor)
        assert hand_over(browser_of(app, manager), child, other).status_code == 303

    build_once("handovers/handed", make)


def test_the_database_refuses(handed):
    assert not_refused(BROKEN.values()) == []


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE child_managers SET district_code = '{YAHA}'",
        "DELETE FROM child_managers WHERE until_at IS NULL",
        "UPDATE child_managers SET handover_id = (SELECT id FROM child_handovers)"
        " WHERE until_at IS NULL",
    ],
)
def test_the_check_tells_what_is_wrong(handed, statement):
    assert wrong() == []
    tamper("child_managers", statement)
    assert wrong()


@pytest.mark.sqlite
def test_a_handover_that_nobody_took_is_told(handed):
    tamper(
        "child_handovers",
        "UPDATE child_handovers SET is_taken = true, settled_at = asked_at, settled_by_id = to_id",
    )
    assert wrong()
