"""The pages: who may open them, what they show, which reads they record."""

import io
import re
from datetime import date

import pytest
from markupsafe import escape

from fundapp.access.permissions import Role
from fundapp.children import operations
from fundapp.children.models import Child, CloseReason
from fundapp.children.queries.children import PAGE_SIZE
from fundapp.db import db, unit_of_work
from fundapp.trail.models import ChildRead
from tests.documents.pictures import EICAR, pdf, picture
from tests.factories.children import RAMAN, YAHA, every_consent, make_child, thai_pin, unlike_name
from tests.factories.identity import make_user, sign_in
from tests.fakes.clamd import FOUND, open_clamd

pytestmark = pytest.mark.sqlite

PIN = thai_pin(4242)


@pytest.fixture
def browser(client, manager):
    client.set_cookie("lang", "en")
    sign_in(client, manager)
    return client


def typed(**changes):
    """What a case manager types, every value right."""
    return {
        "given_name": "นูรี",
        "family_name": "สมมุติ",
        "birth_on": "24/6/2559",
        "id_kind": "thai_pin",
        "id_number": PIN,
        "guardian_name": "อามีนะห์ สมมุติ",
        "guardian_phone": "๐๘๑-234 5678",
        "relation": "mother",
        "district": RAMAN,
        "subdistrict": "950601",
        "school_name": "โรงเรียนตัวอย่าง",
        "target_group": "at_risk",
        "keep_file": "y",
        "signer_name": "อามีนะห์ สมมุติ",
        "signer_relation": "mother",
        "signed_on": "1/11/2026",
        **changes,
    }


def the_child():
    db.session.expire_all()
    return db.session.query(Child).one()


def reads(purpose):
    db.session.rollback()
    return [read.child_ref for read in db.session.query(ChildRead).filter_by(purpose=purpose)]


def test_a_child_is_registered(browser, manager):
    answer = browser.post("/children/new", data=typed(sensitive_facts="y"))
    child = the_child()
    assert (answer.status_code, answer.location) == (303, f"/children/{child.public_id}")
    page = browser.get(answer.location)
    assert "นูรี สมมุติ" in page.text
    assert f'href="/disbursements/new?district={RAMAN}&amp;child={child.code}"' in page.text
    assert "081" in page.text
    assert {consent.kind.value for consent in child.consents} == {"keep_file", "sensitive_facts"}
    assert unit_of_work(
        operations.read_file, child.public_id, actor=manager.as_actor()
    ).birth_on == date(2016, 6, 24)


WRONG = [
    ({"given_name": " "}, "Enter the child"),
    ({"given_name": "12345"}, "Write the name in letters"),
    ({"given_name": "\u200b"}, "Enter the child"),
    ({"given_name": "\u3164"}, "Write the name in letters"),
    ({"family_name": "-"}, "Write the name in letters"),
    ({"guardian_name": "\u3164"}, "Write the name in letters"),
    ({"signer_name": "\u3164"}, "Write the name in letters"),
    ({"given_name": "ก" * 101}, "This is too long."),
    ({"birth_on": ""}, "Enter the birth date."),
    ({"birth_on": "yesterday"}, "Write the date as day/month/year"),
    ({"birth_on": "29/2/2566"}, "29 February exists in leap years only"),
    ({"birth_on": "29/2/2023"}, "29 February exists in leap years only"),
    ({"birth_on": "31/4/2016"}, "There is no such day"),
    ({"birth_on": "24/6/59"}, "four digits"),
    ({"birth_on": "25/11/2569"}, "from birth to 25 years"),
    ({"birth_on": "24/11/2543"}, "from birth to 25 years"),
    ({"id_number": PIN[:-1] + str((int(PIN[-1]) + 1) % 10)}, "The last digit does not fit"),
    ({"id_number": "123"}, "This number has 13 digits."),
    ({"id_number": ""}, "Enter the number, or choose that there is none."),
    ({"id_kind": "none"}, "Leave the number empty"),
    ({"id_kind": "gcode", "id_number": "G12"}, "A G-code is the letter G and 12 digits"),
    ({"id_kind": "club card"}, "Choose one of the possibilities shown."),
    ({"guardian_name": ""}, "Enter the guardian&#39;s name."),
    ({"guardian_phone": "call me"}, "Enter a telephone number"),
    ({"relation": ""}, "Choose one from the list."),
    ({"district": YAHA, "subdistrict": ""}, "Choose one of the possibilities shown."),
    ({"subdistrict": "950101"}, "Choose one of the possibilities shown."),
    ({"target_group": "rich"}, "Choose one of the possibilities shown."),
    ({"target_group": ""}, "Choose one from the list."),
    ({"keep_file": ""}, "Without the consent to keep a file"),
    ({"signer_name": ""}, "Enter the name of the person who signed."),
    ({"signer_relation": "grandparent"}, "Write why this person signs"),
    ({"signed_on": "25/11/2026"}, "A consent is signed today or earlier"),
    ({"expires_on": "1/11/2026"}, "ends after the day it was signed"),
    ({"expires_on": "soon"}, "Write the date as day/month/year"),
]

