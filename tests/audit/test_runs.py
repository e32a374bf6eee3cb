"""Runs of the checks: stored by the worker and by the command, asked for on the page."""

import json
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.audit import batches
from fundapp.audit.batches import carry_out_order
from fundapp.audit.checks import CHECKS
from fundapp.audit.models import CheckOrder, CheckRun, StoredResult
from fundapp.audit.operations import MOST_STORED, order_checks, take_order
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.trail.models import AuditEvent
from fundapp.worker.rounds import Rounds
from tests.audit.tampering import tamper
from tests.audit.test_marks import moment_of
from tests.factories.actors import AUDITOR, COMMAND_LINE, MANAGER, OFFICER, WORKER
from tests.factories.books import make_fund, make_gift
from tests.factories.checks import run_checks_by_worker
from tests.factories.identity import make_user, sign_in

OTHER_MEMO = "UPDATE journal_entries SET memo = 'Something else'"


@pytest.fixture
def books(session, clock):
    """A fund with a gift."""
    make_fund("GENERAL")
    return make_gift(500)


@pytest.fixture
def auditor(books, client):
    """A client in which an auditor is signed in."""
    client.set_cookie("lang", "en")
    user = make_user(Role.AUDITOR)
    sign_in(client, user)
    client.user = user
    return client


def runs():
    db.session.rollback()
    return list(db.session.scalars(db.select(CheckRun).order_by(CheckRun.id)))


def results(run):
    found = db.session.scalars(db.select(StoredResult).filter_by(run_id=run.id))
    return {result.name: result for result in found}


@pytest.mark.sqlite
def test_the_command_prints_and_stores(books, runner):
    tamper("journal_entries", OTHER_MEMO)
    printed = json.loads(runner.invoke(args=["audit", "check", "--format", "json"]).stdout)
    (run,) = runs()
    assert (run.asked_by, run.run_by, run.is_full, run.entry_count) == (
        "command-line", "command-line", True, 1,
    )  # fmt: skip
    stored = results(run)
    assert {name: str(result.state) for name, result in stored.items()} == {
        check["name"]: check["state"] for check in printed["checks"]
    }
    (offence,) = next(c for c in printed["checks"] if c["name"] == "ledger.sealed-rows")["offences"]
    assert stored["ledger.sealed-rows"].violations == [[offence["ref"], offence["problem"], {}]]
    assert stored["ledger.sealed-rows"].violation_count == 1


def test_the_first_rows_are_stored_and_all_are_counted(books):
    for _ in range(MOST_STORED):
        make_gift(100)
    tamper("journal_entries", OTHER_MEMO)
    run_checks_by_worker()
    stored = results(runs()[0])["ledger.sealed-rows"]
    assert (stored.violation_count, len(stored.violations)) == (MOST_STORED + 1, MOST_STORED)


@pytest.mark.sqlite
def test_the_page_runs_nothing_and_the_button_asks_the_worker(auditor, monkeypatch):
    assert "The checks have never run" in auditor.get("/audit/checks").text
    page = auditor.post("/audit/checks", follow_redirects=True).text
    assert "The checks will run soon" in page
    assert f"({auditor.user.name}) and waits for the server" in page
    assert runs() == []
    Rounds().work_once()
    (run,) = runs()
    assert (run.asked_by, run.run_by) == (auditor.user.public_id, "worker")
    page = auditor.get("/audit/checks").text
    assert f"All {len(CHECKS)} checks passed" in page
    assert "waits for the server" not in page
    assert auditor.user.name in page


@pytest.mark.sqlite
def test_who_asked_is_in_the_trail_and_two_orders_are_one(auditor):
    auditor.post("/audit/checks")
    auditor.post("/audit/checks")
    assert db.session.scalar(db.select(db.func.count(CheckOrder.id))) == 1
    events = db.session.scalars(db.select(AuditEvent).filter_by(action="audit:checks:order"))
    assert [event.actor for event in events] == [auditor.user.public_id] * 2


@pytest.mark.sqlite
def test_an_order_that_nobody_begins_says_so(auditor, clock):
    auditor.post("/audit/checks")
    assert "has not begun it" not in auditor.get("/audit/checks").text
    clock.shift(timedelta(minutes=3))
    assert "has not begun it" in auditor.get("/audit/checks").text


