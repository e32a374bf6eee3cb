"""Storing documents, handing them out as downloads, and rotating their keys."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fundapp.crypto import Keyring
from fundapp.db import db, unit_of_work
from fundapp.documents import queries, store
from fundapp.documents.encryption import decrypt
from fundapp.documents.errors import DamagedDocumentError, DocumentRefusedError
from fundapp.documents.intake import accept
from fundapp.documents.models import Document
from fundapp.documents.operations import reencrypt_documents, store_document
from fundapp.documents.serving import document_response
from fundapp.errors import ForbiddenError, NotFoundError
from tests.conftest import made_up_key
from tests.documents.pictures import EICAR, pdf, picture
from tests.factories.actors import ADMINISTRATOR, APPROVER, AUDITOR, MANAGER, VISITOR, WORKER


def keep(upload, actor=MANAGER):
    stored = unit_of_work(
        store_document, accept(upload), subject_type="proof", subject_ref="P1", actor=actor
    )
    return stored.document


def content_of(document):
    return decrypt(document, store.get(document.storage_key))


def files(tmp_path):
    return [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]


def test_a_document_is_stored_with_its_hashes(session, tmp_path):
    upload = picture()
    document = keep(upload)
    content = content_of(document)
    assert document.sha256 == hashlib.sha256(content).digest()
    assert document.original_sha256 == hashlib.sha256(upload).digest()
    assert document.size_bytes == len(content)
    assert [path.read_bytes() for path in files(tmp_path)] == [store.get(document.storage_key)]
    assert queries.list_documents("proof", ["P1"]) == [document]
    assert queries.list_documents("proof", ["P2"]) == []


@pytest.mark.sqlite
def test_a_refused_file_leaves_nothing(session, tmp_path):
    with pytest.raises(DocumentRefusedError):
        keep(EICAR)
    assert session.query(Document).count() == 0
    assert files(tmp_path) == []


def test_when_the_row_fails_only_an_orphan_file_is_left(session, tmp_path):
    def keep_and_fail():
        store_document(accept(pdf()), subject_type="proof", subject_ref="P1", actor=MANAGER)
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        unit_of_work(keep_and_fail)
    assert session.query(Document).count() == 0
    assert len(files(tmp_path)) == 1


def test_the_same_paper_is_kept_once_for_a_subject(session, tmp_path):
    first = keep(picture())
    assert keep(picture()) is first
    assert len(files(tmp_path)) == 1
    other = unit_of_work(
        store_document, accept(picture()), subject_type="proof", subject_ref="P2", actor=MANAGER
    )
    assert other.is_written
    assert other.document is not first


@pytest.mark.one_case
@pytest.mark.parametrize(
    "harm", [Path.unlink, lambda path: path.write_bytes(b"something else")], ids=["gone", "damaged"]
)
def test_the_same_paper_sent_again_brings_a_lost_file_back(session, tmp_path, harm):
    document = keep(picture())
    content = content_of(document)
    harm(files(tmp_path)[0])
    assert keep(picture()) is document
    assert content_of(document) == content
    assert session.query(Document).count() == 1


@pytest.mark.sqlite
def test_a_paper_that_is_encoded_otherwise_now_is_brought_back_too(session, tmp_path):
    """Another version of the library writes other bytes for the same upload."""
    document = keep(picture())
    other = b"\x00" * 32
    statement = text("UPDATE documents SET sha256 = :other, size_bytes = 1")
    unit_of_work(lambda: db.session.execute(statement, {"other": other}))
    session.expire_all()
    assert keep(picture()) is document
    assert hashlib.sha256(content_of(document)).digest() == document.sha256 != other
    assert document.size_bytes == len(content_of(document))


@pytest.mark.sqlite
def test_it_is_handed_out_as_a_download_that_can_do_nothing(app, session):
    document = keep(pdf())
    with app.test_request_context():
        answer = document_response(document, content_of(document))
    assert answer.get_data() == accept(pdf()).content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="document-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.sqlite
def test_changed_or_missing_bytes_are_noticed(session, tmp_path):
    document = keep(pdf())
    store.put(document.storage_key, b"something else")
    with pytest.raises(DamagedDocumentError):
        content_of(document)
    files(tmp_path)[0].unlink()
    with pytest.raises(NotFoundError):
        content_of(document)


@pytest.mark.sqlite
def test_a_stored_file_is_encrypted_for_its_own_row(session, tmp_path):
    first, second = keep(pdf()), keep(picture())
    for path in files(tmp_path):
        assert path.suffix == ".encrypted"
        assert b"%PDF" not in path.read_bytes()
        assert b"PNG" not in path.read_bytes()
    store.put(second.storage_key, store.get(first.storage_key))
    assert content_of(first) == accept(pdf()).content
    with pytest.raises(DamagedDocumentError):
        content_of(second)


def test_keys_of_documents_are_rotated(app, runner, session):
    """Under an older key, unencrypted by an older version, or missing, which hinders no other."""
    old, unencrypted, missing = keep(pdf()), keep(picture()), keep(picture("PNG"))
    store.put(unencrypted.storage_key, content_of(unencrypted))
    assert content_of(unencrypted).startswith(b"\xff\xd8\xff")
    (Path(app.config["DOCUMENTS_URL"].removeprefix("file://")) / missing.storage_key).unlink()
    other = f"k2:{made_up_key('k2')}"
    app.extensions["keyring"] = Keyring.parse(f"{other},{app.config['FIELD_KEYS']}")
    assert runner.invoke(args=["keys", "rotate"]).exit_code == 0
    app.extensions["keyring"] = Keyring.parse(other)
    assert content_of(old) == accept(pdf()).content
    assert store.get(unencrypted.storage_key).startswith(b"k2\x00")
    app.extensions["keyring"] = Keyring.parse(app.config["FIELD_KEYS"])
    result = runner.invoke(args=["keys", "rotate"])
    assert result.exit_code == 1
    assert "FIELD_KEYS" in result.output


@pytest.mark.sqlite
@pytest.mark.parametrize("actor", [AUDITOR, APPROVER, VISITOR, WORKER], ids=str)
def test_only_those_who_file_papers_store_documents(session, tmp_path, actor):
    with pytest.raises(ForbiddenError):
        keep(pdf(), actor)
    assert files(tmp_path) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("actor", [ADMINISTRATOR, MANAGER, WORKER], ids=str)
def test_only_the_command_line_rotates_keys(session, actor):
    with pytest.raises(ForbiddenError):
        unit_of_work(reencrypt_documents, actor=actor)


@pytest.mark.parametrize("change", ["size_bytes = 0", "sha256 = original_sha256 || sha256"])
def test_the_table_refuses_nonsense(session, change):
    keep(pdf())
    with pytest.raises(IntegrityError):
        unit_of_work(lambda: db.session.execute(text(f"UPDATE documents SET {change}")))