RIGHT = [
    {"birth_on": "24/6/2569", "signed_on": "24/11/2569"},
    {"id_kind": "gcode", "id_number": "g679500000012"},
    {"birth_on": "29/2/2567"},
    {"birth_on": "29/2/2024"},
    {"birth_on": "๒๙/๒/๒๕๖๗"},
    {"id_kind": "none", "id_number": ""},
    {"family_name": "", "school_name": "", "subdistrict": ""},
    {"guardian_phone": "+66 (0)81\u2011234\u20115678"},
    {"guardian_phone": "٠٨١ ٢٣٤ ٥٦٧٨"},
]


def test_wrong_values_are_told_beside_their_fields(browser):
    for changes, sentence in WRONG:
        answer = browser.post("/children/new", data=typed(**changes))
        assert answer.status_code == 422, changes
        assert sentence in answer.text, changes
        assert "โรงเรียนตัวอย่าง" in answer.text
    assert db.session.query(Child).count() == 0


def test_right_values_are_taken_in_every_form(browser):
    for number, changes in enumerate(RIGHT):
        fresh = {"given_name": unlike_name(number), "id_number": thai_pin(number)} | changes
        answer = browser.post("/children/new", data=typed(**fresh))
        assert answer.status_code == 303, (changes, answer.text)
    assert db.session.query(Child).count() == len(RIGHT)


def test_the_district_and_the_subdistrict_must_agree(client, clock, session):
    sign_in(client, make_user("case_manager", (RAMAN, YAHA)))
    client.get("/?lang=en")
    answer = client.post("/children/new", data=typed(district=YAHA))
    assert answer.status_code == 422
    assert "This subdistrict is not in the chosen district." in answer.text


def test_a_possible_duplicate_is_confirmed_on_the_form(browser, manager):
    first = make_child(manager, given_name="นูรี", family_name="สมมุติ", birth_on=date(2016, 6, 24))
    answer = browser.post("/children/new", data=typed())
    assert answer.status_code == 422
    assert first.code in answer.text
    assert 'name="another_child"' in answer.text
    assert f'href="/children/{first.public_id}" target="_blank"' in answer.text
    answer = browser.post("/children/new", data=typed(another_child="แม่คนละคน"))
    assert answer.status_code == 303
    assert "waits until a supervisor has decided" in browser.get(answer.location).text


def test_a_sibling_is_registered(browser, manager):
    first = make_child(manager)
    address = f"/children/new?guardian={first.guardian.public_id}"
    assert "Aminah Invented" in browser.get(address).text
    answer = browser.post(address, data=typed(guardian_name="", guardian_phone=""))
    assert answer.status_code == 303
    assert first.code in browser.get(answer.location).text
    assert len(reads("register")) == 2
    other = make_child(district_code=YAHA)
    unknown = f"/children/new?guardian={other.guardian.public_id}"
    assert browser.get(unknown).status_code == 404


def test_lists_log_the_names_they_show(browser, manager):
    shown, hidden = make_child(manager, given_name="Shown"), make_child(manager, given_name="Gone")
    unit_of_work(
        operations.withdraw_consent,
        hidden.public_id,
        hidden.consents[0].id,
        actor=manager.as_actor(),
    )
    make_child(district_code=YAHA, given_name="Elsewhere")
    page = browser.get("/children")
    assert "Shown" in page.text
    assert "Gone" not in page.text
    assert "Elsewhere" not in page.text
    assert hidden.code in page.text
    assert reads("list") == [shown.public_id]