@pytest.mark.sqlite
def test_the_page_says_how_far_a_run_is(auditor, monkeypatch):
    """Asked while the run goes on: each time it looks whether it shall stop."""
    monkeypatch.setattr(batches, "NOTED_EVERY", 0)
    pages = []

    class Stop(threading.Event):
        def is_set(self):
            pages.append(auditor.get("/audit/checks").text)
            return len(pages) > 12

    auditor.post("/audit/checks")
    carry_out_order(actor=WORKER, stop=Stop())
    assert f"0 of {len(CHECKS)} checks done, 0 entries read" in pages[0]
    done = [re.search(r"(\d+) of \d+ checks done, (\d+) entries", page).groups() for page in pages]
    assert [int(checks) for checks, _entries in done] == sorted(int(c) for c, _ in done)
    assert int(done[-1][0]) > 10


def test_a_worker_that_stops_lets_another_begin_anew(books):
    unit_of_work(order_checks, actor=AUDITOR)
    stop = threading.Event()
    stop.set()
    assert carry_out_order(actor=WORKER, stop=stop) is None
    assert runs() == []
    assert carry_out_order(actor=WORKER, stop=threading.Event()) is not None
    assert len(runs()) == 1


def test_an_order_is_carried_out_once_unless_its_worker_falls_silent(books, clock):
    unit_of_work(order_checks, actor=AUDITOR)
    assert unit_of_work(take_order, actor=WORKER) is not None
    assert unit_of_work(take_order, actor=WORKER) is None
    clock.shift(timedelta(minutes=16))
    assert unit_of_work(take_order, actor=WORKER) is not None


@pytest.mark.sqlite
def test_a_run_that_fails_is_given_up_and_said(auditor, clock):
    auditor.post("/audit/checks")
    unit_of_work(db.session.execute, text("DROP VIEW account_months"))
    Rounds().work_once()
    assert runs() == []
    assert "could not be carried out" in auditor.get("/audit/checks").text


def test_several_workers_run_once_in_a_night(books, clock):
    night = (20 - app_clock.now().hour) % 24  # 03:00 in Thailand is 20:00 UTC
    clock.shift(timedelta(hours=night))
    for rounds in (Rounds(), Rounds()):
        rounds.work_once()
    (run,) = runs()
    assert (run.asked_by, run.is_full) == ("worker", False)


@pytest.mark.sqlite
def test_today_and_readyz_turn_yellow(auditor, clock):
    def said():
        db.session.rollback()
        return auditor.get("/today").text, auditor.get("/readyz").json.get("checks")

    page, note = said()
    assert "The checks of the books have never run." in page
    assert note == "have never run"
    run_checks_by_worker()
    page, note = said()
    assert "checks of the books" not in page.lower()
    assert note is None
    clock.shift(timedelta(hours=36, seconds=1))
    sign_in(auditor, auditor.user)
    page, note = said()
    assert "have not run for more than 36 hours" in page
    assert note == "have not run for 36 hours"
    tamper("journal_entries", OTHER_MEMO)
    run_checks_by_worker()
    page, note = said()
    assert "Checks of the books failed in the newest run" in page
    assert note == "failed"


@pytest.mark.sqlite
def test_a_green_night_after_its_mark_hides_no_red_of_a_full_run(auditor, books, clock):
    clock.move_to(moment_of(books.id) + timedelta(days=2))
    sign_in(auditor, auditor.user)
    run_checks_by_worker(is_full=False)
    tamper("journal_entries", OTHER_MEMO)
    run_checks_by_worker()
    run_checks_by_worker(is_full=False)
    full, night = runs()[1:]
    assert night.began_after is not None
    page = auditor.get("/audit/checks").text
    assert "found checks that failed" in page
    assert "1 check failed" in auditor.get(f"/audit/checks?run={full.id}").text
    assert auditor.get("/readyz").json["checks"] == "failed"


@pytest.mark.sqlite
def test_a_run_of_nobody_is_not_found(auditor):
    assert auditor.get("/audit/checks?run=17").status_code == 404


@pytest.mark.sqlite
def test_who_reads_no_books_asks_for_no_run(books):
    for actor in (MANAGER, COMMAND_LINE):
        with pytest.raises(ForbiddenError):
            unit_of_work(order_checks, actor=actor)
    with pytest.raises(ForbiddenError):
        unit_of_work(take_order, actor=OFFICER)


