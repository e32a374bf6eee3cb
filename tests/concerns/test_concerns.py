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
from fundapp.concerns.queries import count_waiting_concerns, list_concerns
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
from tests.factories.concerns import make_concern
from tests.factories.identity import make_user, sign_in

WORDS = "The teacher of Canary hits children"
CONTACT = "canary@example.org"
#: From each state, what each action leads to; every other pair is refused.
NEXT = {
    "new": {"take": "in_work", "reply": "new"},
    "in_work": {"take": "in_work", "note": "in_work", "answer": "answered", "reply": "in_work"},
    "answered": {
        "note": "answered", "answer": "answered", "reply": "in_work", "close": "closed",
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
        readers = {name for name, actor in actors.items() if may_read_concern(actor, concern)}
        handlers = {name for name, actor in actors.items() if may_handle(actor, concern)}
        two = {"approver", "supervisor"}
        assert readers == (two if safety else {*two, "administrator", "auditor"}), kind
        assert handlers == (two if safety else {*two, "administrator"}), kind


def test_only_two_roles_know_of_a_concern_about_a_childs_safety(session):
    _code, number = tell(ConcernKind.CHILD_SAFETY)
    tell(ConcernKind.MONEY)
    for actor in (ADMINISTRATOR, AUDITOR):
        with pytest.raises(NotFoundError):
            handle(number, ConcernAction.TAKE, actor)
        kinds = {concern.kind for concern in list_concerns(None, None, actor=actor).rows}
        assert kinds == {ConcernKind.MONEY}
    assert count_waiting_concerns(ADMINISTRATOR) == 1
    assert count_waiting_concerns(SUPERVISOR) == 2
    handle(number, ConcernAction.TAKE, SUPERVISOR)
    with pytest.raises(NotConcernOwnerError):
        handle(number, ConcernAction.ANSWER, APPROVER)
    assert count_waiting_concerns(APPROVER) == 1
    money = list_concerns(None, None, actor=AUDITOR).rows[0].number
    with pytest.raises(ForbiddenError):
        handle(money, ConcernAction.TAKE, AUDITOR)


def test_what_was_told_stays_and_is_not_in_clear(session):
    code, number = tell()
    handle(number, ConcernAction.TAKE, SUPERVISOR, "")
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
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(session.execute, text(statement))


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


def test_one_address_tells_few_concerns_in_an_hour(app, client):
    app.config.update(RATELIMIT_ENABLED=True, LIMIT_CONCERN="2 per hour")
    data = {"kind": "other", "words": WORDS}
    for number in range(3):
        sent = client.post("/concerns", data={**data, "form_id": str(number)})
    assert sent.status_code == 429
    assert WORDS in sent.text
