"""The drill of docs/operations.md: a backup made while gifts come in, restored elsewhere."""

import json
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from fundapp.db import db
from fundapp.ledger.models import JournalEntry
from fundapp.trail.models import AuditEvent
from tests.factories.books import make_gift
from tests.factories.disbursements import make_paid, make_team, prove
from tests.factories.documents import make_paper

WRITERS = 3
#: Gifts that one writer records at most.
MOST = 500


@pytest.fixture
def province(session):
    """A child, help that was paid and proved, and a paper; gives the paper's storage key."""
    team = make_team()
    prove(make_paid(team), team)
    return SimpleNamespace(key=make_paper())


class Gifts:
    """Threads that record gifts and papers until told to stop; acknowledged gifts are listed."""

    def __init__(self, app):
        self.app = app
        self.acknowledged = []
        self.began = threading.Barrier(WRITERS + 1, timeout=30)
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._record) for _ in range(WRITERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.began.wait()
        return self

    def __exit__(self, *_error):
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=30)
        assert not any(thread.is_alive() for thread in self.threads)

    def _record(self):
        with self.app.app_context():
            self.acknowledged.append(make_gift(100).id)
            self.began.wait()
            for _ in range(MOST):
                if self.stop.is_set():
                    break
                self.acknowledged.append(make_gift(100).id)
                make_paper()


def figures(runner):
    result = runner.invoke(args=["ledger", "trial-balance", "--format", "json"])
    assert result.exit_code == 0, result.output
    accounts = json.loads(result.stdout)["accounts"]
    debits, credits = (
        sum(each[side] for each in accounts) for side in ("debit_satang", "credit_satang")
    )
    assert debits == credits > 0
    return debits


def actions(ref):
    statement = select(AuditEvent.action).where(
        AuditEvent.subject_type == "backup", AuditEvent.subject_ref == ref
    )
    return set(db.session.scalars(statement))


def test_the_drill(app, province, runner, elsewhere, tmp_path, session):
    before = figures(runner)
    folder, other = tmp_path / "nightly", elsewhere.test_cli_runner()

    with Gifts(app) as gifts:
        early = list(gifts.acknowledged)
        result = runner.invoke(args=["backup", "create", str(folder)])
        late = len(gifts.acknowledged)
    assert result.exit_code == 0, result.output
    digest = result.stdout.split()[-1]
    assert late > len(early), "the writers were stopped"
    assert (folder.stat().st_mode & 0o777) == 0o700
    assert not folder.with_name("nightly.part").exists()
    assert actions(digest) == {"backup:backup:create"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["rows"]["children"] == 1

    folder = Path(shutil.copytree(folder, tmp_path / "elsewhere" / "nightly"))
    result = other.invoke(args=["backup", "verify", str(folder)])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "The backup is whole."
    assert digest in result.stdout

    result = other.invoke(args=["backup", "restore", str(folder)])
    assert result.exit_code == 0, result.output
    assert "audit check: 0 of " in result.stdout
    with elsewhere.app_context():
        entries = set(db.session.scalars(select(JournalEntry.id)))
        assert entries >= set(early), "what was acknowledged before is in it"
        assert len(entries) == manifest["rows"]["journal_entries"]
        assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == (
            manifest["rows"]["audit_events"] + 1
        )
        assert actions(digest) == {"backup:backup:restore"}
    assert before + 100 * len(early) <= figures(other) <= figures(runner)
    assert other.invoke(args=["audit", "check"]).exit_code == 0
    paper = tmp_path / "elsewhere" / "documents" / province.key
    assert paper.read_bytes() == (tmp_path / "documents" / province.key).read_bytes()


def test_what_is_restored_can_be_worked_with(backup, elsewhere):
    assert (
        elsewhere.test_cli_runner().invoke(args=["backup", "restore", str(backup)]).exit_code == 0
    )
    with elsewhere.app_context():
        count = db.session.query(JournalEntry).count()
        make_gift(100)
        assert db.session.query(JournalEntry).count() == count + 1
    assert elsewhere.test_client().get("/readyz").json["status"] == "ok"
