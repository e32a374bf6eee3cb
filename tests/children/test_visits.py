"""Visits that a phone sends: what the server does with them (tests/browser has the phone)."""

import io

import pytest
from sqlalchemy import func, select

from fundapp.access.permissions import Role
from fundapp.children.casework.models import CaseEntry
from fundapp.db import db
from fundapp.documents.models import Document
from tests.documents.pictures import picture
from tests.factories.children import MUEANG, RAMAN, make_child
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def children(manager, build_once):
    return build_once("visits/children", lambda: [make_child(manager), make_child(manager)])


def send(client, code, photos=1, **changes):
    data = {
        "form_id": "draft-1",
        "code": code,
        "on_day": "20/11/2569",
        "visit_met": "ยายของเด็ก",
        "document": [(io.BytesIO(picture(size=(60, 40 + n))), "a.jpg") for n in range(photos)],
    }
    return client.post("/visits/draft", data=data | changes)


def written():
    db.session.rollback()
    counts = (func.count(CaseEntry.id), func.count(CaseEntry.child_id.distinct()))
    papers = db.session.scalar(select(func.count(Document.id)))
    return (*db.session.execute(select(*counts)).one(), papers)


def test_a_draft_is_written_once_to_one_child(app, manager, children):
    client = app.test_client()
    sign_in(client, manager)
    client.set_cookie("lang", "en")
    child, other = children
    outsider = make_child(make_user(Role.CASE_MANAGER, (MUEANG,)), district_code=MUEANG)
    for code, changes, sentence in [
        ("", {}, "Enter the child's code."),
        ("C-AAAAAAA", {}, "No child of your districts has this code."),
        (outsider.code, {}, "No child of your districts has this code."),
        (child.code, {"visit_met": ""}, "Write what happened."),
        (child.code, {"photos": 4}, "Choose 3 files at most."),
        (child.code, {"document": (io.BytesIO(b"no picture"), "a.jpg")}, "Photographs"),
    ]:
        answer = send(client, code, **changes)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert written() == (0, 0, 0)
    for _ in range(2):
        answer = send(client, child.code.lower(), photos=3)
        assert answer.status_code == 201
        assert child.code in answer.text
    answer = send(client, other.code)
    assert answer.status_code == 422
    assert "into the file of another child already" in answer.text
    assert written() == (1, 1, 3)


@pytest.mark.sqlite
def test_the_key_is_of_one_person_and_the_page_of_nobody(app, manager):
    client, other = app.test_client(), app.test_client()
    assert client.get("/visits/key").status_code == 302
    page = client.get("/visits/draft", headers={"Accept-Language": "th"})
    sign_in(client, manager)
    sign_in(other, make_user(Role.CASE_MANAGER, (RAMAN,)))
    keys = [each.get("/visits/key").json["key"] for each in (client, client, other)]
    assert keys[0] == keys[1] != keys[2]
    assert client.get("/visits/draft").text.split("<body")[1].count("form_id") == 0
    assert client.get("/visits/draft").text == page.text
    worker = client.get("/visits/worker.js")
    assert "javascript" in worker.content_type
    auditor = app.test_client()
    sign_in(auditor, make_user(Role.AUDITOR))
    assert auditor.get("/visits/key").status_code == 403
