"""Notes, visits, plans and the like in a child's file; who else belongs to it; moves."""

import io
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.children import operations as children
from fundapp.children.casework.models import CaseEntry, CaseKind, ChildMove
from fundapp.children.models import Child, ConsentKind
from fundapp.children.open_files import find_wrong_counts
from fundapp.db import db, unit_of_work
from fundapp.documents.models import Document
from fundapp.trail.models import AuditEvent
from tests.documents.pictures import picture
from tests.factories.children import MUEANG, RAMAN, YAHA, consent_draft, every_consent, make_child
from tests.factories.disbursements import make_request, make_team
from tests.factories.identity import make_user, sign_in
from tests.raw_sql import not_refused

WORDS = {
    "note": {"note_words": "คุยกับครูประจำชั้นแล้ว"},
    "visit": {"visit_met": "ยายของเด็ก", "visit_home": "บ้านเช่าหลังคารั่ว"},
    "need": {"need_need": "รถรับส่งไปโรงเรียน"},
    "plan": {"plan_goal": "เรียนต่อจนจบชั้น", "due_on": "1/3/2570"},
    "flag": {"flag_flag": "safety", "flag_words": "ไม่มีผู้ใหญ่อยู่ด้วย"},
    "screening": {"screening_result": "extremely_poor", "screening_year": "2569"},
    "follow_up": {"follow_up_words": "โทรหาครู", "due_on": "30/11/2569"},
    "zakat": {"zakat_zakat": "miskin", "zakat_words": "คณะกรรมการอิสลามพิจารณาแล้ว"},
}


@pytest.fixture
def supervisor(build_once, clock):
    return build_once("children/supervisor", lambda: make_user(Role.SUPERVISOR, (RAMAN,)))


@pytest.fixture
def child(manager, build_once):
    consents = (consent_draft(), consent_draft(kind=ConsentKind.ZAKAT))
    return build_once(
        "casework/child", lambda: make_child(manager, given_name="นูรี", consents=consents)
    )


def browser_of(app, user):
    client = app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client


def write(client, child, kind, **changes):
    data = {"on_day": "20/11/2569", **WORDS[kind], **changes}
    return client.post(f"/children/{child.public_id}/casework/{kind}", data=data)


def entries():
    db.session.rollback()
    return db.session.scalars(select(CaseEntry).order_by(CaseEntry.id)).all()


def settle(client, child, entry, outcome=""):
    verb = "agree" if entry.kind is CaseKind.PLAN else "settle"
    url = f"/children/{child.public_id}/casework/{entry.public_id}/{verb}"
    return client.post(url, data={"outcome": outcome})


def test_every_kind_is_written_and_read_as_people_wrote_it(app, manager, child):
    client = browser_of(app, manager)
    for kind in CaseKind:
        assert client.get(f"/children/{child.public_id}/casework/{kind}").status_code == 200
        answer = write(client, child, kind)
        assert answer.status_code == 303, (kind, answer.text)
    page = client.get(f"/children/{child.public_id}/casework").text
    for words in WORDS.values():
        for name, word in words.items():
            if name not in {"due_on", "flag_flag", "screening_result", "zakat_zakat"}:
                assert word in page
    assert "Extremely poor" in page
    assert "The child&#39;s safety" in page
    assert [entry.kind for entry in entries()] == list(CaseKind)
    notes = db.session.scalars(
        select(AuditEvent.note).where(AuditEvent.action == "children:entry:write")
    ).all()
    assert notes == list(map(str, CaseKind)), "the trail has the kind and no word"


def test_a_form_that_is_sent_twice_writes_once(app, manager, child):
    client = browser_of(app, manager)
    for _ in range(2):
        assert write(client, child, "note", form_id="the-same-form").status_code == 303
    assert len(entries()) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("note", {"note_words": " "}, "Write what happened."),
        ("note", {"on_day": "25/11/2569"}, "today or earlier"),
        ("note", {"on_day": ""}, "Enter the day."),
        ("plan", {"due_on": ""}, "Choose a day from today on"),
        ("follow_up", {"due_on": "23/11/2569"}, "Choose a day from today on"),
        ("follow_up", {"due_on": "1/1/2590"}, "within two years"),
        ("note", {"is_sensitive": "y"}, "Record the consent to such facts first"),
        ("flag", {"flag_flag": "perhaps"}, "Choose one of the possibilities shown."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(app, manager, child, kind, changes, sentence):
    answer = write(browser_of(app, manager), child, kind, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert entries() == []


@pytest.mark.sqlite
def test_what_tells_of_health_is_hidden_with_its_own_consent(app, manager):
    child = make_child(manager, consents=every_consent())
    client = browser_of(app, manager)
    assert write(client, child, "note", is_sensitive="y", note_words="ป่วยเรื้อรัง").status_code == 303
    assert write(client, child, "note").status_code == 303
    assert "ป่วยเรื้อรัง" in client.get(f"/children/{child.public_id}/casework").text
    consent = child.consents[1].id
    actor = manager.as_actor()
    unit_of_work(children.withdraw_consent, child.public_id, consent, actor=actor)
    page = client.get(f"/children/{child.public_id}/casework").text
    assert "ป่วยเรื้อรัง" not in page
    assert WORDS["note"]["note_words"] in page


def test_a_plan_is_agreed_to_by_a_supervisor_and_reviewed(app, clock, manager, supervisor, child):
    client, other = browser_of(app, manager), browser_of(app, supervisor)
    write(client, child, "plan")
    (plan,) = entries()
    assert "Plans to agree to" in other.get("/today").text
    assert child.code in other.get("/children/due").text
    assert settle(client, child, plan).status_code == 403
    assert settle(other, child, plan, "เห็นด้วย").status_code == 303
    assert settle(other, child, plan).status_code == 303, "twice is told, and changes nothing"
    agreed, review = entries()
    assert agreed.settled_by_id == supervisor.id
    page = client.get(f"/children/{child.public_id}/casework").text
    assert "agreed" in page
    assert "The plan is to be reviewed" in page
    assert child.code not in other.get("/children/due").text
    assert (review.kind, review.due_on, review.written_by_id) == (
        CaseKind.FOLLOW_UP, plan.due_on, supervisor.id,
    )  # fmt: skip
    assert child.code not in client.get("/children/due").text, "more than 14 days away"
    clock.move_to("2027-02-20 10:00")
    again = browser_of(app, manager)
    assert child.code in again.get("/children/due").text
    assert settle(again, child, review).status_code == 303
    assert child.code not in again.get("/children/due").text


@pytest.mark.parametrize("kind", ["follow_up", "visit"])
def test_what_is_due_is_listed_until_it_is_done(app, manager, child, kind):
    client = browser_of(app, manager)
    write(client, child, kind, due_on="30/11/2569")
    assert "Follow-ups due within 14 days" in client.get("/today").text
    assert child.code in client.get("/children/due").text
    (entry,) = entries()
    assert settle(client, child, entry, "ครูรับทราบ").status_code == 303
    assert child.code not in client.get("/children/due").text
    assert "ครูรับทราบ" in client.get(f"/children/{child.public_id}/casework").text


@pytest.mark.sqlite
def test_a_photograph_of_a_visit_is_kept_without_where_it_was_taken(app, manager, child):
    client = browser_of(app, manager)
    files = {"document": (io.BytesIO(picture()), "home.jpg")}
    assert write(client, child, "visit", **files).status_code == 303
    photo = db.session.scalars(select(Document)).one()
    answer = client.get(f"/children/{child.public_id}/photos/{photo.public_id}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    stranger = browser_of(app, make_user("case_manager", (YAHA,)))
    url = f"/children/{child.public_id}/photos/{photo.public_id}"
    assert stranger.get(url).status_code == 404


def test_details_and_adults_are_kept_with_what_was_said_before(app, manager, child):
    client = browser_of(app, manager)
    url = f"/children/{child.public_id}"
    details = {
        "school_class": "ป.4", "school_number": "1234", "address": "99/1", "village": "บ้านตัวอย่าง",
        "household": "ยาย ตา และน้อง", "capacity": "cares", "groups": ["poor_student"],
        "planned_end_on": "31/3/2575",
    }  # fmt: skip
    assert client.post(f"{url}/details", data=details).status_code == 303
    assert client.post(f"{url}/details", data=details | {"village": "บ้านใหม่"}).status_code == 303
    page = client.get(f"{url}/casework").text
    for word in ("ป.4", "99/1", "บ้านใหม่", "ยาย ตา และน้อง", "Poor student", "without an order"):
        assert word in page
    assert "บ้านตัวอย่าง" in client.get(f"{url}/corrections").text
    refused = client.post(f"{url}/details", data=details | {"groups": ["disability"]})
    assert (refused.status_code, "health or religion" in refused.text) == (422, True)
    adult = {"name": "รอฮานา สมมุติ", "phone": "", "relation": "grandparent", "capacity": "cares"}
    assert client.post(f"{url}/guardians", data=adult).status_code == 303
    page = client.get(f"{url}/casework").text
    assert "รอฮานา สมมุติ" in page
    end = page.partition(f"{url}/guardians/")[2].partition('"')[0]
    assert client.post(f"{url}/guardians/{end}").status_code == 303
    assert "รอฮานา สมมุติ" not in client.get(f"{url}/casework").text


def test_a_move_hands_the_file_over(app, manager, child):
    client, taker = browser_of(app, manager), make_user("case_manager", (MUEANG,))
    other, url = browser_of(app, taker), f"/children/{child.public_id}"
    assert other.get(url).status_code == 404
    here = client.post(f"{url}/move", data={"district": RAMAN, "words": "x"})
    assert here.status_code == 422
    data = {"district": MUEANG, "words": "ย้ายไปอยู่กับตา"}
    assert client.post(f"{url}/move", data=data | {"words": ""}).status_code == 422
    assert client.post(f"{url}/move", data=data).status_code == 303
    assert client.get(url).status_code == 404
    assert "Children handed over to your districts" in other.get("/today").text
    assert child.code in other.get("/children/due").text
    assert "ย้ายไปอยู่กับตา" in other.get(f"{url}/casework").text
    assert other.post(f"{url}/take").status_code == 303
    assert other.post(f"{url}/take").status_code == 303, "twice is told, and changes nothing"
    assert db.session.scalars(select(ChildMove.taken_by_id)).all() == [taker.id]
    db.session.rollback()
    assert list(find_wrong_counts()) == []


@pytest.mark.sqlite
def test_a_child_for_whom_help_is_in_work_stays(app, clock, session):
    team = make_team()
    make_request(team)
    client = browser_of(app, team.asker)
    data = {"district": MUEANG, "words": "ย้าย"}
    answer = client.post(f"/children/{team.child.public_id}/move", data=data)
    assert answer.status_code == 422
    assert "is being decided on or paid" in answer.text


BROKEN = {
    "agreed by its author": (
        "UPDATE case_entries SET settled_at = written_at, settled_by_id = written_by_id"
        " WHERE kind = 'plan'"
    ),
    "a note settled": (
        "UPDATE case_entries SET settled_at = written_at, settled_by_id = written_by_id"
        " WHERE kind = 'note'"
    ),
    "a visit settled that nobody is to repeat": (
        "UPDATE case_entries SET settled_at = written_at, settled_by_id = written_by_id"
        " WHERE kind = 'visit'"
    ),
    "written anew": "UPDATE case_entries SET on_day = '2026-01-01'",
    "words in clear": "UPDATE case_entries SET words_encrypted = 'read me'",
    "taken away": "DELETE FROM case_entries",
    "moved by hand": f"UPDATE children SET district_code = '{MUEANG}'",
    "details in clear": "UPDATE child_details SET details_encrypted = 'read me'",
    "an adult changed": "UPDATE further_guardians SET relation = 'mother'",
    "an adult taken away": "DELETE FROM further_guardians",
}


@pytest.fixture
def written(app, manager, build_once, child):
    return build_once("casework/written", lambda: write_some(app, manager, child))


def write_some(app, manager, child):
    client = browser_of(app, manager)
    for kind in ("note", "visit", "plan"):
        write(client, child, kind)
    client.post(f"/children/{child.public_id}/details", data={"village": "บ้าน"})
    adult = {"name": "รอฮานา", "relation": "relative", "capacity": "none"}
    client.post(f"/children/{child.public_id}/guardians", data=adult)


def test_the_database_refuses(written, child):
    assert not_refused(BROKEN.values()) == []


@pytest.mark.sqlite
def test_a_consent_says_by_what_right_and_is_asked_again_at_10_and_20(app, manager):
    turned = make_child(manager, birth_on=date(2016, 9, 3))
    asked = make_child(manager, birth_on=date(2016, 10, 3))
    adult = make_child(manager, birth_on=date(2006, 6, 1))
    younger = make_child(manager, birth_on=date(2018, 6, 1))
    client = browser_of(app, manager)
    signed = {
        "kind": "keep_file", "signer_name": "รอฮานา", "signer_relation": "mother",
        "signed_on": "20/11/2569", "capacity": "court",
    }  # fmt: skip
    post = client.post(f"/children/{asked.public_id}/consents", data=signed)
    assert post.status_code == 303
    assert "Guardian by order of a court" in client.get(f"/children/{asked.public_id}").text
    assert "Consents to be asked again at 10 or 20" in client.get("/today").text
    page = client.get("/children/consents").text
    assert [each.code in page for each in (turned, asked, adult, younger)] == [
        True, False, True, False,
    ]  # fmt: skip
    alone = signed | {"signer_relation": "self", "capacity": ""}
    refused = client.post(f"/children/{turned.public_id}/consents", data=alone)
    assert (refused.status_code, "from 20 years on" in refused.text) == (422, True)
    assert client.post(f"/children/{adult.public_id}/consents", data=alone).status_code == 303
    assert adult.code not in client.get("/children/consents").text


@pytest.mark.sqlite
@pytest.mark.parametrize("language", ["th", "ms", "en"])
@pytest.mark.parametrize("kind", ["keep_file", "sensitive_facts"])
def test_the_form_to_sign_is_printed(app, manager, child, language, kind):
    client = browser_of(app, manager)
    url = f"/children/consent-form/{kind}.pdf?language={language}"
    for address in (url, f"{url}&child={child.public_id}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF-")
    assert client.get("/children/consent-form/photograph.pdf").status_code == 404


def test_a_child_of_the_database_is_not_its_own_guardian(child):
    with pytest.raises(DBAPIError):
        unit_of_work(db.session.execute, text("UPDATE children SET relation = 'self'"))
    assert db.session.get_one(Child, child.id).relation != "self"
