"""An older backup is put in the place of the books: nothing is written, everything says why, and
the books go on as docs/operations.md tells, under the next number of the log.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fundapp.access.permissions import Role
from tests.factories.books import make_gift
from tests.factories.identity import make_user, open_session_of

WHY = "the log has 2 entries, but 3 were signed"
VERIFIER = Path(__file__).parents[2] / "verifier" / "verify.py"
PAYMENT = {
    "amount": "500", "fund": "GENERAL", "payer_name": "Hasan Daud", "method": "cash",
    "received_on": "24/11/2569",
}  # fmt: skip


def run(app, *args):
    result = app.test_cli_runner().invoke(args=list(args))
    return result.exit_code, result.output


def sign(app):
    assert run(app, "ledger", "seal")[0] == 0
    status, note = run(app, "ledger", "checkpoint")
    assert status == 0
    return note


@pytest.fixture
def restored(app, province, tmp_path, elsewhere):
    """The books of before the last gift; gives the officer's browser and the two checkpoints."""
    officer = make_user(Role.FUND_OFFICER)
    make_gift(600)
    early = sign(app)
    assert run(app, "backup", "create", str(tmp_path / "backup"))[0] == 0
    make_gift(700)
    late = sign(app)
    shutil.copy(app.config["LEDGER_CHECKPOINT_FILE"], elsewhere.config["LEDGER_CHECKPOINT_FILE"])
    status, said = run(elsewhere, "backup", "restore", str(tmp_path / "backup"))
    assert status == 1
    assert "is what was signed" in said
    client = elsewhere.test_client()
    client.set_cookie("sid", open_session_of(elsewhere, officer.email))
    client.set_cookie("lang", "en")
    return client, early, late


def test_nothing_is_written_until_the_log_begins_anew(restored, elsewhere, tmp_path):
    client, early, late = restored
    for command in ("seal", "checkpoint", "verify"):
        status, said = run(elsewhere, "ledger", command)
        assert (status, WHY in said) == (1, True), command
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json["books"] == WHY
    refused = client.post("/payments/new", data=PAYMENT)
    assert (refused.status_code, WHY in refused.text) == (422, True)
    assert "Hasan Daud" in refused.text
    assert client.get("/").status_code == client.get("/payments").status_code == 200

    reason = "Backup of 23 November restored, 1 entry entered again"
    status, said = run(elsewhere, "ledger", "begin-anew", "--reason", reason)
    assert (status, said) == (0, "Log 2 begins after 2 entries.\n")
    assert client.post("/payments/new", data=PAYMENT).status_code == 303
    newest = sign(elsewhere)
    assert "/ledger/2\n3\n" in newest
    assert client.get("/readyz").status_code == 200
    assert run(elsewhere, "ledger", "verify")[0] == 0
    shown = client.get("/ledger/checkpoints").text
    assert reason in shown

    archive = tmp_path / "books.zip"
    assert (
        run(elsewhere, "ledger", "export", "--format", "bundle", "--output", str(archive))[0] == 0
    )
    key = run(elsewhere, "ledger", "vkey")[1].strip()
    assert verify(archive, key, early, tmp_path / "early") == 0
    assert verify(archive, key, late, tmp_path / "late") == 1


def verify(archive, key, kept, folder):
    """What the verifier ends with, given a checkpoint that somebody kept."""
    folder.mkdir()
    (folder / "kept.txt").write_text(kept, encoding="utf-8")
    command = [sys.executable, VERIFIER, archive, "--vkey", key, "--pinned", folder]
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode
