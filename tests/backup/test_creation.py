"""Making a backup: never half of one, never with a key in it."""

import base64
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from fundapp.backup.creation import create_backup
from fundapp.backup.restoration import restore_backup
from fundapp.backup.verification import verify_backup
from fundapp.errors import ForbiddenError
from tests.architecture.sources import ROOT
from tests.factories.actors import ADMINISTRATOR, AUDITOR, WORKER


def files_of(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_manifest_says_what_is_in_it(backup, province):
    manifest = json.loads((backup / "manifest.json").read_text())
    assert manifest["format"] == 1
    assert manifest["field_keys"] == ["k1"]
    assert manifest["missing_documents"] == []
    assert manifest["rows"]["documents"] == manifest["rows"]["journal_entries"] == 1
    assert manifest["newest_entry"].startswith("JE")
    assert {each["path"] for each in manifest["files"]} == {
        path.relative_to(backup).as_posix() for path in files_of(backup)
    } - {"manifest.json"}
    assert f"documents/{province.key}" in {each["path"] for each in manifest["files"]}


def test_no_key_is_in_it(app, backup):
    encoded = app.config["FIELD_KEYS"].partition(":")[2]
    secrets = [
        base64.b64decode(encoded),
        base64.b64decode(encoded).hex().encode(),
        encoded.encode(),
        app.config["SECRET_KEY"].encode(),
        app.config["LEDGER_SIGNING_KEY"].encode(),
        base64.b64decode(app.config["LEDGER_SIGNING_KEY"]),
    ]
    assert len(files_of(backup)) == 3
    for path in files_of(backup):
        content = path.read_bytes()
        assert [secret for secret in secrets if secret in content] == []


@pytest.mark.sqlite
def test_a_folder_in_use_is_refused(backup, runner):
    before = sorted(files_of(backup))
    result = runner.invoke(args=["backup", "create", str(backup)])
    assert result.exit_code == 1
    assert result.stderr == (f"Error: {backup} is not empty. Name a new folder for each backup.\n")
    assert sorted(files_of(backup)) == before


@pytest.mark.sqlite
def test_two_backups_into_one_folder_are_refused(province, runner, tmp_path):
    (tmp_path / "nightly.part").mkdir()
    result = runner.invoke(args=["backup", "create", str(tmp_path / "nightly")])
    assert result.exit_code == 1
    assert "another backup runs, or one was interrupted" in result.stderr


@pytest.mark.sqlite
def test_an_empty_folder_is_taken(province, runner, tmp_path):
    (tmp_path / "nightly").mkdir()
    assert runner.invoke(args=["backup", "create", str(tmp_path / "nightly")]).exit_code == 0
    assert (tmp_path / "nightly" / "manifest.json").exists()


def test_only_its_owner_may_read_a_backup(backup):
    for path in (backup, *backup.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.sqlite
def test_a_missing_document_is_named(province, runner, elsewhere, tmp_path):
    (tmp_path / "documents" / province.key).unlink()
    folder = tmp_path / "nightly"
    result = runner.invoke(args=["backup", "create", str(folder)])
    assert result.exit_code == 1
    assert f"The document {province.key} is missing" in result.stderr
    was_missing = f"The document {province.key} was missing already when the backup was made.\n"
    other = elsewhere.test_cli_runner()
    for command, end in (("verify", "1 things are wrong.\n"), ("restore", "for the rows.\n")):
        result = other.invoke(args=["backup", command, str(folder)])
        assert result.exit_code == 1
        assert result.stderr.startswith(was_missing)
        assert result.stdout.endswith(end)


@pytest.mark.parametrize("actor", [ADMINISTRATOR, AUDITOR, WORKER], ids=lambda actor: actor.ref)
@pytest.mark.parametrize("verb", [create_backup, verify_backup, restore_backup])
@pytest.mark.sqlite
def test_it_is_for_the_command_line_alone(session, tmp_path, verb, actor):
    with pytest.raises(ForbiddenError):
        verb(tmp_path / "backup", actor=actor)
    assert not (tmp_path / "backup").exists()


@pytest.mark.sqlite
def test_a_killed_backup_leaves_nothing_that_is_taken_for_one(app, province, runner, tmp_path):
    """The document is a pipe: the command waits in the middle until it is killed."""
    paper = tmp_path / "documents" / province.key
    paper.unlink()
    os.mkfifo(paper)
    folder = tmp_path / "nightly"
    process = _start(app, folder)
    try:
        pipe = _wait_for_reader(paper, process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
        os.close(pipe)
    finally:
        process.kill()
        process.communicate()
    assert not folder.exists()
    part = tmp_path / "nightly.part"
    assert any(part.iterdir()), "it was in the middle"
    result = runner.invoke(args=["backup", "verify", str(part)])
    assert result.exit_code == 1
    assert f"{part} is no whole backup" in result.stderr


def _start(app, folder):
    """``flask backup create`` in a process of its own."""
    names = ("SECRET_KEY", "FIELD_KEYS", "LEDGER_SIGNING_KEY", "DOCUMENTS_URL")
    environment = {
        **os.environ,
        **{name: app.config[name] for name in names},
        "PUBLIC_URL": "https://fund.example.go.th",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "fundapp", "backup", "create", str(folder)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _wait_for_reader(pipe, process):
    """The writing end, as soon as the process reads the other."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout.read().decode()
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
    raise AssertionError("nobody read the document")
