"""A reader gives nothing that names a person before it has recorded who reads it, and what for."""

from contextlib import suppress

import pytest
from sqlalchemy import text

from fundapp.children import operations
from fundapp.children.models import Guardian, Purpose
from fundapp.children.reader import Reader
from fundapp.crypto import KeyringError
from fundapp.db import db, unit_of_work
from fundapp.documents.errors import DocumentRefusedError
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.trail.models import ChildRead
from tests.documents.pictures import pdf
from tests.factories.children import consent_draft, make_child


@pytest.fixture
def manager(manager):
    return manager.as_actor()


@pytest.fixture
def child(manager, build_once):
    facts = {"given_name": "Canary", "family_name": "Invented", "school_name": "Ban Example"}
    return build_once("children/canary", lambda: make_child(**facts))


def withdraw(child, actor):
    consent = child.consents[0]
    unit_of_work(operations.withdraw_consent, child.public_id, consent.id, actor=actor)


def read(work, actor, purpose=Purpose.FILE):
    """What ``work`` returns for a reader of its own, in a unit of work."""
    return unit_of_work(lambda: work(Reader(actor, purpose)))


def recorded():
    """(reader, child, purpose) of every read that was committed, in order."""
    db.session.rollback()
    reads = db.session.query(ChildRead).order_by(ChildRead.id)
    return [(row.reader, row.child_ref, row.purpose) for row in reads]


