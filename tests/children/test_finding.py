"""Children are found by name though names are encrypted; files of one child are noticed while it is
registered, among all files, and are merged and told apart again.
"""

import json
from datetime import date

import pytest
from sqlalchemy import select, text

from fundapp.access.actors import WORKER
from fundapp.access.permissions import Role
from fundapp.children import errors, operations, queries
from fundapp.children.comparing import person_of, write_name_keys
from fundapp.children.encryption import encrypt
from fundapp.children.models import Child, ChildNameKey, ChildStatus, Purpose
from fundapp.children.open_files import find_wrong_counts
from fundapp.children.verification import find_wrong_lookups
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.trail.models import AuditEvent, ChildRead
from tests.factories.children import RAMAN, YAHA, make_child
from tests.factories.identity import give, make_user, sign_in
from tests.raw_sql import not_refused

NOORI = {"given_name": "นูรี", "family_name": "สมมุติวงศ์", "birth_on": date(2016, 6, 24)}
WHY = "Asked both families."


@pytest.fixture
def supervisor(build_once, clock):
    return build_once("children/supervisor", lambda: make_user(Role.SUPERVISOR, (RAMAN,)))


@pytest.fixture
def children(manager, build_once):
    """Four of Raman and one of Yaha, by their given names."""
    return build_once("children/found", lambda: make_children(manager))


def make_children(manager):
    return {
        "นูรี": make_child(manager, **NOORI),
        "อามีเนาะ": make_child(manager, given_name="อามีเนาะ", family_name="ดาราวงศ์"),
        "Muhammad": make_child(manager, given_name="Muhammad", family_name="Salaeh"),
        "สมชาย": make_child(manager, given_name="สมชาย", family_name="ใจดี"),
        "elsewhere": make_child(district_code=YAHA, given_name="ฟารีดา", family_name="ดารากูล"),
    }


def browser_of(app, user):
    client = app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client


def merge(client, child, other, reason=WHY):
    return client.post(
        f"/children/{child.public_id}/merge", data={"other_code": other.code, "reason": reason}
    )


def undo(client, child, reason=WHY):
    return client.post(f"/children/{child.public_id}/merge/undo", data={"reason": reason})


def status_of(child):
    db.session.expire_all()
    return db.session.get_one(Child, child.id).status


@pytest.mark.one_case
@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("นูรี", "นูรี"), ("นูรีย์ สมมุติวงค์", "นูรี"), ("nuri", "นูรี"), ("Noori Sommutiwong", "นูรี"),
        ("Aminoh", "อามีเนาะ"), ("อามีนะห์", "อามีเนาะ"), ("มูฮัมหมัด", "Muhammad"),
        ("มูฮำมัด สาและ", "Muhammad"), ("Somchai", "สมชาย"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_it_is_typed_or_sounds(app, manager, children, typed, given):
    db.session.rollback()
    before = db.session.query(ChildRead).count()
    page = browser_of(app, manager).post("/children/find", data={"id": typed})
    assert page.status_code == 200
    assert children[given].code in page.text
    reads = db.session.query(ChildRead).filter_by(purpose=str(Purpose.SEARCH)).all()
    shown = [child for child in children.values() if child.code in page.text]
    assert {read.child_ref for read in reads} == {child.public_id for child in shown}
    assert len(reads) == db.session.query(ChildRead).count() - before
    events = db.session.scalars(
        select(AuditEvent.note).where(AuditEvent.action == "children:child:look-up")
    ).all()
    assert events == [""]


@pytest.mark.one_case
@pytest.mark.parametrize("typed", ["ฟารีดา", "Farida", "นูรี ดาราวงศ์", "ไม่มีใคร", "x", "12 34"])
def test_nobody_else_is_found(app, manager, children, typed):
    """Not who is in another district, nor who has one of two words alone."""
    page = browser_of(app, manager).post("/children/find", data={"id": typed})
    assert page.status_code == 422
    assert "None of the children you may see has this name, number or code." in page.text


@pytest.mark.sqlite
def test_whose_consent_ended_is_found_by_nobody(app, manager, children):
    noori = children["นูรี"]
    consent = queries.get_child(noori.public_id, viewer=manager.as_actor()).consents[0].id
    actor = manager.as_actor()
    unit_of_work(operations.withdraw_consent, noori.public_id, consent, actor=actor)
    assert browser_of(app, manager).post("/children/find", data={"id": "นูรี"}).status_code == 422


def test_a_corrected_name_is_found_and_the_earlier_one_is_not(app, manager, children):
    client, child = browser_of(app, manager), children["สมชาย"]
    form = client.get(f"/children/{child.public_id}/edit").text
    assert "สมชาย" in form
    version = form.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    changed = {
        "given_name": "ปรีชา", "family_name": "ใจดี", "birth_on": "2559", "id_kind": "none",
        "id_number": "", "target_group": "at_risk", "version": version,
    }  # fmt: skip
    answer = client.post(f"/children/{child.public_id}/edit", data=changed)
    assert answer.status_code == 303, answer.text
    assert client.post("/children/find", data={"id": "Preecha"}).status_code == 200
    assert client.post("/children/find", data={"id": "สมชาย"}).status_code == 422
    page = client.get(f"/children/{child.public_id}").text
    assert "(the year alone is known)" in page
    assert "about 10 years" in page
    assert list(find_wrong_lookups()) == []


def test_older_files_get_their_keys_from_the_worker(app, manager, children):
    unit_of_work(db.session.execute, text("DELETE FROM child_name_keys"))
    client = browser_of(app, manager)
    assert client.post("/children/find", data={"id": "นูรี"}).status_code == 422
    assert unit_of_work(operations.index_names, actor=WORKER) == 5
    assert unit_of_work(operations.index_names, actor=WORKER) == 0
    assert client.post("/children/find", data={"id": "นูรี"}).status_code == 200
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.index_names, actor=manager.as_actor())


