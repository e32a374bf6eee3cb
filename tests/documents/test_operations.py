"""Keeping documents and handing them out again."""

import base64
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fundapp.crypto import Keyring
from fundapp.db import db, unit_of_work
from fundapp.documents import queries, store
from fundapp.documents.encryption import DamagedDocumentError, decrypt
from fundapp.documents.errors import DocumentRefusedError
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from fundapp.documents.serving import document_response
from fundapp.errors import NotFoundError
from tests.documents.pictures import EICAR, pdf, picture
from tests.factories.actors import MANAGER


def keep(upload):
    return unit_of_work(
        store_document, upload, subject_type="proof", subject_ref="P1", actor=MANAGER
    )


def files(tmp_path):
    return [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]


def test_a_document_is_kept_with_its_hashes(session, tmp_path):
    upload = picture()
    document = keep(upload)
    content = decrypt(document, store.get(document.storage_key))
    assert document.sha256 == hashlib.sha256(content).digest()
    assert document.original_sha256 == hashlib.sha256(upload).digest()
    assert document.size_bytes == len(content)
    assert [path.read_bytes() for path in files(tmp_path)] == [store.get(document.storage_key)]
    assert queries.get_document(document.public_id) is document
    assert queries.list_documents("proof", ["P1"]) == [document]
    assert queries.find_same_upload(document.original_sha256) is document


def test_a_refused_file_leaves_nothing(session, tmp_path):
    with pytest.raises(DocumentRefusedError):
        keep(EICAR)
    assert session.query(Document).count() == 0
    assert files(tmp_path) == []


def test_when_the_row_fails_only_an_orphan_file_is_left(session, tmp_path):
    def keep_and_fail():
        store_document(pdf(), subject_type="proof", subject_ref="P1", actor=MANAGER)
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        unit_of_work(keep_and_fail)
    assert session.query(Document).count() == 0
    assert len(files(tmp_path)) == 1


def test_it_is_handed_out_as_a_download_that_can_do_nothing(app, session):
    document = keep(pdf())
    with app.test_request_context():
        answer = document_response(document)
    assert answer.get_data() == pdf()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="document-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_changed_or_missing_bytes_are_noticed(session, tmp_path):
    document = keep(pdf())
    store.put(document.storage_key, b"something else")
    with pytest.raises(DamagedDocumentError):
        document_response(document)
    files(tmp_path)[0].unlink()
    with pytest.raises(NotFoundError):
        document_response(document)


def test_what_is_kept_cannot_be_read_and_opens_at_its_own_row_only(app, session, tmp_path):
    first, second = keep(pdf()), keep(picture())
    for path in files(tmp_path):
        assert path.suffix == ".encrypted"
        assert b"%PDF" not in path.read_bytes()
        assert b"PNG" not in path.read_bytes()
    store.put(second.storage_key, store.get(first.storage_key))
    with app.test_request_context():
        assert document_response(first).get_data() == pdf()
        with pytest.raises(DamagedDocumentError):
            document_response(second)


def test_keys_of_documents_are_rotated(app, runner, session):
    """Those under an older key and those of older versions, in the clear; lost ones hinder none."""
    old, clear, lost = keep(pdf()), keep(picture()), keep(picture())
    store.put(clear.storage_key, decrypt(clear, store.get(clear.storage_key)))
    assert decrypt(clear, store.get(clear.storage_key)).startswith(b"\xff\xd8\xff")
    (Path(app.config["DOCUMENTS_URL"].removeprefix("file://")) / lost.storage_key).unlink()
    other = "k2:" + base64.b64encode(b"2" * 32).decode()
    app.extensions["keyring"] = Keyring.parse(f"{other},{app.config['FIELD_KEYS']}")
    assert runner.invoke(args=["keys", "rotate"]).exit_code == 0
    app.extensions["keyring"] = Keyring.parse(other)
    assert decrypt(old, store.get(old.storage_key)) == pdf()
    assert store.get(clear.storage_key).startswith(b"k2\x00")
    app.extensions["keyring"] = Keyring.parse(app.config["FIELD_KEYS"])
    result = runner.invoke(args=["keys", "rotate"])
    assert result.exit_code == 1
    assert "FIELD_KEYS" in result.output


def test_unknown_documents_are_not_found(session):
    with pytest.raises(NotFoundError):
        queries.get_document("nothing")


@pytest.mark.parametrize("change", ["size_bytes = 0", "sha256 = original_sha256 || sha256"])
def test_the_table_refuses_nonsense(session, change):
    keep(pdf())
    with pytest.raises(IntegrityError):
        unit_of_work(lambda: db.session.execute(text(f"UPDATE documents SET {change}")))
