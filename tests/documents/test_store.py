"""Stored bytes survive a power cut before anybody is told that they are stored."""

import errno
import os
from pathlib import Path

import pytest
from sqlalchemy import event

from fundapp.crypto import Keyring
from fundapp.db import db, unit_of_work
from fundapp.documents import store
from fundapp.documents.intake import accept
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from tests.conftest import made_up_key
from tests.documents.pictures import pdf
from tests.factories.actors import MANAGER


def keep():
    stored = unit_of_work(
        store_document, accept(pdf()), subject_type="proof", subject_ref="P1", actor=MANAGER
    )
    return stored.document


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def calls(monkeypatch):
    """What the operating system is asked to sync and to rename, in order, with each path."""
    seen, fsync, replace = [], os.fsync, os.replace

    def watched_fsync(descriptor):
        seen.append(("fsync", Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def watched_replace(source, target, **more):
        seen.append(("rename", Path(source), Path(target)))
        replace(source, target, **more)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    return seen


def synced(calls, path, root):
    """Whether the file was synced under its first name, renamed, and then every folder synced."""
    rename = next(call for call in calls if call[0] == "rename" and call[2] == path)
    at = calls.index(rename)
    folders = [parent for parent in path.parents if parent.is_relative_to(root)]
    return (
        rename[1].parent == path.parent
        and ("fsync", rename[1]) in calls[:at]
        and all(("fsync", folder) in calls[at:] for folder in folders)
    )


@pytest.mark.sqlite
def test_file_and_folders_are_synced_before_the_row_is_committed(session, tmp_path, calls):
    event.listen(db.engine, "commit", lambda connection: calls.append(("commit",)))
    document = keep()
    path = tmp_path / "documents" / document.storage_key
    assert synced(calls[: calls.index(("commit",))], path, tmp_path / "documents")
    assert ("fsync", tmp_path) in calls, "the folder of documents itself is new"


@pytest.mark.sqlite
def test_a_file_encrypted_with_a_new_key_is_synced(app, runner, session, tmp_path, calls):
    path = tmp_path / "documents" / keep().storage_key
    calls.clear()
    other = f"k2:{made_up_key('k2')}"
    app.extensions["keyring"] = Keyring.parse(f"{other},{app.config['FIELD_KEYS']}")
    assert runner.invoke(args=["keys", "rotate"]).exit_code == 0
    assert path.read_bytes().startswith(b"k2\x00")
    assert synced(calls, path, tmp_path / "documents")


@pytest.mark.sqlite
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_disk_that_does_not_sync_leaves_no_row_and_no_file(session, tmp_path, monkeypatch, code):
    def fail(descriptor):
        raise OSError(code, os.strerror(code))

    store.put("2026/11/other.encrypted", b"other")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(code)):
        keep()
    assert session.query(Document).count() == 0
    assert [path.name for path in files(tmp_path / "documents")] == ["other.encrypted"]


@pytest.mark.sqlite
def test_a_file_is_replaced_whole(session, tmp_path):
    store.put("2026/11/a.encrypted", b"first")
    with (tmp_path / "documents/2026/11/a.encrypted").open("rb") as reader:
        store.put("2026/11/a.encrypted", b"second")
        assert reader.read() == b"first"
    assert store.get("2026/11/a.encrypted") == b"second"
    assert len(files(tmp_path / "documents")) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("key", ["../out", "2026/../../out", "/tmp/out", "", "a\0b"])  # noqa: S108
def test_a_key_that_leaves_the_folder_is_refused(session, tmp_path, key):
    with pytest.raises(ValueError, match="stays in the folder"):
        store.put(key, b"content")
    with pytest.raises(ValueError, match="stays in the folder"):
        store.get(key)
    assert files(tmp_path / "documents") == []


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ["file", "memory"])
def test_folders_and_object_stores_do_the_same(tmp_path, kind):
    """``memory`` is obstore's own; it answers as an object store does."""
    opened = store.open_store(f"{kind}://{tmp_path}/papers" if kind == "file" else "memory:///")
    assert opened.versions("2026/11") == {}
    opened.put("2026/11/a.encrypted", b"first")
    opened.put("2026/12/b.encrypted", b"other")
    content, version = opened.get("2026/11/a.encrypted")
    assert content == b"first"
    assert opened.versions("2026/11") == {"2026/11/a.encrypted": version}
    opened.put("2026/11/a.encrypted", b"again")
    assert opened.versions("2026/11") != {"2026/11/a.encrypted": version}
    with pytest.raises(FileNotFoundError):
        opened.get("2026/11/nothing.encrypted")