def test_files_log_who_opened_them(browser, manager):
    child = make_child(manager)
    page = browser.get(f"/children/{child.public_id}")
    assert manager.name in page.text
    assert reads("file") == [child.public_id]


def test_long_lists_are_paged(browser, manager):
    for _ in range(PAGE_SIZE + 1):
        make_child(manager)
    first = browser.get("/children")
    assert first.text.count('scope="row"') == PAGE_SIZE
    assert len(reads("list")) == PAGE_SIZE
    key = first.text.split("after=")[1].split('"')[0]
    assert browser.get(f"/children?after={key}").text.count('scope="row"') == 1


@pytest.mark.parametrize("query", ["district=9505", "district=x&status=y", "after=x", "after=-1"])
def test_unknown_filter_values_change_nothing(browser, query):
    assert browser.get(f"/children?{query}").status_code == 200


def test_children_are_found_by_number_and_code(browser, manager):
    child = make_child(manager, id_number=PIN)
    spaced = f"{PIN[0]} {PIN[1:5]}-{PIN[5:]}"
    for text in (PIN, spaced, child.code, child.code.lower()):
        answer = browser.post("/children/find", data={"id": text})
        assert answer.location == f"/children/{child.public_id}"
    assert browser.get(f"/children/find?id={child.code}").location == f"/children/{child.public_id}"


def test_an_identity_number_in_an_address_finds_nobody(browser, manager):
    """Addresses stay in histories and logs."""
    make_child(manager, id_number=PIN)
    assert browser.get(f"/children/find?id={PIN}").status_code == 422
    assert browser.post(f"/children/find?id={PIN}").status_code == 422


@pytest.mark.parametrize("text", ["", "1234545678781", "' OR 1=1 --", "C-0000000", "ก" * 5000])
def test_what_is_not_found_is_told(browser, text):
    answer = browser.post("/children/find", data={"id": text})
    assert answer.status_code == 422
    assert "None of the children you may see" in answer.text
    assert f'value="{escape(text)}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_children_of_other_districts_do_not_exist(browser):
    other = make_child(district_code=YAHA, id_number=PIN)
    at, consent = f"/children/{other.public_id}", other.consents[0].id
    assert browser.get(at).status_code == 404
    assert browser.get(f"{at}/edit").status_code == 404
    assert browser.get(f"{at}/consents/{consent}/paper").status_code == 404
    assert browser.post(f"{at}/consents/{consent}/withdraw").status_code == 404
    assert browser.post(f"{at}/close", data={"reason": "died"}).status_code == 404
    assert browser.post(f"{at}/consents", data={}).status_code == 404
    assert browser.post("/children/find", data={"id": PIN}).status_code == 422
    assert reads("file") == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASE_MANAGER])
def test_wrong_roles_are_refused(client, session, clock, role):
    child = make_child()
    sign_in(client, make_user(role, ("9506",) if role is Role.SUPERVISOR else ()))
    may_read = 200 if role in (Role.APPROVER, Role.SUPERVISOR) else 403
    at = f"/children/{child.public_id}"
    assert client.get("/children").status_code == may_read
    assert client.get(at).status_code == may_read
    assert client.get("/children/new").status_code == 403
    assert client.get(f"{at}/edit").status_code == 403
    assert client.post(f"{at}/close", data={"reason": "died"}).status_code == 403
    assert client.post(f"{at}/consents/{child.consents[0].id}/withdraw").status_code == 403


def test_visitors_are_sent_to_sign_in(client, session, clock):
    child = make_child()
    for address in ("/children", f"/children/{child.public_id}"):
        answer = client.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("address", ["/children", "/children/new", "/children/nothing"])
def test_no_page_is_kept(browser, address):
    assert browser.get(address).headers["Cache-Control"] == "no-store"


#: The form of a consent to facts on health or religion, without its paper.
SENSITIVE = {
    "kind": "sensitive_facts",
    "signer_name": "Aminah Invented",
    "signer_relation": "mother",
    "signed_on": "1/11/2569",
}


