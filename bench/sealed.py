"""The sealed log, the thread and posting on large books, with others on the same data beside them.

Entries are posted into the books that are measured: pages are timed before.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import text

from bench.databases import FOLDER, ROOT, dispose, fund_code, settings
from bench.figures import Figures
from bench.fund import BOOKKEEPER, post_gift
from bench.processor import clock_of
from fundapp import clock, create_app
from fundapp.access.actors import COMMAND_LINE, WORKER
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart, exports, queries
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.log.bundle import write_bundle
from fundapp.ledger.log.operations import seal_entries, sign_checkpoint
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import fold_balances, post_entries

SECRET = bytes(range(32))
NEW_ENTRIES, CHILDREN = 1000, 4400
MOST_SEALING, MOST_THREAD, MOST_POSTING = 1.0, 2.0, 1.10
MOST_VERIFYING, MOST_VERIFYING_MB = 120.0, 1000.0
#: Rounds of posting on both books in turn, and the gifts of each.
ROUNDS, GIFTS = 9, 100
#: Seconds after which a program beside ours is given up.
PATIENCE = 1800
_BALANCES = """
SELECT account, sum(satang) FROM (
    SELECT debit_account_code AS account, amount_satang AS satang FROM postings
    UNION ALL SELECT credit_account_code, -amount_satang FROM postings
) AS sides GROUP BY account ORDER BY account
"""


def measure(kind: str, large: str, empty: str, figures: Figures) -> None:
    """Print the figures of the large books; ``empty`` are books without an entry."""
    with (
        TemporaryDirectory(prefix="fund-bench-", dir=FOLDER) as name,
        books(large, Path(name)) as app,
        books(empty, Path(name)) as other,
    ):
        title = f"{kind} {_count(app):,} entries"
        compare_posting(title, app, other, figures)
        seal(title, app, figures)
        approve(title, app, figures)
        verify(title, app, Path(name), figures)
        beside(title, app, Path(name), figures)


@contextmanager
def books(url: str, folder: Path) -> Iterator[Flask]:
    """The application on books whose last checkpoint has a file of its own."""
    own = folder / f"checkpoint-{len(list(folder.iterdir()))}"
    own.mkdir()
    app = create_app({**settings(url), "LEDGER_CHECKPOINT_FILE": str(own / "checkpoint")})
    try:
        yield app
    finally:
        dispose(app)


def _count(app: Flask) -> int:
    with app.app_context():
        return int(db.session.execute(text("SELECT count(*) FROM journal_entries")).scalar_one())


def compare_posting(title: str, large: Flask, empty: Flask, figures: Figures) -> None:
    """One gift after the other, each durable, on both books in turn: processor time of each."""
    sides = [(partial(_post, app, GIFTS), clock_of(app)) for app in (large, empty)]
    for post, _at in sides:
        post()
    rounds = [[_timed(post, at) for post, at in sides] for _ in range(ROUNDS)]
    cpu = [[each[side][0] for each in rounds] for side in (0, 1)]
    wall = [statistics.median(each[side][1] for each in rounds) / GIFTS * 1e6 for side in (0, 1)]
    ratio = statistics.median(ours / theirs for ours, theirs in zip(*cpu, strict=True))
    told = [statistics.median(each) / GIFTS * 1e6 for each in cpu]
    figures.tell(
        f"{title}: one gift",
        f"{told[0]:.0f} µs, on empty books {told[1]:.0f} µs (wall {wall[0]:.0f}, {wall[1]:.0f})",
    )
    figures.at_most(f"{title}: posting to posting on empty books", ratio, MOST_POSTING, "times")


def _post(app: Flask, count: int) -> None:
    for _ in range(count):
        with app.app_context():
            post_gift(fund_code(0))


def _timed(work: Callable[[], object], at: Callable[[], float]) -> tuple[float, float]:
    """Seconds of the processor and on the wall."""
    began, began_on_wall = at(), time.perf_counter()
    work()
    return at() - began, time.perf_counter() - began_on_wall


def _judge(name: str, took: tuple[float, float], aim: float, figures: Figures) -> None:
    cpu, wall = took
    figures.judge(name, f"{cpu:7.2f} s  (wall {wall:.2f})", f"at most {aim:g} s", cpu <= aim)


def seal(title: str, app: Flask, figures: Figures) -> None:
    """Seal 1,000 new entries and sign: what the worker does every few seconds."""
    at, code = clock_of(app), fund_code(0)
    with app.app_context():
        took = _timed(lambda: seal_everything(actor=COMMAND_LINE), at)
        unit_of_work(sign_checkpoint, SECRET, actor=COMMAND_LINE)
    figures.tell(f"{title}: sealing what was there", f"{took[0]:7.1f} s  (wall {took[1]:.1f})")
    with app.app_context():
        unit_of_work(post_entries, _gifts(code, NEW_ENTRIES), actor=BOOKKEEPER)
    with app.app_context():
        sealing = _timed(lambda: unit_of_work(seal_entries, actor=COMMAND_LINE), at)
        signing = _timed(lambda: unit_of_work(sign_checkpoint, SECRET, actor=COMMAND_LINE), at)
    took = sealing[0] + signing[0], sealing[1] + signing[1]
    _judge(f"{title}: sealing {NEW_ENTRIES:,} entries, and signing", took, MOST_SEALING, figures)


def approve(title: str, app: Flask, figures: Figures) -> None:
    """Approve help for 4,400 children in one unit of work, beside as many gifts. What it takes more
    is the thread, and the check that no fund goes below zero.
    """
    at, code = clock_of(app), fund_code(0)
    takes = []
    for drafts in (_gifts(code, CHILDREN), _approvals(code, CHILDREN)):
        with app.app_context():
            unit_of_work(fold_balances, actor=WORKER)  # as the worker does every few seconds
            post = partial(unit_of_work, post_entries, drafts, actor=BOOKKEEPER)
            takes.append(_timed(post, at))
    more = takes[1][0] - takes[0][0], takes[1][1] - takes[0][1]
    figures.tell(
        f"{title}: {CHILDREN:,} approvals", f"{takes[1][0]:7.2f} s  (wall {takes[1][1]:.2f})"
    )
    _judge(f"{title}: {CHILDREN:,} approvals beyond as many gifts", more, MOST_THREAD, figures)


def _gifts(code: str, count: int) -> list[EntryDraft]:
    line = PostingDraft(code, chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 150_000)
    return _drafts(EntryKind.DONATION, line, count)


def _approvals(code: str, count: int) -> list[EntryDraft]:
    line = PostingDraft(code, chart.ASSISTANCE_EDUCATION, chart.ASSISTANCE_PAYABLE, 150_000)
    return _drafts(EntryKind.ASSISTANCE_APPROVED, line, count)


def _drafts(kind: EntryKind, line: PostingDraft, count: int) -> list[EntryDraft]:
    stem = f"bench-{kind}-{time.time_ns()}"
    return [
        EntryDraft(
            kind=kind, entry_on=clock.today(), memo="ทดสอบ", postings=[line],
            source_type="payment", source_ref=f"{stem}-{number}", maker="bench", checker="second",
            idempotency_key=f"{stem}-{number}",
        )
        for number in range(count)
    ]  # fmt: skip


def verify(title: str, app: Flask, folder: Path, figures: Figures) -> None:
    """Write the bundle, and check it with the program for outsiders."""
    bundle = folder / "books.zip"
    with app.app_context():
        seal_everything(actor=COMMAND_LINE)
        vkey = unit_of_work(sign_checkpoint, SECRET, actor=COMMAND_LINE).vkey
        with bundle.open("wb") as output:
            took = _timed(lambda: write_bundle(output), clock_of(app))
    figures.tell(f"{title}: the bundle", f"{took[0]:7.1f} s  (wall {took[1]:.1f})")
    command = [sys.executable, "-I", str(ROOT / "verifier/verify.py"), str(bundle), "--vkey", vkey]
    cpu, wall, megabytes = run(command)
    _judge(f"{title}: verify.py", (cpu, wall), MOST_VERIFYING, figures)
    figures.at_most(f"{title}: verify.py, memory", megabytes, MOST_VERIFYING_MB, "MB")


def beside(title: str, app: Flask, folder: Path, figures: Figures) -> None:
    """The balance of every account: ours, plain SQL over postings, and hledger on the export."""
    with app.app_context():
        at = clock_of(app)
        ours = _timed(lambda: queries.trial_balance(clock.today()), at)
        plain = _timed(lambda: db.session.execute(text(_BALANCES)).all(), at)
    program = which("hledger")
    figures.tell(f"{title}: trial balance", f"{ours[0] * 1e3:9.1f} ms (wall {ours[1] * 1e3:.1f})")
    figures.tell(f"{title}: the same by plain SQL",
                 f"{plain[0] * 1e3:9.1f} ms (wall {plain[1] * 1e3:.1f})")  # fmt: skip
    if program is None:
        figures.tell(f"{title}: the same by hledger", "hledger is not installed")
        return
    journal = folder / "books.journal"
    with app.app_context(), journal.open("wb") as output:
        output.writelines(piece.encode() for piece in exports.export_lines("hledger"))
    cpu, wall, megabytes = run([program, "-f", str(journal), "balance", "-O", "csv", "--flat"])
    figures.tell(
        f"{title}: the same by hledger", f"{cpu:7.1f} s  (wall {wall:.1f}, {megabytes:.0f} MB)"
    )


def run(command: Sequence[str]) -> tuple[float, float, float]:
    """Run a program: its seconds of processor time, on the wall, and its memory at most, in MB.
    RuntimeError when it fails.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        ["timeout", str(PATIENCE), *command], stdout=subprocess.DEVNULL, cwd=ROOT
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{Path(command[0]).name} ended with {process.returncode}")
    wall = time.perf_counter() - began
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024
