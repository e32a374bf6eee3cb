"""The bundle: all that somebody outside needs to check the books with ``verifier/verify.py``.

A ZIP archive, of one moment: ``entries.jsonl`` (the canonical bytes of each sealed entry and a line
feed, in the order of the log), ``checkpoints/*.txt``, ``vkeys.txt``, ``trial_balance.csv`` and
``thread.csv`` of those entries, and the files that packages above add (`add_to_bundle`),
``receipts.csv`` and ``reconciliation.csv`` among them.
"""

import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from flask import Flask, current_app
from sqlalchemy import select, text

from fundapp.csv_safety import csv_lines
from fundapp.db import db
from fundapp.ledger.log.queries import published_note
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.models.log import LogCheckpoint, LogLeaf
from fundapp.ledger.thread.exports import thread_lines

#: The lines of a further file of the bundle, of entries with a place before the size of the log.
Lines = Callable[[], Iterator[str]]
_FILES = "files_of_the_bundle"
_BATCH = 5000
_TRIAL_HEADER = ("account", "fund", "debit_satang", "credit_satang")
_TRIAL = """
SELECT account, fund, sum(debit), sum(credit) FROM (
    SELECT debit_account_code AS account, fund_code AS fund, amount_satang AS debit, 0 AS credit
    FROM postings JOIN log_leaves USING (entry_id)
    UNION ALL
    SELECT credit_account_code, fund_code, 0, amount_satang
    FROM postings JOIN log_leaves USING (entry_id)
) AS sides GROUP BY account, fund ORDER BY account, fund
"""


def add_to_bundle(app: Flask, name: str, lines: Lines) -> None:
    """Let a package above add a file."""
    app.extensions.setdefault(_FILES, {})[name] = lines


def write_bundle(output: BinaryIO) -> int:
    """Write the archive, as the books are when it begins; gives how many entries it holds."""
    db.session.rollback()
    files: dict[str, Lines] = {
        "vkeys.txt": _vkeys,
        "trial_balance.csv": _trial_balance,
        "thread.csv": thread_lines,
        **current_app.extensions.get(_FILES, {}),
    }
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("entries.jsonl", "w", force_zip64=True) as file:
            count = 0
            for canonical in _entries():
                file.write(canonical + b"\n")
                count += 1
        for checkpoint in db.session.scalars(select(LogCheckpoint)):
            name = f"checkpoints/{checkpoint.number}-{checkpoint.size:012d}.txt"
            archive.writestr(name, published_note(checkpoint))
        for name, lines in files.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.writelines(line.encode() for line in lines())
    return count


def _entries() -> Iterator[bytes]:
    after = -1
    while True:
        rows = db.session.execute(
            select(LogLeaf.leaf_index, JournalEntry.canonical)
            .join(JournalEntry, JournalEntry.id == LogLeaf.entry_id)
            .where(LogLeaf.leaf_index > after)
            .order_by(LogLeaf.leaf_index)
            .limit(_BATCH)
        ).all()
        if not rows:
            return
        yield from (bytes(canonical) for _, canonical in rows)
        after = rows[-1][0]


def _vkeys() -> Iterator[str]:
    """For comparing with the key on paper, never for believing."""
    keys = select(LogCheckpoint.vkey).distinct().order_by(LogCheckpoint.vkey)
    yield from (f"{key}\n" for key in db.session.scalars(keys))


def _trial_balance() -> Iterator[str]:
    return csv_lines(_TRIAL_HEADER, (list(row) for row in db.session.execute(text(_TRIAL))))