WAYS = {
    "decrypt": lambda reader, child: reader.decrypt(child, "given_name_encrypted", about=[child]),
    "decrypt_optional": lambda reader, child: reader.decrypt_optional(
        child, "id_number_encrypted", about=[child]
    ),
    "name": lambda reader, child: reader.name(child),
    "find_names": lambda reader, child: reader.find_names([child], "", limit=1),
    "file": lambda reader, child: reader.file(child),
    "guardian": lambda reader, child: reader.guardian(child),
    "consent": lambda reader, child: reader.consent(child.consents[0], child),
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@pytest.mark.one_case
@every_way
def test_every_way_records_the_read(child, manager, way):
    assert read(lambda reader: way(reader, child), manager, Purpose.REQUEST)
    assert recorded() == [(manager.ref, child.public_id, "request")]


@pytest.mark.one_case
@every_way
def test_nothing_is_decrypted_outside_a_unit_of_work(child, manager, way):
    with pytest.raises(RuntimeError, match="no unit of work"):
        way(Reader(manager, Purpose.FILE), child)


@pytest.mark.one_case
@every_way
def test_the_read_is_written_before_the_value_is_given(child, manager, way):
    def work(reader):
        way(reader, child)
        return db.session.query(ChildRead).count()

    assert read(work, manager) == 1


def test_a_unit_of_work_that_fails_has_shown_nothing_and_records_nothing(child, manager):
    def work(reader):
        reader.name(child)
        raise DocumentRefusedError

    with pytest.raises(DocumentRefusedError):
        read(work, manager)
    assert recorded() == []


def test_a_child_is_recorded_once_for_each_reader(child, manager):
    def work(reader):
        for _ in range(3):
            reader.file(child)
            reader.decrypt(child.guardian, "name_encrypted", about=[child, child])

    read(work, manager)
    assert recorded() == [(manager.ref, child.public_id, "file")]


@pytest.mark.sqlite
def test_a_value_about_several_children_is_a_read_of_each(child, manager):
    sibling = make_child()
    read(
        lambda reader: reader.decrypt(child.guardian, "name_encrypted", about=[child, sibling]),
        manager,
        Purpose.VOUCHER,
    )
    assert recorded() == [
        (manager.ref, child.public_id, "voucher"),
        (manager.ref, sibling.public_id, "voucher"),
    ]


@pytest.mark.sqlite
def test_a_value_is_about_somebody(child, manager):
    for work in (
        lambda reader: reader.decrypt(child, "given_name_encrypted", about=[]),
        lambda reader: reader.document(None, about=[]),
    ):
        with pytest.raises(ValueError, match="at least one child"):
            read(work, manager)


@pytest.mark.sqlite
def test_a_reader_that_outlives_its_unit_of_work_records_again(child, manager):
    """Work that is run again after a deadlock must not lose the read of its first try."""
    reader = Reader(manager, Purpose.FILE)
    for _ in range(2):
        unit_of_work(reader.name, child)
    assert len(recorded()) == 2


def test_a_read_in_a_savepoint_that_is_rolled_back_is_recorded_again(child, manager):
    def work(reader):
        with suppress(DocumentRefusedError), db.session.begin_nested():
            reader.name(child)
            raise DocumentRefusedError
        return reader.name(child)

    assert read(work, manager).given_name == "Canary"
    assert recorded() == [(manager.ref, child.public_id, "file")]


@pytest.mark.sqlite
def test_an_empty_column_is_no_read(manager):
    child = make_child()
    unit_of_work(lambda: db.session.execute(text("UPDATE guardians SET phone_encrypted = NULL")))
    guardian = db.session.get(Guardian, child.guardian_id, populate_existing=True)
    assert (
        read(lambda r: r.decrypt_optional(guardian, "phone_encrypted", about=[child]), manager)
        == ""
    )
    assert recorded() == []


@pytest.mark.sqlite
def test_without_a_consent_no_name_is_decrypted_or_recorded(child, manager):
    withdraw(child, manager)
    name = read(lambda reader: reader.name(child), manager)
    assert (name.is_shown, name.display_name, name.birth_on) == (False, child.code, None)
    assert (name.school_name, name.target_group) == ("", None)
    names = read(lambda reader: reader.find_names([child], child.code, limit=5), manager)
    assert [name.display_name for name in names] == [child.code]
    assert read(lambda reader: reader.find_names([child], "Ban Exam", limit=5), manager) == []
    assert read(lambda reader: reader.find_names([child], "Canary", limit=5), manager) == []
    assert recorded() == []


@pytest.mark.sqlite
def test_a_hidden_file_is_not_decrypted_and_its_reading_is_recorded(child, manager, app):
    """The file still says where the child lives and goes to school."""
    withdraw(child, manager)
    app.extensions["keyring"] = None
    file = read(lambda reader: reader.file(child), manager)
    assert (file.is_shown, file.given_name, file.guardian_name) == (False, "", "")
    assert file.consents[0].signer_name == ""
    assert recorded() == [(manager.ref, child.public_id, "file")]


@pytest.mark.sqlite
def test_only_those_who_are_found_are_read(child, manager):
    others = [make_child(school_name="") for _ in range(3)]
    children = [*others, child]
    for wanted in ("canary", child.code.lower(), "BAN EXAMPLE"):
        names = read(lambda r, w=wanted: r.find_names(children, w, limit=9), manager)
        assert [name.code for name in names] == [child.code]
    assert {ref for _reader, ref, _purpose in recorded()} == {child.public_id}
    names = read(lambda reader: reader.find_names(children, "", limit=2), manager)
    assert [name.code for name in names] == [other.code for other in others[:2]]
    assert [ref for _reader, ref, _purpose in recorded()[-2:]] == [
        other.public_id for other in others[:2]
    ]


@pytest.mark.sqlite
def test_a_paper_is_read_for_the_children_it_is_about(child, manager):
    stored = unit_of_work(
        store_document, accept(pdf()), subject_type="proof", subject_ref="P1", actor=manager
    )
    paper = stored.document
    content = read(lambda reader: reader.document(paper, about=[child]), manager, Purpose.PROOF)
    assert content == accept(pdf()).content
    assert recorded() == [(manager.ref, child.public_id, "proof")]


@pytest.mark.sqlite
def test_a_value_of_another_row_cannot_be_decrypted(child, manager):
    other = make_child()
    move = text("UPDATE children SET given_name_encrypted = :value WHERE id = :id")
    unit_of_work(
        lambda: db.session.execute(move, {"value": other.given_name_encrypted, "id": child.id})
    )
    db.session.refresh(child)
    with pytest.raises(KeyringError):
        read(lambda reader: reader.name(child), manager)
    assert recorded() == []


@pytest.mark.sqlite
def test_a_consent_is_compared_by_a_recorded_read(child, manager):
    unit_of_work(operations.record_consent, child.public_id, consent_draft(), actor=manager)
    assert recorded() == [(manager.ref, child.public_id, "consent")]
