"""Nine kinds of fraud, each at random places of made-up books, and 200 honest bundles: all frauds
are found by the verifier when a checkpoint is held outside, and no honest bundle is accused.

In this process, so that there can be many: `test_verifier` runs it as somebody outside does.
"""

import base64
import io
import random
import zipfile
from argparse import Namespace
from collections import Counter

import pytest

from fundapp.ledger.canonical import canonical_bytes, leaf_hash
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log.notes import Checkpoint, sign, vkey_of
from fundapp.ledger.log.tree import GrowingTree
from fundapp.ledger.thread.replay import FundReplay
from fundapp.ledger.thread.rule import Event, follow
from tests.ledger.log.test_verifier import FRAUDS, Insider, forge_thread, load_verifier

pytestmark = pytest.mark.sqlite  # no database is asked

SECRET = base64.b64decode(b"/".ljust(43, b"A") + b"=")
ORIGIN = "127.0.0.1/ledger/1"
VKEY = str(vkey_of(ORIGIN, SECRET))
NINE = [fraud for fraud in FRAUDS if fraud is not forge_thread]
HONEST, PLACES = 200, 20


def make_books(rng):
    """Gifts with receipts, help, and what undoes either: entries as they are signed, and the files
    that go with them. Funds never lack money.
    """
    entries, can_be_undone, available, receipts = [], [], 0, ["number,entry,state"]
    for number in range(1, rng.randrange(14, 30)):
        kind, reverses, debit, credit = "donation", "", "1121", "4110"
        satang, receipt = rng.randrange(100, 90_000), ""
        undone = rng.choice(can_be_undone) if can_be_undone and rng.random() < 0.2 else None
        if undone is not None and (undone[1] < 0 or available >= undone[1]):
            can_be_undone.remove(undone)
            kind, reverses, satang = "reversal", undone[0], abs(undone[1])
            debit, credit = ("2110", "5110") if undone[1] < 0 else ("4110", "1121")
        elif available > 200 and rng.random() < 0.4:
            kind, debit, credit = "assistance_approved", "5110", "2110"
            satang = rng.randrange(100, available)
        else:
            receipt = f"2570-{len(receipts):06d}"
            receipts.append(f"{receipt},{entry_number(number)},valid")
        net = satang if "4110" in credit or "5110" in credit else -satang
        available += net
        if kind != "reversal":
            can_be_undone.append((entry_number(number), net))
        entries.append(
            {
                "actors": {"maker": "u-1", "checker": "u-2"}, "at": "2026-11-24T10:00:00Z",
                "currency": "THB", "entry": entry_number(number), "kind": kind, "memo": "บริจาค",
                "on": "2026-11-24", "private": "", "receipt": receipt, "reverses": reverses,
                "source": {"ref": f"{number}", "type": "payment"}, "v": "1",
                "postings": [
                    {"fund": "F", "debit": debit, "credit": credit, "satang": f"{satang}"}
                ],
            }
        )  # fmt: skip
    return entries, receipts


def files_of_books(entries, receipts):
    totals, events = Counter(), []
    known = {entry["entry"]: number for number, entry in enumerate(entries, start=1)}
    for number, entry in enumerate(entries, start=1):
        (posting,) = entry["postings"]
        satang = int(posting["satang"])
        totals[posting["debit"], 0] += satang
        totals[posting["credit"], 1] += satang
        net = satang * ((posting["credit"] >= "3") - (posting["debit"] >= "3"))
        events.append(Event(number, "F", net, known.get(entry["reverses"])))
    replay = FundReplay({event.undoes for event in events})
    for event in events:
        follow(event, replay)
    parts = Counter()
    for move in replay.moves:
        parts[move.taker_entry_id, move.source_entry_id] += move.satang
    accounts = sorted({account for account, _side in totals})
    trial = [f"{each},F,{totals[each, 0]},{totals[each, 1]}" for each in accounts]
    thread = [
        f"F,{entry_number(taker)},{entry_number(source)},{satang}"
        for (taker, source), satang in parts.items()
        if satang
    ]
    return {
        "trial_balance.csv": ["account,fund,debit_satang,credit_satang", *trial],
        "receipts.csv": receipts,
        "thread.csv": ["fund,help,gift,satang", *thread],
    }


def make_bundle(rng):
    """The archive, and the checkpoint that somebody kept after a part of it."""
    entries, receipts = make_books(rng)
    lines = [canonical_bytes(entry) for entry in entries]
    kept, tree, notes = rng.randrange(6, len(lines) - 4), GrowingTree(), {}
    for size, line in enumerate(lines, start=1):
        tree.add(leaf_hash(line))
        notes[size] = Checkpoint(ORIGIN, size, tree.root())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("entries.jsonl", b"".join(line + b"\n" for line in lines))
        archive.writestr(f"checkpoints/1-{len(lines):012d}.txt", sign(notes[len(lines)], SECRET))
        for name, rows in files_of_books(entries, receipts).items():
            archive.writestr(name, "\n".join(rows) + "\n")
    return out.getvalue(), kept, sign(notes[kept], SECRET)


@pytest.fixture
def judge(tmp_path):
    """The verifier, in this process: whether it finds a fault in an archive."""
    verifier, folder, bundle = load_verifier(), tmp_path / "kept", tmp_path / "bundle.zip"
    folder.mkdir()

    def find(archive, note):
        (folder / "note.txt").write_text(note, encoding="utf-8")
        bundle.write_bytes(archive)
        given = Namespace(
            bundle=bundle, vkey=VKEY, pinned=folder, witness=[], bank=[], receipt=[]
        )  # fmt: skip
        try:
            verifier.check(given, lambda *_said: None)
        except verifier.Fault as fault:
            return fault.args
        return None

    return find


def test_nine_frauds_at_random_places_and_no_honest_bundle_accused(judge):
    accused, missed = [], []
    for seed in range(HONEST):
        rng = random.Random(seed)  # noqa: S311 - it only makes up books and chooses places
        archive, kept, note = make_bundle(rng)
        found = judge(archive, note)
        if found:
            accused.append((seed, found))
        for number, fraud in enumerate(NINE):
            if seed % len(NINE) == number and seed < len(NINE) * PLACES:
                insider = Insider(archive, SECRET)
                fraud(insider, rng, kept)
                if judge(insider.archive(), note) is None:
                    missed.append((seed, fraud.__name__))
    assert (accused, missed) == ([], [])
