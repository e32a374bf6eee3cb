"""What a file said before and after a correction: kept encrypted, shown by right and consent,
erased by the child's code.
"""

from datetime import date

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.children import operations
from fundapp.children.encryption import version_of
from fundapp.children.models import Child, Purpose, TargetGroup
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason, Remark
from fundapp.remarks.operations import erase_words
from fundapp.remarks.queries import list_erased
from fundapp.trail.models import AuditEvent, ChildRead
from tests.factories.actors import ADMINISTRATOR, AUDITOR, MANAGER
from tests.factories.children import MUEANG, RAMAN, child_facts, every_consent, make_child
from tests.factories.identity import make_user, sign_in

BEFORE = {
    "given_name": "Aisyahcanary",
    "family_name": "Oldcanary",
    "school_name": "Ban Oldcanary School",
    "birth_on": date(2016, 2, 29),
    "target_group": TargetGroup.AT_RISK,
}


@pytest.fixture
def child(manager, build_once):
    return build_once("children/before", lambda: make_child(manager, **BEFORE))


def correct(child, manager, **facts):
    """Correct the file as its form does; everything else stays as it was."""
    kept = {**BEFORE, "id_kind": child.id_kind, "id_number": facts.pop("id_number")}
    new = child_facts(**{**kept, **facts})
    return unit_of_work(
        operations.change_child, child.public_id, new, actor=manager.as_actor(),
        version=version_of(db.session.get(Child, child.id)),
    )  # fmt: skip


def number_of(child, manager):
    file = unit_of_work(operations.read_file, child.public_id, actor=manager.as_actor())
    return file.id_number.replace("-", "")


def rename(child, manager, **facts):
    return correct(child, manager, id_number=number_of(child, manager), **facts)


def page_of(client, child, user):
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client.get(f"/children/{child.public_id}/corrections")


def event():
    query = select(AuditEvent).where(AuditEvent.action == "children:child:change")
    return db.session.scalars(query.order_by(AuditEvent.id.desc())).first()


def reads(user):
    query = select(ChildRead.purpose).where(ChildRead.reader == user.public_id)
    return db.session.scalars(query).all()


@pytest.mark.sqlite
def test_the_supervisor_sees_the_values_before_and_after_and_that_is_a_read(client, child, manager):
    rename(child, manager, given_name="Newname", birth_on=date(2016, 3, 1))
    supervisor = make_user(Role.SUPERVISOR, (RAMAN,))
    page = page_of(client, child, supervisor)
    assert page.status_code == 200
    for text in ("Aisyahcanary", "Newname", "29 February 2016", "1 March 2016", "Given name"):
        assert text in page.text
    assert "Oldcanary" not in page.text
    assert manager.name in page.text
    assert reads(supervisor) == [Purpose.CORRECTIONS]


def test_the_trail_keeps_a_digest_and_no_value(child, manager):
    rename(child, manager, given_name="Newname")
    remark = db.session.scalars(select(Remark)).one()
    assert event().note == f"other sha256:{remark.digest.hex()}"
    assert event().changes == {}
    assert b"canary" not in remark.words_encrypted
    assert (remark.about_child, remark.subject_ref) == (True, child.public_id)


def test_a_form_sent_without_a_correction_keeps_nothing(client, child, manager):
    rename(child, manager)
    assert db.session.scalars(select(Remark)).all() == []
    assert event().note == ""
    assert "Nothing was corrected" in page_of(client, child, manager).text
    assert Purpose.CORRECTIONS not in reads(manager)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("role", "districts", "status"),
    [
        (Role.SUPERVISOR, (MUEANG,), 404),
        (Role.CASE_MANAGER, (MUEANG,), 404),
        (Role.AUDITOR, (), 403),
        (Role.ADMINISTRATOR, (), 403),
        (Role.FUND_OFFICER, (), 403),
    ],
)
def test_who_may_not_see_the_file_does_not_see_its_corrections(
    client, child, manager, role, districts, status
):
    rename(child, manager, given_name="Newname")
    other = make_user(role, districts)
    assert page_of(client, child, other).status_code == status
    assert reads(other) == []
    with pytest.raises(NotFoundError):
        unit_of_work(operations.read_corrections, child.public_id, actor=AUDITOR)


