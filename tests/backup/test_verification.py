"""A backup that is not as it was made is refused, with what is wrong; nothing is restored."""

import hashlib
import json
import shutil
import sqlite3

import pytest

from fundapp.documents import store


@pytest.fixture
def refused(runner, elsewhere, backup):
    """Calls `verify` and `restore`, which both refuse with a sentence."""

    def both(*sentences):
        result = runner.invoke(args=["backup", "verify", str(backup)])
        assert result.exit_code == 1
        for sentence in sentences:
            assert sentence in result.stderr.splitlines()
        result = elsewhere.test_cli_runner().invoke(args=["backup", "restore", str(backup)])
        assert result.exit_code == 1
        for sentence in sentences:
            assert sentence in result.stderr
        with elsewhere.app_context():
            assert store.is_empty()
        assert elsewhere.test_client().get("/readyz").status_code == 503

    return both


def database_of(backup):
    return next(path for path in backup.iterdir() if path.name.startswith("database."))


@pytest.mark.sqlite
@pytest.mark.parametrize("which", ["database", "document"])
def test_a_flipped_bit(backup, province, refused, which):
    path = database_of(backup) if which == "database" else backup / "documents" / province.key
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    name = path.relative_to(backup).as_posix()
    refused(f"{name} was changed: its SHA-256 is not that of the manifest.")


@pytest.mark.sqlite
def test_a_shorter_file(backup, refused):
    path = database_of(backup)
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-1])
    refused(f"{path.name} has {size - 1} bytes; the manifest says {size}.")


@pytest.mark.sqlite
def test_a_missing_file(backup, province, refused):
    (backup / "documents" / province.key).unlink()
    refused(f"documents/{province.key} is missing.")


@pytest.mark.sqlite
def test_an_extra_file(backup, refused):
    (backup / "documents" / "note.txt").write_text("by the way")
    refused("documents/note.txt does not belong to the backup: the manifest does not name it.")


@pytest.mark.sqlite
def test_a_document_that_a_row_names_and_the_manifest_does_not(backup, province, refused):
    path = backup / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = [each for each in manifest["files"] if "documents/" not in each["path"]]
    path.write_text(json.dumps(manifest))
    shutil.rmtree(backup / "documents")
    refused(f"The document {province.key} is missing: a row of the database names it.")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is damaged and cannot be read"),
        (b"{}", "is damaged and cannot be read"),
        (b"[]", "is damaged and cannot be read"),
        (b'{"format": 1}', "is damaged and cannot be read"),
        (b'{"format": 1', "is damaged and cannot be read"),
        (b"\xff", "is damaged and cannot be read"),
        (b'{"format": 2}', "is of format 2, and this program reads format 1"),
    ],
)
def test_a_manifest_that_cannot_be_read(runner, tmp_path, content, sentence):
    (tmp_path / "manifest.json").write_bytes(content)
    result = runner.invoke(args=["backup", "verify", str(tmp_path)])
    assert result.exit_code == 1
    assert sentence in result.stderr


@pytest.mark.sqlite
def test_no_backup_at_all(runner, tmp_path):
    result = runner.invoke(args=["backup", "verify", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "is no whole backup" in result.stderr


def rewrite(backup, path, content):
    """Replace a file together with its hash: it was copied as it is."""
    path.write_bytes(content)
    file = backup / "manifest.json"
    manifest = json.loads(file.read_text())
    for each in manifest["files"]:
        if each["path"] == path.relative_to(backup).as_posix():
            each["size"], each["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    file.write_text(json.dumps(manifest))


def test_a_database_that_cannot_be_read(backup, runner):
    path = database_of(backup)
    rewrite(backup, path, b"no database" * 1000)
    result = runner.invoke(args=["backup", "verify", str(backup)])
    assert result.exit_code == 1
    assert f"{path.name} cannot be read: " in result.stderr


@pytest.mark.sqlite
def test_a_row_that_refers_to_nothing(backup, refused):
    """PostgreSQL checks this when it restores."""
    path = database_of(backup)
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO user_roles (user_id, role, granted_on, event_id)"
        " VALUES (7, 'auditor', '2026-11-24', 1)"
    )
    connection.commit()
    connection.close()
    rewrite(backup, path, path.read_bytes())
    refused("database.sqlite3: row 1 of user_roles refers to a row that users lacks.")