def test_the_warning_says_what_withdrawing_each_consent_does(browser, manager):
    child = make_child(manager, consents=every_consent())
    page = browser.get(f"/children/{child.public_id}").text
    warnings = {
        re.search(r"<strong>(.*?)</strong>", item).group(1): item
        for item in re.split("<li[^>]*>", page)
        if "Withdraw this consent" in item
    }
    keep = warnings["Keep a file on the child"]
    sensitive = warnings["Keep facts on health or religion"]
    assert "the file shows its code, its district and the consents only" in keep
    assert "zakat" not in keep
    assert "The file and other help go on." in sensitive
    assert "help with health can be neither asked for nor approved" in sensitive
    assert (
        "zakat group is hidden at once"
        in warnings["Keep the zakat group, which tells the religion"]
    )
    assert "consent to keep the file" not in sensitive


def test_a_consent_is_recorded_with_its_paper_and_withdrawn(browser, manager):
    child = make_child(manager)
    at = f"/children/{child.public_id}"
    fields = SENSITIVE | {"paper": (io.BytesIO(picture()), "../../etc/passwd.php")}
    assert browser.post(f"{at}/consents", data=fields).status_code == 303
    consent = the_child().consents[-1]
    download = browser.get(f"{at}/consents/{consent.id}/paper")
    assert (download.status_code, download.mimetype) == (200, "image/jpeg"), download.text
    assert "attachment" in download.headers["Content-Disposition"]
    assert "passwd" not in download.headers["Content-Disposition"]
    assert download.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert reads("paper") == [child.public_id]
    keep = the_child().consents[0].id
    answer = browser.post(f"{at}/consents/{keep}/withdraw")
    assert (answer.status_code, answer.location) == (303, f"{at}#consent-{keep}")
    page = browser.get(at)
    assert f'id="consent-{keep}"' in page.text
    assert "Identity hidden" in page.text
    assert "Aminah" not in page.text
    assert browser.get(f"{at}/consents/{consent.id}/paper").status_code == 404
    assert browser.get(f"{at}/edit").status_code == 422


def test_the_same_paper_sent_again_brings_lost_bytes_back(browser, manager, tmp_path):
    child = make_child(manager)
    at = f"/children/{child.public_id}"

    def send():
        fields = SENSITIVE | {"paper": (io.BytesIO(picture()), "consent.jpg")}
        assert browser.post(f"{at}/consents", data=fields).status_code == 303

    send()
    paper = f"{at}/consents/{the_child().consents[-1].id}/paper"
    content = browser.get(paper).data
    (path,) = (path for path in (tmp_path / "documents").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:100])
    refused = browser.get(paper)
    assert refused.status_code == 422
    assert "Send the same paper again" in refused.text
    path.unlink()
    assert browser.get(paper).status_code == 404
    send()
    assert browser.get(paper).data == content
    assert len(the_child().consents) == 2