@pytest.mark.sqlite
def test_without_consent_they_are_hidden(client, child, manager):
    rename(child, manager, given_name="Newname")
    consent = child.consents[0]
    unit_of_work(operations.withdraw_consent, child.public_id, consent.id, actor=manager.as_actor())
    page = page_of(client, child, manager)
    assert "Hidden: no consent that counts" in page.text
    assert "canary" not in page.text
    assert Purpose.CORRECTIONS not in reads(manager)


@pytest.mark.sqlite
def test_a_group_of_health_is_hidden_without_its_consent(client, manager):
    child = make_child(
        manager, **{**BEFORE, "target_group": TargetGroup.DISABILITY}, consents=every_consent()
    )
    rename(child, manager, target_group=TargetGroup.AT_RISK)
    assert "disability" in page_of(client, child, manager).text
    sensitive = child.consents[1]
    unit_of_work(
        operations.withdraw_consent, child.public_id, sensitive.id, actor=manager.as_actor()
    )
    assert "disability" not in page_of(client, child, manager).text


def test_they_are_erased_by_the_childs_code(client, child, manager):
    rename(child, manager, given_name="Newname")
    rename(child, manager, given_name="Third", school_name="Another")
    erase = {"why": ErasureReason.REQUESTED}
    unit_of_work(erase_words, child.code.lower(), actor=ADMINISTRATOR, **erase)
    remarks = db.session.scalars(select(Remark)).all()
    assert [remark.words_encrypted for remark in remarks] == [None, None]
    page = page_of(client, child, manager)
    assert "The person whom they are about asked for it" in page.text
    assert "canary" not in page.text
    assert [each.written.number for each in list_erased()] == [child.code]
    with pytest.raises(RemarkErasedError):
        unit_of_work(erase_words, child.code, actor=ADMINISTRATOR, **erase)


@pytest.mark.sqlite
def test_what_goes_and_stays_is_shown_before(client, child, manager):
    rename(child, manager, given_name="Newname")
    rename(child, manager, given_name="Third")
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get(f"/remarks/{child.code}?lang=en").text
    assert "file said before and after a correction (2)" in page
    assert "What the file says today, its code" in page
    assert "canary" not in page


def test_one_is_erased_by_its_number(client, child, manager):
    rename(child, manager, given_name="Newname")
    rename(child, manager, given_name="Third")
    first = db.session.scalars(select(Remark).order_by(Remark.id)).first()
    assert first.number in page_of(client, child, manager).text
    unit_of_work(erase_words, first.number, why=ErasureReason.NOT_ALLOWED, actor=ADMINISTRATOR)
    page = page_of(client, child, manager)
    assert "Third" in page.text
    assert "should not have been written" in page.text


@pytest.mark.sqlite
def test_who_may_not_erase(child, manager):
    rename(child, manager, given_name="Newname")
    for actor in (MANAGER, AUDITOR):
        with pytest.raises(ForbiddenError):
            unit_of_work(erase_words, child.code, why=ErasureReason.REQUESTED, actor=actor)


@pytest.mark.sqlite
@pytest.mark.parametrize("code", ["C-0000000", "C-", "C-7K3M9QX"])
def test_a_code_of_nobody_is_told(child, code):
    with pytest.raises(UnknownRemarkError, match="Nothing was corrected"):
        unit_of_work(erase_words, code, why=ErasureReason.REQUESTED, actor=ADMINISTRATOR)
    with pytest.raises(UnknownRemarkError, match="Nothing was corrected"):
        unit_of_work(erase_words, child.code, why=ErasureReason.REQUESTED, actor=ADMINISTRATOR)


@pytest.mark.sqlite
def test_the_file_leads_there_once_something_was_corrected(client, child, manager):
    sign_in(client, manager)
    path, link = f"/children/{child.public_id}", f"/children/{child.public_id}/corrections"
    assert link not in client.get(path).text
    rename(child, manager, given_name="Newname")
    assert link in client.get(path).text
