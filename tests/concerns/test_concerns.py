"""Concerns: told without an account, read and answered by who may, found again by a code."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.actors import VISITOR
from fundapp.access.permissions import Role
from fundapp.concerns.errors import ConcernStateError, NotConcernOwnerError
from fundapp.concerns.models import Concern, ConcernAction, ConcernKind, ConcernStatus
from fundapp.concerns.operations import handle_concern
from fundapp.concerns.policy import may_handle, may_read_concern
from fundapp.concerns.queries import (
    count_waiting_concerns,
    find_keepers,
    lacks_keepers,
    list_concerns,
)
from fundapp.concerns.workflow import next_concern_status
from fundapp.db import unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from tests.factories.actors import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    MANAGER,
    OFFICER,
    SUPERVISOR,
)
from tests.factories.concerns import make_concern, make_keepers
from tests.factories.identity import make_user, sign_in

WORDS = "The teacher of Canary hits children"
CONTACT = "canary@example.org"
#: From each state, what each action leads to; every other pair is refused.
NEXT = {
    "new": {"take": "in_work", "reply": "new", "restrict": "new"},
    "in_work": {
        "take": "in_work", "note": "in_work", "answer": "answered", "reply": "in_work",
        "restrict": "in_work",
    },
    "answered": {
        "take": "in_work", "note": "answered", "answer": "answered", "reply": "in_work",
        "close": "closed", "restrict": "in_work",
    },
    "closed": {"reply": "in_work", "reopen": "in_work"},
}  # fmt: skip


def tell(kind=ConcernKind.MONEY):
    return make_concern(kind, WORDS, CONTACT)


def handle(number, action, actor, words="Words"):
    key = f"{action}{actor.ref}{words}"
    return unit_of_work(handle_concern, number, action, words, key=key, actor=actor)


@pytest.mark.sqlite  # A rule without a database.
def test_every_state_action_and_role():
    for status in ConcernStatus:
        for action in ConcernAction:
            wanted = NEXT[status.value].get(action.value)
            if wanted is None:
                with pytest.raises(ConcernStateError):
                    next_concern_status(status, action)
            else:
                assert next_concern_status(status, action).value == wanted
    actors = {
        "administrator": ADMINISTRATOR, "approver": APPROVER, "auditor": AUDITOR,
        "manager": MANAGER, "officer": OFFICER, "supervisor": SUPERVISOR, "visitor": VISITOR,
    }  # fmt: skip
    for kind in ConcernKind:
        concern = Concern(kind=kind)
        safety = kind is ConcernKind.CHILD_SAFETY
        two = {"approver", "supervisor"}
        # An administrator is not of a role that can be named, whatever a row says.
        for keepers in (two, {"supervisor", "administrator"}, set()):
            named = keepers & two
            readers = {n for n, each in actors.items() if may_read_concern(each, concern, keepers)}
            handlers = {n for n, each in actors.items() if may_handle(each, concern, keepers)}
            assert readers == (named if safety else {*two, "administrator", "auditor"}), kind
            assert handlers == (named if safety else {*two, "administrator"}), kind


def test_only_the_two_people_who_were_named_read_a_restricted_concern(session):
    _code, number = tell(ConcernKind.CHILD_SAFETY)
    _code, money = tell(ConcernKind.MONEY)
    assert lacks_keepers()
    assert count_waiting_concerns(SUPERVISOR) == 1
    people = [each.as_actor() for each in make_keepers()]
    assert not lacks_keepers()
    first, second = people
    for actor in (ADMINISTRATOR, AUDITOR, SUPERVISOR, APPROVER):
        with pytest.raises(NotFoundError):
            handle(number, ConcernAction.TAKE, actor)
        kinds = {concern.kind for concern in list_concerns(None, None, actor=actor).rows}
        assert kinds == {ConcernKind.MONEY}
    assert [count_waiting_concerns(each) for each in (ADMINISTRATOR, *people)] == [1, 2, 2]
    handle(number, ConcernAction.TAKE, first)
    with pytest.raises(NotConcernOwnerError):
        handle(number, ConcernAction.ANSWER, second)
    assert count_waiting_concerns(second) == 1
    with pytest.raises(ForbiddenError):
        handle(money, ConcernAction.TAKE, AUDITOR)
    # What was told under another heading is restricted by whoever sees what it is about.
    handle(money, ConcernAction.TAKE, ADMINISTRATOR)
    handle(money, ConcernAction.RESTRICT, ADMINISTRATOR, "")
    with pytest.raises(NotFoundError):
        handle(money, ConcernAction.NOTE, ADMINISTRATOR)
    assert count_waiting_concerns(second) == 1, "whoever restricted it looks into it no more"
    # Other people: what the one before had taken over waits for them.
    others = [each.as_actor() for each in make_keepers()]
    with pytest.raises(NotFoundError):
        handle(number, ConcernAction.NOTE, first)
    assert [count_waiting_concerns(each) for each in others] == [2, 2]
    handle(number, ConcernAction.TAKE, others[0])
    with pytest.raises(DBAPIError, match="only the two people"):
        unit_of_work(
            session.execute,
            text(
                "INSERT INTO concern_steps SELECT 1, concern_id, 'take', status, NULL, :by,"
                " done_at, 'k' FROM concern_steps WHERE action = 'take' AND done_by = :other"
            ),
            {"by": first.ref, "other": others[0].ref},
        )


@pytest.mark.sqlite
def test_two_people_are_proposed_on_a_page_and_named_by_another(session, client):
    supervisor, approver = make_user(Role.SUPERVISOR, ("9506",)), make_user(Role.APPROVER)
    one, other = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    client.set_cookie("lang", "en")
    sign_in(client, one)
    assert "Nobody reads what is told" in client.get("/today").text
    page = client.get("/settings/concern-keepers").text
    version = re.search(r'name="version"[^>]* value="([^"]*)"', page)[1]
    data = {"first": supervisor.public_id, "version": version}
    for second in ("", supervisor.public_id, one.public_id):
        refused = client.post("/settings/concern-keepers", data={**data, "second": second})
        assert refused.status_code == 422, second
    sent = client.post("/settings/concern-keepers", data={**data, "second": approver.public_id})
    sign_in(client, other)
    proposal = client.get(sent.location).text
    assert approver.name in proposal
    assert client.post(f"{sent.location}/confirm").status_code == 303
    assert "Nobody reads what is told" not in client.get("/today").text
    trail = client.get("/audit/trail").text
    assert "People who read restricted concerns named" in trail
    assert find_keepers() == {supervisor.public_id, approver.public_id}


def test_what_was_told_stays_and_is_not_in_clear(session):
    code, number = tell()
    handle(number, ConcernAction.TAKE, SUPERVISOR, "")
    make_keepers()
    rows = [
        *session.execute(text("SELECT * FROM concerns")),
        *session.execute(text("SELECT * FROM concern_steps")),
    ]
    assert not any(secret in str(rows) for secret in ("Canary", CONTACT, code))
    for statement in (
        "DELETE FROM concern_steps",
        "DELETE FROM concerns",
        "UPDATE concerns SET kind = 'other'",
        "UPDATE concerns SET status = 'new', owner = NULL",
        "UPDATE concern_steps SET action = 'answer'",
        "INSERT INTO concern_steps SELECT 1, concern_id, 'close', 'closed', NULL, 'x', done_at, 'k'"
        " FROM concern_steps WHERE action = 'tell'",
        "INSERT INTO concern_steps SELECT 1, concern_id, 'answer', 'in_work', NULL, 'x', done_at,"
        " 'k' FROM concern_steps WHERE action = 'tell'",
        "UPDATE concerns SET owner = NULL",
        "DELETE FROM concern_keepers",
        "UPDATE concern_keepers SET first_id = second_id",
        "UPDATE concern_keepers SET named_at = named_at",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(session.execute, text(statement))


@pytest.mark.sqlite
def test_told_in_three_languages_answered_and_found_by_its_code(session, client):
    for lang, sentence in (("th", "</form>"), ("ms", "</form>"), ("en", "What happened?")):
        client.set_cookie("lang", lang)
        assert sentence in client.get("/concerns").text
    data = {"kind": "money", "words": WORDS, "contact": CONTACT, "form_id": "once"}
    refused = client.post("/concerns", data={**data, "kind": ""})
    assert refused.status_code == 422
    assert WORDS in refused.text
    told = client.post("/concerns", data=data).text
    code = re.search(r'id="code">([^<]+)<', told)[1]
    assert code in client.post("/concerns", data=data).text, "a second click loses nothing"
    changed = client.post("/concerns", data={**data, "words": "Something else"})
    assert changed.status_code == 422
    assert code not in changed.text
    assert client.get("/concerns/list").status_code in (302, 303, 401)
    sign_in(client, make_user(Role.SUPERVISOR, ("9506",)))
    assert "Concerns that wait for you" in client.get("/today").text
    page = client.get("/concerns/list?status=waiting").text
    number = re.search(r"CN[0-9A-Z]{13}", page)[0]
    address = f"/concerns/list/{number}"
    page = client.get(address).text
    assert WORDS in page
    assert CONTACT in page
    assert client.post(f"{address}/answer", data={"words": "x", "form_id": "0"}).status_code == 422
    for action, words in (("take", ""), ("note", "Secret note"), ("answer", "We found it")):
        sent = client.post(f"{address}/{action}", data={"words": words, "form_id": action})
        assert sent.status_code == 303
    assert client.post(f"{address}/tell", data={"words": "x"}).status_code == 404
    sign_in(client, make_user(Role.AUDITOR))
    trail = client.get("/audit/trail").text
    assert "Concern read" in trail
    assert "Concern answered" in trail
    client.delete_cookie("sid")
    wrong = client.post("/concerns/answer", data={"code": "AAAA"})
    assert "There is nothing with this code" in wrong.text
    found = client.post("/concerns/answer", data={"code": f" {code.lower()} "}).text
    assert WORDS in found
    assert "We found it" in found
    assert "Secret note" not in found
    assert CONTACT not in found
    more = {"code": code, "words": "It happened again", "form_id": "more"}
    assert "It happened again" in client.post("/concerns/reply", data=more).text
    session.rollback()
    assert session.query(Concern).one().status is ConcernStatus.IN_WORK


@pytest.mark.sqlite
def test_one_address_tells_few_concerns_in_an_hour(app, client):
    app.config.update(RATELIMIT_ENABLED=True, LIMIT_CONCERN="2 per hour")
    data = {"kind": "other", "words": WORDS}
    for number in range(3):
        sent = client.post("/concerns", data={**data, "form_id": str(number)})
    assert sent.status_code == 429
    assert WORDS in sent.text
