"""Marks: what the checks of the night do not read again, and how a full run finds what was changed
before a mark all the same.
"""

import base64
import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import text

from fundapp import clock as app_clock
from fundapp.audit.batches import carry_out_order
from fundapp.audit.checks import run_checks
from fundapp.audit.models import CheckMark, CheckRun
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.ids import new_id
from fundapp.ledger.log.operations import seal_entries, sign_checkpoint
from fundapp.ledger.models import JournalEntry
from fundapp.worker.rounds import Rounds
from tests.audit.tampering import tamper
from tests.conftest import made_up_key
from tests.factories.actors import COMMAND_LINE, OFFICER
from tests.factories.books import make_fund, make_gift
from tests.factories.checks import run_checks_by_worker
from tests.factories.samples import make_sample

OLD_MEMO = "UPDATE journal_entries SET memo = 'Something else' WHERE id = {}"


@pytest.fixture
def entries(session, clock):
    """Three entries that were made two days ago, each in an hour of its own. Ids grow from test to
    test, whatever the clock says.
    """
    clock.move_to(moment_of(new_id()))
    make_fund("GENERAL")
    made = []
    for _ in range(3):
        made.append(make_gift(500))
        clock.shift(timedelta(hours=1))
    clock.shift(timedelta(days=2))
    return [entry.id for entry in made]


def moment_of(row_id):
    """When an id was made, a second later at most."""
    return datetime(2020, 1, 1, 0, 0, 1, tzinfo=UTC) + timedelta(milliseconds=row_id >> 21)


def marks():
    rows = db.session.execute(db.select(CheckMark.entry_id, CheckMark.entry_count))
    return sorted(tuple(row) for row in rows)


def red_of_full_run():
    return {result.check.name for result in run_checks() if not result.is_green}


def red_of_night():
    results = run_checks_by_worker(is_full=False)
    return {result.check.name for result in results if not result.is_green}


def rewrite(entry_id):
    """Change what an entry says, and make its bytes and hashes again so that they agree."""
    entry = db.session.get(JournalEntry, entry_id)
    sealed = entry.canonical.decode().replace(f'"memo":"{entry.memo}"', '"memo":"Something else"')
    content = sealed
    for key in ("at", "entry"):
        begin = content.index(f'"{key}":"') + len(key) + 4
        content = content[:begin] + content[content.index('"', begin) :]
    values = {
        "canonical": sealed.encode(),
        "content_hash": hashlib.sha256(content.encode()).digest(),
        "leaf_hash": hashlib.sha256(b"\0" + sealed.encode()).digest(),
    }
    literal = "'\\x{}'" if db.engine.dialect.name == "postgresql" else "x'{}'"
    changes = ", ".join(f"{name} = {literal.format(v.hex())}" for name, v in values.items())
    tamper(
        "journal_entries",
        f"UPDATE journal_entries SET memo = 'Something else', {changes} WHERE id = {entry_id}",
    )


def test_a_night_without_red_sets_a_mark_once(entries):
    assert red_of_night() == set()
    assert marks() == [(entries[-1], 3)]
    assert red_of_night() == set()
    assert marks() == [(entries[-1], 3)]
    assert red_of_full_run() == set()


def test_the_next_mark_goes_on_from_the_last_one(entries, clock):
    red_of_night()
    newer = make_gift(700).id
    clock.shift(timedelta(days=2))
    assert red_of_night() == set()
    assert marks() == [(entries[-1], 3), (newer, 4)]
    assert red_of_full_run() == set()


def test_entries_of_the_last_day_are_read_again_the_next_night(entries):
    newest = make_gift(700).id
    red_of_night()
    assert marks() == [(entries[-1], 3)]
    tamper("journal_entries", OLD_MEMO.format(newest))
    assert red_of_night() == {"ledger.sealed-rows"}


def test_what_changed_before_the_mark_is_found_by_the_full_run_alone(entries):
    red_of_night()
    tamper("journal_entries", OLD_MEMO.format(entries[0]))
    assert red_of_night() == set()
    assert red_of_full_run() == {"ledger.sealed-rows"}


def test_a_sample_of_before_the_mark_is_drawn_again_by_the_full_run_alone(entries, clock):
    """And one that was drawn since, in the night."""
    drawn = make_sample(1_000).id
    item = "UPDATE audit_sample_items SET hits = hits + 1 WHERE sample_id = {}"
    clock.shift(timedelta(hours=1))
    make_gift(900)
    clock.shift(timedelta(days=2))
    assert red_of_night() == set()
    tamper("audit_sample_items", item.format(drawn))
    assert red_of_night() == set()
    assert red_of_full_run() == {"audit.samples"}
    tamper("audit_sample_items", item.format(make_sample(1_000).id))
    assert red_of_night() == {"audit.samples"}