@pytest.mark.parametrize(
    "upload", [EICAR, b"<svg/>", b"<html>", pdf(b"/S /JavaScript"), picture()[:200], b"\xff" * 99]
)
def test_a_hostile_paper_changes_nothing(browser, upload):
    data = typed(paper=(io.BytesIO(upload), "consent.jpg"))
    answer = browser.post("/children/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'id="paper-error"' in answer.text
    assert db.session.query(Child).count() == 0


@pytest.mark.parametrize("answer", [FOUND, b"\0"], ids=["virus", "error"])
def test_a_virus_or_a_scanner_that_cannot_look_changes_nothing(app, browser, answer):
    with open_clamd(answer=answer) as server:
        app.config["CLAMAV_ADDRESS"] = server.address
        data = typed(paper=(io.BytesIO(picture()), "consent.jpg"))
        refused = browser.post("/children/new", data=data, content_type="multipart/form-data")
    assert len(server.seen) == 1
    assert refused.status_code == (422 if answer == FOUND else 503)
    assert ("Retry-After" in refused.headers) == (answer != FOUND)
    assert "virus scanner" in refused.text
    assert 'id="paper-error"' in refused.text
    assert PIN in refused.text
    assert db.session.query(Child).count() == 0


def send_paper(browser, megabytes):
    """The form of a new child with a paper of so many megabytes."""
    fields = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in typed().items()
    )
    head = '--x\r\nContent-Disposition: form-data; name="paper"; filename="a.jpg"\r\n\r\n'
    data = (fields + head).encode() + b"\xff\xd8\xff" + bytes(megabytes * 1024 * 1024)
    return browser.post(
        "/children/new",
        data=data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def test_an_upload_of_twelve_megabytes_is_told_beside_its_field_and_nothing_typed_is_lost(browser):
    answer = send_paper(browser, 12)
    assert answer.status_code == 422
    assert 'id="paper-error"' in answer.text
    assert "The file is larger than 10 MB" in answer.text
    assert PIN in answer.text
    assert db.session.query(Child).count() == 0


def test_an_upload_of_forty_megabytes_is_refused_with_what_to_do(browser):
    answer = send_paper(browser, 40)
    assert answer.status_code == 413
    assert "Go back to your form and send a smaller file" in answer.text
    assert db.session.query(Child).count() == 0


@pytest.mark.parametrize("fields", [{}, {"kind": "everything"}, {"signed_on": "29/2/2566"}])
def test_a_wrong_consent_is_told_on_the_file(browser, manager, fields):
    child = make_child(manager)
    answer = browser.post(f"/children/{child.public_id}/consents", data=fields)
    assert answer.status_code == 422
    assert "<details open>" in answer.text


def test_a_file_is_corrected(browser, manager):
    child = make_child(manager, id_number=PIN)
    at = f"/children/{child.public_id}/edit"
    page = browser.get(at)
    assert "29/2/2016" in page.text
    wrong = browser.post(at, data=typed(given_name=""))
    assert wrong.status_code == 422
    version = re.search(r'name="version"[^>]* value="(\w+)"', page.text)[1]
    corrected = typed(given_name="Corrected")
    assert browser.post(at, data=corrected).status_code == 409
    assert browser.post(at, data={**corrected, "version": version}).status_code == 303
    assert "Corrected" in browser.get(f"/children/{child.public_id}").text


def test_a_file_is_closed(browser, manager):
    child = make_child(manager)
    at = f"/children/{child.public_id}"
    assert browser.post(f"{at}/close", data={"reason": "bored"}).status_code == 422
    assert browser.post(f"{at}/close", data={"reason": "finished"}).status_code == 303
    assert the_child().close_reason is CloseReason.FINISHED
    assert "The goal was reached" in browser.get(at).text
    assert browser.post(f"{at}/close", data={"reason": "died"}).status_code == 422
    assert browser.get(f"{at}/edit").status_code == 422


def test_what_a_closed_file_refuses_is_told_on_its_page(browser, manager):
    """Its forms are no longer on the page, so the refusal is told above it."""
    child = make_child(manager)
    at, consent = f"/children/{child.public_id}", child.consents[0].id
    browser.post(f"{at}/close", data={"reason": "finished"})
    signed = {
        "kind": "sensitive_facts",
        "signer_name": "Aminah",
        "signer_relation": "mother",
        "signed_on": "1/11/2569",
    }
    for address, data in ((f"{at}/close", {"reason": "died"}), (f"{at}/consents", signed)):
        answer = browser.post(address, data=data)
        assert answer.status_code == 422
        assert "This file is closed. It can be read, but no longer changed." in answer.text
    assert browser.post(f"{at}/consents/{consent}/withdraw").status_code == 303
    again = browser.post(f"{at}/consents/{consent}/withdraw")
    assert again.status_code == 422
    assert "This consent has been withdrawn already." in again.text


def test_the_form_to_correct_a_file_is_a_read_and_sending_it_is_none(browser, manager):
    child = make_child(manager)
    at = f"/children/{child.public_id}/edit"
    browser.get(at)
    assert reads("edit") == [child.public_id]
    assert browser.post(at, data=typed(given_name="")).status_code == 422
    assert reads("edit") == [child.public_id]


def test_the_same_consent_again_is_a_read_of_the_one_recorded(browser, manager):
    child = make_child(manager)
    signed = {
        "kind": "keep_file",
        "signer_name": "Aminah Invented",
        "signer_relation": "mother",
        "signed_on": "1/5/2569",
    }
    browser.post(f"/children/{child.public_id}/consents", data=signed)
    assert len(the_child().consents) == 1
    assert reads("consent") == [child.public_id]
    page = browser.get(f"/children/{child.public_id}")
    assert "comparing a new consent with those recorded" in page.text


def test_every_language_shows_the_pages(browser, manager):
    child = make_child(manager)
    for language in ("th", "en", "ms"):
        for address in ("/children", "/children/new", f"/children/{child.public_id}"):
            assert browser.get(f"{address}?lang={language}").status_code == 200
