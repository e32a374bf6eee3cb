"""The offline verifier: an honest bundle passes, and what an insider with the database and the key
could do to it is found by whoever holds an older checkpoint.

On SQLite alone: the bundle is the same bytes on both databases (`test_the_bundle_on_both`).
"""

import base64
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fundapp.db import unit_of_work
from fundapp.ledger.canonical import canonical_bytes, leaf_hash
from fundapp.ledger.log import operations
from fundapp.ledger.log.notes import Checkpoint, read_checkpoint, sign, vkey_of
from fundapp.ledger.log.tree import root_of
from tests.conftest import made_up_key
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import make_approval, make_fund, make_gift, make_reversal
from tests.factories.giving import make_payment

SECRET = base64.b64decode(made_up_key("ledger"))
VERIFIER = Path(__file__).parents[3] / "verifier" / "verify.py"


def verify(archive, vkey, tmp_path, *, pinned=(), more=()):
    """Exit code and output of the verifier, run as somebody outside runs it."""
    path, folder = tmp_path / "bundle.zip", tmp_path / "kept"
    path.write_bytes(archive)
    folder.mkdir(exist_ok=True)
    for number, note in enumerate(pinned):
        (folder / f"{number}.txt").write_text(note, encoding="utf-8")
    command = [sys.executable, "-I", VERIFIER, path, "--vkey", vkey, "--pinned", folder, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def files_of(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def make_books():
    make_fund()
    for satang in range(1_000, 1_040):
        make_gift(satang)
    make_approval(900)
    make_reversal(make_gift(77))
    for satang in (10_000, 20_000):
        make_payment(satang)


def sign_now():
    unit_of_work(operations.seal_entries, actor=COMMAND_LINE)
    return unit_of_work(operations.sign_checkpoint, SECRET, actor=COMMAND_LINE)


@pytest.fixture
def bundle(build_once, clock, runner, tmp_path):
    """An archive, its key, and the checkpoint that somebody kept after the first entries."""

    def make():
        make_books()
        kept = sign_now().note
        for satang in range(2_000, 2_010):
            make_gift(satang)
        return kept, sign_now().vkey

    kept, vkey = build_once("a bundle", make)
    path = tmp_path / "written.zip"
    done = runner.invoke(args=["ledger", "export", "--format", "bundle", "--output", str(path)])
    assert done.exit_code == 0, done.output
    return path.read_bytes(), vkey, kept


def test_the_bundle_on_both(bundle, tmp_path):
    archive, vkey, kept = bundle
    size = read_checkpoint(kept).size
    entry = files_of(archive)["entries.jsonl"].split(b"\n")[0]
    code = base64.b32encode(leaf_hash(entry)[:16]).decode().rstrip("=")
    status, said = verify(archive, vkey, tmp_path, pinned=[kept], more=["--receipt", code])
    assert status == 0, said
    assert f"Nothing after number {size} is proven" in said
    assert json.loads(entry)["entry"] in said
    status, said = verify(archive, vkey, tmp_path, more=["--lang", "th", "--receipt", "A" * 26])
    assert (status, "ไม่มีรายการที่มีรหัสตรวจสอบ" in said) == (1, True)


class Insider:
    """Somebody with the database and the signing key, who makes the bundle anew."""

    def __init__(self, archive):
        self.files = files_of(archive)
        self.lines = self.files["entries.jsonl"].splitlines()
        notes = [name for name in self.files if name.startswith("checkpoints/")]
        self.origin = read_checkpoint(self.files[notes[0]].decode()).origin

    def sign_again(self):
        """Every checkpoint of the archive is replaced by a new one over what is there now."""
        for name in [name for name in self.files if name.startswith("checkpoints/")]:
            del self.files[name]
        root = root_of(leaf_hash(line) for line in self.lines)
        note = sign(Checkpoint(self.origin, len(self.lines), root), SECRET)
        self.files[f"checkpoints/1-{len(self.lines):012d}.txt"] = note.encode()

    def archive(self):
        self.files["entries.jsonl"] = b"".join(line + b"\n" for line in self.lines)
        return zipped(self.files)

    def changed(self, place, **values):
        return canonical_bytes({**json.loads(self.lines[place]), **values})


def edit_old(insider, rng, kept):
    place = rng.randrange(kept)
    insider.lines[place] = insider.changed(place, memo="Something else")
    insider.sign_again()


def edit_amount(insider, rng, kept):
    place = rng.randrange(kept)
    entry = json.loads(insider.lines[place])
    entry["postings"][0]["satang"] += "0"
    insider.lines[place] = canonical_bytes(entry)


def delete(insider, rng, kept):
    del insider.lines[rng.randrange(kept)]
    insider.sign_again()


def insert_backdated(insider, rng, kept):
    place = rng.randrange(kept)
    insider.lines.insert(place, insider.changed(place, entry="JE0000000000001", reverses=""))
    insider.sign_again()


def reorder(insider, rng, kept):
    place = rng.randrange(kept - 1)
    insider.lines[place : place + 2] = insider.lines[place : place + 2][::-1]
    insider.sign_again()


def roll_back(insider, rng, kept):
    del insider.lines[rng.randrange(kept) :]
    insider.sign_again()


def forge_checkpoint(insider, rng, kept):
    name = next(name for name in insider.files if name.startswith("checkpoints/"))
    other = bytes(rng.randrange(256) for _ in range(32))
    checkpoint = read_checkpoint(insider.files[name].decode())
    insider.files[name] = sign(checkpoint, other).encode()


def swap_receipt(insider, rng, kept):
    rows = insider.files["receipts.csv"].decode().splitlines()
    rows.pop(rng.randrange(1, len(rows) - 1))
    insider.files["receipts.csv"] = ("\n".join(rows) + "\n").encode()


def second_history(insider, rng, kept):
    place = rng.randrange(kept)
    insider.lines[place] = insider.changed(place, on="2026-11-01")
    insider.lines = insider.lines[: kept + 3]
    insider.sign_again()


FRAUDS = (
    edit_old, edit_amount, delete, insert_backdated, reorder, roll_back, forge_checkpoint,
    swap_receipt, second_history,
)  # fmt: skip


@pytest.mark.sqlite
def test_nine_frauds_are_found(bundle, tmp_path):
    archive, vkey, kept = bundle
    rng = random.Random(7)  # noqa: S311 - it only chooses where to attack
    size = read_checkpoint(kept).size
    missed = []
    for fraud in FRAUDS:
        insider = Insider(archive)
        fraud(insider, rng, size)
        status, said = verify(insider.archive(), vkey, tmp_path, pinned=[kept])
        if status != 1:
            missed.append((fraud.__name__, status, said))
    assert missed == []


@pytest.mark.sqlite
def test_rules_of_the_books_are_checked_without_any_checkpoint_kept(bundle, tmp_path):
    """What an insider adds in his own tree, with a true signature."""
    archive, vkey, _kept = bundle
    first = json.loads(Insider(archive).lines[0])

    def posting(debit, credit, satang):
        return [{"fund": "GENERAL", "debit": debit, "credit": credit, "satang": satang}]

    two = {"maker": "a", "checker": "b"}
    wrong = {
        "overspent": {
            "kind": "assistance_approved", "actors": two,
            "postings": posting("5110", "2110", "99999999"),
        },
        "alone": {
            "kind": "assistance_approved", "actors": {"maker": "a", "checker": "a"},
            "postings": posting("5110", "2110", "1"),
        },
        "one account": {"postings": posting("1121", "1121", "1")},
        "nothing": {"postings": posting("1121", "4110", "0")},
        "no posting": {"postings": []},
        "twice": {"entry": first["entry"]},
        "reversal of nothing": {"kind": "reversal", "reverses": "JE9"},
    }  # fmt: skip
    passed = []
    for name, values in wrong.items():
        insider = Insider(archive)
        entry = {**first, "entry": "JE9999999999999", **values}
        insider.lines.append(canonical_bytes(entry))
        insider.sign_again()
        status, said = verify(insider.archive(), vkey, tmp_path)
        if status != 1:
            passed.append((name, status, said))
    insider = Insider(archive)
    insider.files["trial_balance.csv"] = insider.files["trial_balance.csv"].replace(
        b"4110", b"4120"
    )
    if verify(insider.archive(), vkey, tmp_path)[0] != 1:
        passed.append("trial balance")
    assert passed == []


@pytest.mark.sqlite
def test_what_cannot_be_checked(bundle, tmp_path):
    archive, vkey, _kept = bundle
    other = str(vkey_of("127.0.0.1/ledger/1", bytes(32)))
    files = files_of(archive)
    del files["receipts.csv"]
    assert verify(b"no archive", vkey, tmp_path)[0] == 2
    assert verify(zipped(files), vkey, tmp_path)[0] == 2
    assert verify(archive, "no key", tmp_path)[0] == 2
    assert verify(archive, other, tmp_path)[0] == 1