@pytest.mark.sqlite
def test_no_name_of_a_person_is_stored(books):
    user = make_user(Role.FUND_OFFICER)
    unit_of_work(
        db.session.execute,
        text(
            "INSERT INTO audit_events (id, at, actor, action, subject_type, subject_ref, note)"
            " VALUES (1, :at, 'command-line', 'identity:user:reset', 'user', :ref, 'paper')"
        ),
        {"at": app_clock.iso(app_clock.now()), "ref": user.public_id},
    )
    run_checks_by_worker()
    stored = results(runs()[0])["identity.command-resets"]
    day = app_clock.today().isoformat()
    problem = "was reset on the server on %(day)s"
    assert stored.violations == [[user.public_id, problem, {"day": {"day": day}}]]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("check_runs", "entry_count"),
        ("check_results", "took_ms"),
        ("check_run_proofs", "red_count"),
    ],
)
def test_what_was_stored_stays(books, table, column):
    run_checks_by_worker()
    for statement in (f"UPDATE {table} SET {column} = 0", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="append-only"):
            unit_of_work(db.session.execute, text(statement))


WRITTEN_BY_HAND = (
    "INSERT INTO check_runs (id, is_full, started_at, ended_at, asked_by, run_by, entry_count)"
    " SELECT max(id) + 1, is_full, started_at, ended_at, asked_by, run_by, entry_count"
    " FROM check_runs GROUP BY is_full, started_at, ended_at, asked_by, run_by, entry_count",
    "INSERT INTO check_results SELECT (SELECT max(id) FROM check_runs), name, position, 'green', 0,"
    " '[]', took_ms FROM check_results",
)


def test_a_green_run_that_somebody_wrote_counts_for_nothing(auditor):
    tamper("journal_entries", OTHER_MEMO)
    red = {r.check.name for r in run_checks_by_worker() if not r.is_green}
    assert red == {"ledger.sealed-rows"}
    for statement in WRITTEN_BY_HAND:
        unit_of_work(db.session.execute, text(statement))
    real, made_up = runs()
    page = auditor.get("/audit/checks").text
    assert "This program did not store this run" in page
    assert "Not proved" in page
    assert f"All {len(CHECKS)} checks passed" not in page
    assert "This program did not store" not in auditor.get(f"/audit/checks?run={real.id}").text
    assert auditor.get("/readyz").json["checks"] == "failed"
    # With a proof of another run, or of made-up bytes, it is no better.
    copied = (
        f"INSERT INTO check_run_proofs SELECT {made_up.id}, 0, yellow_count, results_sha256, proof"
        " FROM check_run_proofs"
    )
    unit_of_work(db.session.execute, text(copied))
    assert "This program did not store this run" in auditor.get("/audit/checks").text
    assert auditor.get("/readyz").json["checks"] == "failed"
    found = {r.check.name: r.violations for r in run_checks_by_worker()}
    assert [violation.problem[:20] for violation in found["audit.runs"]] == ["is a run of the chec"]


def test_results_that_somebody_changed_are_told_apart(auditor):
    tamper("journal_entries", OTHER_MEMO)
    run_checks_by_worker()
    green = "UPDATE check_results SET state = 'green', violation_count = 0, violations = '[]'"
    tamper("check_results", green)
    assert "This program did not store this run" in auditor.get("/audit/checks").text
    assert auditor.get("/readyz").json["checks"] == "failed"
    assert "audit.runs" in {r.check.name for r in run_checks_by_worker() if not r.is_green}


def test_a_proof_that_is_gone_is_missed_and_runs_of_before_are_listed(auditor):
    run_checks_by_worker()
    tamper("check_run_proofs", "DELETE FROM check_run_proofs")
    assert auditor.get("/readyz").json["checks"] == "have never run"
    found = {r.check.name: r.violations for r in run_checks_by_worker()}
    assert len(found["audit.runs"]) == 1
    # Nobody adds the run to those of before, which count for nothing and make no check red.
    listed = "INSERT INTO runs_before_proofs SELECT min(id) FROM check_runs"
    with pytest.raises(Exception, match=r"no row any more|append-only"):
        unit_of_work(db.session.execute, text(listed))
    tamper("runs_before_proofs", listed)
    for statement in ("UPDATE runs_before_proofs SET run_id = 1", "DELETE FROM runs_before_proofs"):
        with pytest.raises(Exception, match="append-only"):
            unit_of_work(db.session.execute, text(statement))
    assert "audit.runs" not in {r.check.name for r in run_checks_by_worker() if not r.is_green}


@pytest.mark.sqlite
def test_what_cannot_be_stored_is_printed_all_the_same(books, runner):
    full = "CREATE TRIGGER full BEFORE INSERT ON check_runs BEGIN SELECT RAISE(ABORT, 'full'); END"
    unit_of_work(db.session.execute, text(full))
    answer = runner.invoke(args=["audit", "check"])
    assert f"{len(CHECKS) - 1} green, 1 red" in answer.output
    assert "The results were not stored" in answer.output
    assert runs() == []