ALIKE = {"given_name": "Nuri", "family_name": "Sommutiwong", "birth_on": "24/6/2016"}


@pytest.mark.sqlite
def test_while_typing_the_file_is_named_or_said_to_be_elsewhere(app, manager, children):
    page = browser_of(app, manager).post("/children/alike", data=ALIKE)
    assert page.status_code == 200
    assert children["นูรี"].code in page.text
    assert "a name that differs a little, the same birth date" in page.text
    other = browser_of(app, make_user("case_manager", (YAHA,)))
    page = other.post("/children/alike", data=ALIKE)
    assert "exists in another district. Its case manager is asked" in page.text
    assert children["นูรี"].code not in page.text
    assert other.post("/children/alike", data=ALIKE | {"birth_on": "x"}).status_code == 422
    assert other.post("/children/alike", data=ALIKE | {"birth_on": "2008"}).text.strip() == ""


def tell_of_the_same(row_id, source_id):
    """As if both had been there before files were compared by sound."""
    row, source = (db.session.get_one(Child, each) for each in (row_id, source_id))
    values = {
        "given_name_encrypted": "Nuri",
        "family_name_encrypted": "Sommutiwong",
        "birth_on_encrypted": person_of(source).birth.stored,
    }
    for name, value in values.items():
        setattr(row, name, encrypt(Child, name, row.id, value))
    db.session.flush()
    write_name_keys(row, person_of(row))


def test_all_files_are_compared_by_a_command(app, manager, supervisor, children, runner):
    first = children["นูรี"]
    second = make_child(manager, given_name="Nuri", family_name="Sani", birth_on=date(2011, 1, 2))
    assert json.loads(runner.invoke(args=["children", "find-duplicates", "--json"]).output) == {
        "pairs": []
    }
    unit_of_work(tell_of_the_same, second.id, first.id)
    said = json.loads(runner.invoke(args=["children", "find-duplicates", "--json"]).output)
    assert [pair["codes"] for pair in said["pairs"]] == [[first.code, second.code]]
    assert "same_birth" in said["pairs"][0]["reasons"]
    assert (
        f"{first.code} {second.code}: "
        in runner.invoke(args=["children", "find-duplicates"]).output
    )
    # The supervisor merges them; then nothing is to be compared any more.
    assert merge(browser_of(app, supervisor), second, first).status_code == 303
    assert json.loads(runner.invoke(args=["children", "find-duplicates", "--json"]).output) == {
        "pairs": []
    }