def test_an_entry_that_was_sealed_anew_is_found_by_the_mark_alone(entries):
    rewrite(entries[0])
    assert red_of_full_run() == set()
    assert red_of_night() == set()  # what is rewritten before the first mark, nobody finds here
    rewrite(entries[1])
    assert red_of_full_run() == {"ledger.marks"}


def test_an_entry_that_is_gone_before_the_mark_is_found_by_its_count(entries):
    red_of_night()
    tamper("journal_entries", f"DELETE FROM journal_entries WHERE id = {entries[1]}")
    found = {r.check.name: r.violations for r in run_checks() if not r.is_green}
    (violation,) = found["ledger.marks"]
    assert violation.problem.endswith("there are 2 now")


@pytest.mark.sqlite
def test_a_red_check_sets_no_mark(entries):
    tamper("journal_entries", OLD_MEMO.format(entries[0]))
    assert red_of_night() == {"ledger.sealed-rows"}
    assert marks() == []


def test_a_mark_that_somebody_else_set_skips_nothing(entries):
    newest = make_gift(700).id
    tamper("journal_entries", OLD_MEMO.format(newest))
    zeros = (
        "decode(repeat('00', 32), 'hex')"
        if db.engine.dialect.name == "postgresql"
        else ("zeroblob(32)")
    )
    unit_of_work(
        db.session.execute,
        text(
            "INSERT INTO check_marks (entry_id, entry_count, leaves_sha256, proof, marked_at)"
            f" VALUES ({newest}, 4, {zeros}, {zeros}, '2026-11-24T00:00:00Z')"
        ),
    )
    assert red_of_night() == {"ledger.sealed-rows", "ledger.marks"}
    assert red_of_full_run() == {"ledger.sealed-rows", "ledger.marks"}


@pytest.mark.sqlite
def test_nobody_but_the_worker_and_commands_sets_a_mark(entries):
    with pytest.raises(ForbiddenError):
        carry_out_order(actor=OFFICER, stop=threading.Event())
    assert marks() == []


@pytest.mark.sqlite
def test_the_worker_checks_once_in_a_night_and_logs_what_is_red(entries, clock, caplog):
    tamper("journal_entries", OLD_MEMO.format(entries[0]))
    rounds = Rounds()
    clock.shift(timedelta(hours=(5 - app_clock.now().hour) % 24))  # 12:00 in Thailand
    rounds.work_once()
    assert "audit check" not in caplog.text
    night = (20 - app_clock.now().hour) % 24  # 03:00 in Thailand is 20:00 UTC
    clock.shift(timedelta(hours=night))
    with caplog.at_level("INFO", current_app.logger.name):
        rounds.work_once()
        rounds.work_once()
    assert caplog.text.count("audit check ledger.sealed-rows: JE") == 1


@pytest.mark.sqlite
def test_the_command_sets_a_mark_when_it_begins_after_the_last_one(entries, runner):
    assert runner.invoke(args=["audit", "check"]).exit_code == 0
    assert marks() == []
    assert runner.invoke(args=["audit", "check", "--new-entries"]).exit_code == 0
    assert marks() == [(entries[-1], 3)]
    tamper("journal_entries", OLD_MEMO.format(entries[0]))
    assert runner.invoke(args=["audit", "check", "--new-entries"]).exit_code == 0
    assert runner.invoke(args=["audit", "check"]).exit_code == 1


def test_a_run_since_a_checkpoint_reads_what_came_after_it(entries, runner, tmp_path):
    """From the size of the checkpoint, or from the paper that somebody kept."""
    secret = base64.b64decode(made_up_key("ledger"))
    unit_of_work(seal_entries, actor=COMMAND_LINE)
    note = unit_of_work(sign_checkpoint, secret, actor=COMMAND_LINE).note
    later = make_gift(700).id
    paper = tmp_path / "kept.txt"
    paper.write_text(note, encoding="utf-8")
    tamper("journal_entries", OLD_MEMO.format(entries[0]))
    size = str(len(entries))

    def since(checkpoint, *more):
        return runner.invoke(args=["audit", "check", "--since", checkpoint, *more])

    for checkpoint in (size, str(paper)):
        done = since(checkpoint, "--json")
        states = {each["name"]: each["state"] for each in json.loads(done.stdout)["checks"]}
        assert (done.exit_code, states["ledger.sealed-rows"]) == (0, "green"), done.output
    db.session.rollback()
    run = db.session.scalars(db.select(CheckRun).order_by(CheckRun.id.desc())).first()
    assert (run.is_full, run.began_after, run.entry_count) == (False, None, len(entries) + 1)
    assert marks() == []
    tamper("journal_entries", OLD_MEMO.format(later))
    assert since(size).exit_code == 1
    assert runner.invoke(args=["audit", "check"]).exit_code == 1
    paper.write_text(note.replace(f"\n{size}\n", f"\n{int(size) - 1}\n"), encoding="utf-8")
    for wrong in ("77", str(paper), "no file"):
        assert since(wrong).exit_code == 1, wrong
    assert since(size, "--new-entries").exit_code == 2
