"""Posting one received donation durably, against the same three inserts with the bare driver.

A donation is an entry with two postings (gift and fee). The program also hashes it, seals it,
keeps balances, and looks up its key; the bare side only inserts ready-made rows into the same
tables, with the same keys and indexes but without triggers. Both sides fsync each one, all on one
fund.
"""

import hashlib
import multiprocessing
import secrets
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from typing import Any

import psycopg

from bench.databases import dispose, settings
from fundapp import create_app
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import db, sqlite_module, unit_of_work
from fundapp.ids import new_id
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import post_entry

SECONDS = 1.5
ROUNDS = 7
DAY = date(2026, 11, 24)

Posting = Callable[[str], Iterator[None]]

BOOKKEEPER = Actor("bench", frozenset(Permission))
POSTINGS = [
    PostingDraft("GEN", "1121", "4110", 100_000),
    PostingDraft("GEN", "5210", "1121", 1_000),
]
ENTRY = """
INSERT INTO journal_entries (
    id, kind, entry_on, posted_at, memo, source_type, source_ref, maker, checker, receipt, private,
    idempotency_key, content_hash, posting_count, total_satang, canonical, leaf_hash
) VALUES ({})
"""
POSTING = """
INSERT INTO postings (
    entry_id, position, posting_count, entry_on, fund_code, debit_account_code,
    credit_account_code, amount_satang
) VALUES ({})
"""


def draft() -> EntryDraft:
    """A donation with a fee."""
    key = secrets.token_hex(12)
    return EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=DAY,
        memo="เงินบริจาค",
        postings=POSTINGS,
        source_type="payment",
        source_ref=key,
        maker="bench",
        idempotency_key=key,
    )


def with_program(url: str) -> Iterator[None]:
    """Post one donation through `post_entry` at each step."""
    app = create_app(settings(url))
    with app.app_context():
        try:
            while True:
                unit_of_work(post_entry, draft(), actor=BOOKKEEPER)
                yield
        finally:
            dispose(app)


def with_driver(url: str) -> Iterator[None]:
    """Post one through the bare driver at each step: begin, three inserts, commit."""
    connection, mark, begin = _connect(url)
    entry, posting = ENTRY.format(", ".join([mark] * 17)), POSTING.format(", ".join([mark] * 8))
    cursor = connection.cursor()
    try:
        while True:
            row, first, second = _rows(mark == "?")
            cursor.execute(begin)
            try:
                cursor.execute(entry, row)
            except connection.IntegrityError:  # two writers drew one id: `post_entry` repeats, too
                cursor.execute("ROLLBACK")
                continue
            cursor.execute(posting, first)
            cursor.execute(posting, second)
            cursor.execute("COMMIT")
            yield
    finally:
        connection.close()


def _rows(text: bool) -> tuple[Any, ...]:
    entry_id, key = new_id(), secrets.token_hex(12)
    day: Any = DAY.isoformat() if text else DAY
    now: Any = datetime.now(UTC)
    now = now.strftime("%Y-%m-%dT%H:%M:%SZ") if text else now
    digest = hashlib.sha256(key.encode()).digest()
    ready_made = b"x" * 480
    row = (
        *(entry_id, "donation", day, now, "เงินบริจาค", "payment", key, "bench", "", "", "", key),
        *(digest, 2, 101_000, ready_made, digest),
    )
    first = (entry_id, 1, 2, day, "GEN", "1121", "4110", 100_000)
    return row, first, (entry_id, 2, 2, day, "GEN", "5210", "1121", 1_000)


def _connect(url: str) -> tuple[Any, str, str]:
    if url.startswith("sqlite"):
        driver: Any = sqlite_module() or sqlite3
        connection = driver.connect(
            url.removeprefix("sqlite:///"), timeout=20, isolation_level=None
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection, "?", "BEGIN IMMEDIATE"
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    return psycopg.connect(plain, autocommit=True), "%s", "BEGIN"


def drop_triggers(url: str) -> None:
    """Leave the bare tables, with their keys and indexes."""
    app = create_app(settings(url))
    with app.app_context():
        postgresql = db.engine.dialect.name == "postgresql"

        def work() -> None:
            names = ["journal_entries_seal"]
            if not postgresql:
                names += ["journal_entries_no_replace", "postings_balance", "postings_no_replace"]
            for name in names:
                suffix = " ON journal_entries" if postgresql else ""
                db.session.execute(db.text(f"DROP TRIGGER {name}{suffix}"))

        unit_of_work(work)
    dispose(app)


class Writers:
    """Processes that wait, and post for `SECONDS` whenever they are told to."""

    def __init__(self, posting: Posting, url: str, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            context.Process(target=_write, args=(posting, url, theirs), daemon=True).start()
            self.pipes.append(ours)
        for pipe in self.pipes:
            pipe.recv()

    def rate(self) -> float:
        """Postings a second of all of them at once."""
        for pipe in self.pipes:
            pipe.send(True)
        return float(sum(pipe.recv() for pipe in self.pipes)) / SECONDS

    def stop(self) -> None:
        """Let them end."""
        for pipe in self.pipes:
            pipe.send(False)
            pipe.close()


def _write(posting: Posting, url: str, pipe: Connection) -> None:
    steps = posting(url)
    next(steps)
    pipe.send("ready")
    while pipe.recv():
        until, done = time.monotonic() + SECONDS, 0
        while time.monotonic() < until:
            next(steps)
            done += 1
        pipe.send(done)
    steps.close()


def measure(kind: str, urls: dict[str, str], aims: dict[int, float]) -> None:
    """Print the rates and the median ratio for 1 and 8 writers, the two sides in turn."""
    drop_triggers(urls[f"{kind}-raw"])
    for writers, aim in aims.items():
        bare, fund = (
            Writers(with_driver, urls[f"{kind}-raw"], writers),
            Writers(with_program, urls[kind], writers),
        )
        pairs = [(bare.rate(), fund.rate()) for _ in range(ROUNDS)]
        bare.stop()
        fund.stop()
        ratio = statistics.median(ours / theirs for theirs, ours in pairs)
        bare_rate, fund_rate = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        print(
            f"posting   {kind:<11} {writers} writer(s)   bare {bare_rate:8.0f}/s"
            f"   fund {fund_rate:8.0f}/s   ratio {ratio:5.2f}   (aim {aim:.2f})"
        )