def test_a_merge_is_named_by_both_files_and_undone(app, manager, supervisor, children):
    first, second = children["นูรี"], children["สมชาย"]
    client, reader = browser_of(app, supervisor), browser_of(app, manager)
    assert merge(client, second, first, reason="").status_code == 422
    assert merge(client, second, second).status_code == 422
    assert merge(client, second, first).status_code == 303
    assert status_of(second) is ChildStatus.CLOSED
    assert second.code in reader.get(f"/children/{first.public_id}").text
    assert first.code in reader.get(f"/children/{second.public_id}").text
    assert merge(client, first, second).status_code == 422, "a merged file takes none in"
    assert merge(client, second, first).status_code == 422
    assert undo(reader, second).status_code == 403
    assert undo(client, second).status_code == 303
    assert status_of(second) is ChildStatus.ACTIVE
    assert undo(client, second).status_code == 303, "twice is told, and changes nothing"
    assert list(find_wrong_counts()) == []
    assert merge(client, second, first).status_code == 303


def test_what_a_supervisor_decided_to_be_the_same_child_comes_back(app, manager, supervisor):
    make_child(manager, **NOORI)
    waiting = make_child(manager, **NOORI, another_child=WHY)
    client = browser_of(app, supervisor)
    decided = {"decision": "same_child", "reason": WHY}
    assert client.post(f"/children/{waiting.public_id}/duplicate", data=decided).status_code == 303
    assert status_of(waiting) is ChildStatus.CLOSED
    assert undo(client, waiting).status_code == 303
    assert status_of(waiting) is ChildStatus.ACTIVE


def test_whoever_registered_a_child_does_not_merge_it(manager, children):
    both = make_user("case_manager", (RAMAN,))
    child = make_child(both, given_name="ปรีชา", family_name="ทองมา")
    give(both, {Role.SUPERVISOR: {RAMAN}})
    with pytest.raises(errors.OwnRegistrationError):
        unit_of_work(
            operations.merge_child,
            child.public_id,
            children["นูรี"].code,
            reason=WHY,
            actor=both.as_actor(),
        )


BROKEN = {
    "by the registrar": (
        "INSERT INTO child_merges (id, child_id, into_id, merged_by_id, merged_at, reason_digest)"
        " SELECT 1, m.id, o.id, m.registered_by_id, m.registered_at, m.person_lookup"
        " FROM children m JOIN children o ON o.id <> m.id LIMIT 1"
    ),
    "into itself": (
        "INSERT INTO child_merges (id, child_id, into_id, merged_by_id, merged_at, reason_digest)"
        " SELECT 1, c.id, c.id, u.id, c.registered_at, c.person_lookup"
        " FROM children c JOIN users u ON u.id <> c.registered_by_id LIMIT 1"
    ),
    "closed without a merge": (
        "UPDATE children SET status = 'closed', closed_on = '2026-11-24',"
        " close_reason = 'same_child' WHERE code = :other"
    ),
    "opened while it is merged": (
        "UPDATE children SET status = 'active', closed_on = NULL, close_reason = NULL"
        " WHERE code = :merged"
    ),
    "changed": "UPDATE child_merges SET into_id = (SELECT id FROM children WHERE code = :third)",
    "taken away": "DELETE FROM child_merges",
    "a key in clear": "UPDATE child_name_keys SET key = substr(key, 1, 15)",
}


def test_the_database_refuses(app, supervisor, children):
    merge(browser_of(app, supervisor), children["สมชาย"], children["นูรี"])
    codes = {
        "other": children["นูรี"].code,
        "merged": children["สมชาย"].code,
        "third": children["Muhammad"].code,
    }
    assert not_refused(BROKEN.values(), **codes) == []


def test_no_key_tells_a_name(children):
    """Each is a keyed hash of sixteen bytes, and none is the same as one of another key."""
    keys = db.session.scalars(select(ChildNameKey.key)).all()
    assert {len(key) for key in keys} == {16}
    assert not [key for key in keys if b"nuri" in bytes(key).lower()]
