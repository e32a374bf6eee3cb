"""The offline verifier: an honest bundle passes, and what an insider with the database and the key
could do to it is found by whoever holds an older checkpoint.

On SQLite alone: the bundle is the same bytes on both databases (`test_the_bundle_on_both`).
"""

import base64
import importlib.util
import io
import json
import random
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fundapp.db import unit_of_work
from fundapp.ledger.canonical import canonical_bytes, leaf_hash
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log import operations
from fundapp.ledger.log.notes import Checkpoint, read_checkpoint, sign, vkey_of
from fundapp.ledger.log.tree import GrowingTree
from fundapp.ledger.thread.replay import FundReplay
from fundapp.ledger.thread.rule import Event, follow
from tests.conftest import made_up_key
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import (
    make_approval,
    make_fund,
    make_gift,
    make_return,
    make_reversal,
)
from tests.factories.giving import make_payment

SECRET = base64.b64decode(made_up_key("ledger"))
VERIFIER = Path(__file__).parents[3] / "verifier" / "verify.py"


def verify(archive, vkey, tmp_path, *, pinned=(), more=()):
    """Exit code and output of the verifier, run as somebody outside runs it."""
    path, folder = tmp_path / "bundle.zip", tmp_path / "kept"
    path.write_bytes(archive)
    folder.mkdir(exist_ok=True)
    for number, note in enumerate(pinned):
        (folder / f"{number}.txt").write_bytes(note if isinstance(note, bytes) else note.encode())
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

    def __init__(self, archive, secret=SECRET):
        self.files, self.secret = files_of(archive), secret
        self.lines = self.files["entries.jsonl"].splitlines()
        notes = [name for name in self.files if name.startswith("checkpoints/")]
        self.origin = read_checkpoint(self.files[notes[0]].decode()).origin

    def sign_again(self):
        """Every checkpoint of the archive is replaced by a new one over what is there now."""
        for name in [name for name in self.files if name.startswith("checkpoints/")]:
            del self.files[name]
        tree = GrowingTree()
        for line in self.lines:
            tree.add(leaf_hash(line))
        note = sign(Checkpoint(self.origin, len(self.lines), tree.root()), self.secret)
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


def forge_thread(insider, rng, kept):
    """The help is said to have come from another gift."""
    rows = insider.files["thread.csv"].decode().split()
    place = rng.randrange(1, len(rows))
    fund, helped, gift, satang = rows[place].split(",")
    others = {json.loads(line)["entry"] for line in insider.lines} - {gift, helped}
    rows[place] = ",".join((fund, helped, rng.choice(sorted(others)), satang))
    insider.files["thread.csv"] = ("\n".join(rows) + "\n").encode()


FRAUDS = (
    edit_old, edit_amount, delete, insert_backdated, reorder, roll_back, forge_checkpoint,
    swap_receipt, second_history, forge_thread,
)  # fmt: skip


@pytest.mark.sqlite
def test_nine_frauds_and_a_forged_thread_are_found(bundle, tmp_path):
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
        "came back of nothing": {
            "kind": "assistance_returned", "postings": posting("1121", "5110", "1"),
        },
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


def typed(note):
    """As somebody types a checkpoint from paper: lines broken, groups of letters, another dash."""
    origin, size, root, _empty, signature = note.rstrip("\n").split("\n")
    name, coded = signature.split(" ")[1:]
    groups = [root[at : at + 4] for at in range(0, len(root), 4)]
    return (
        f"\n  {origin}  \n{int(size):,}\n{' '.join(groups[:6])}\n{' '.join(groups[6:])}\n"
        f"- {name}\n{coded[:40]}\n   {coded[40:]}\n\n"
    )


@pytest.mark.sqlite
def test_what_cannot_be_checked(bundle, tmp_path):
    """Never a traceback (`verify` looks for one), and nobody is accused: the file is named."""
    archive, vkey, kept = bundle
    other = str(vkey_of("127.0.0.1/ledger/1", bytes(32)))
    strange = str(vkey_of("other.example.org/ledger/1", SECRET))
    files = files_of(archive)
    middle = len(archive) // 2
    torn = archive[:middle] + bytes(40) + archive[middle + 40 :]
    folder = tmp_path / "a folder"
    folder.mkdir()
    of_another = sign(Checkpoint("other.example.org/ledger/1", 3, bytes(32)), SECRET)
    cases = {
        "no archive": (b"no archive", vkey, [], "bundle.zip"),
        "empty file": (b"", vkey, [], "bundle.zip"),
        "truncated": (archive[: middle], vkey, [], "bundle.zip"),
        "torn": (torn, vkey, [], ""),
        "empty archive": (zipped({}), vkey, [], "entries.jsonl"),
        "a list is missing": (zipped({**files, "receipts.csv": b""}), vkey, [], "receipts.csv"),
        "no checkpoint": (
            zipped({k: v for k, v in files.items() if "/" not in k}), vkey, [], "no checkpoint",
        ),
        "key": (archive, "no key", [], "verifier key"),
        "key with a wrong letter": (archive, vkey.replace("A", "B", 1), [], "letter by letter"),
        "stray": (archive, vkey, ["a note to myself"], "Take it out of the folder"),
        "picture": (archive, vkey, [bytes(range(256))], "0.txt"),
        "film": (archive, vkey, [bytes(100_000)], "0.txt"),
        "half": (archive, vkey, [kept[:90]], "0.txt"),
        "of another log": (archive, vkey, [of_another], "another log"),
    }  # fmt: skip
    wrong = {}
    for name, (data, key, pinned, expected) in cases.items():
        found = verify(data, key, tmp_path, pinned=pinned)
        (tmp_path / "kept" / "0.txt").unlink(missing_ok=True)
        if found[0] != 2 or expected not in found[1]:
            wrong[name] = found
    missing, thai = ["--pinned", tmp_path / "none"], ["--lang", "th"]
    for more, expected in ((missing, "none"), (thai, "ไม่ใช่ไฟล์ ZIP")):
        found = verify(b"" if "th" in more else archive, vkey, tmp_path, more=more)
        if found[0] != 2 or expected not in found[1]:
            wrong[str(more)] = found
    command = [sys.executable, "-I", VERIFIER, folder, "--vkey", vkey]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "a folder is a folder" in done.stdout, done.stderr) == (2, True, "")
    assert wrong == {}
    assert [verify(archive, key, tmp_path)[0] for key in (other, strange)] == [1, 1]


@pytest.mark.sqlite
def test_a_kept_checkpoint_as_editors_and_people_leave_it(bundle, tmp_path):
    archive, vkey, kept = bundle
    size = read_checkpoint(kept).size
    spaced = f" {vkey[:30]} {vkey[30:]}\n"
    forms = [
        kept.encode("utf-8-sig"), kept.replace("\n", "\r\n").encode("utf-8-sig"),
        kept.encode("utf-16"), typed(kept), kept.replace("\n\n", "\n"),
    ]  # fmt: skip
    for number, form in enumerate(forms):
        status, said = verify(archive, spaced, tmp_path, pinned=[form])
        assert (status, f"after number {size} is" in said) == (0, True), (number, said)
    for name in (".DS_Store", "Thumbs.db"):
        (tmp_path / "kept" / name).write_bytes(b"\0\1")
    assert verify(archive, vkey, tmp_path, pinned=[kept])[0] == 0
    mistyped = kept.replace(f"\n{size}\n", f"\n{size - 1}\n")
    status, said = verify(archive, vkey, tmp_path, pinned=[mistyped])
    assert (status, "letter by letter" in said) == (1, True)


@pytest.mark.sqlite
def test_lists_of_the_bundle_that_were_changed(bundle, tmp_path):
    """Each is a fault, with its place; also a receipt that is only missing at the end."""
    archive, vkey, kept = bundle
    files = files_of(archive)
    receipts = files["receipts.csv"].decode().splitlines()
    first, last = receipts[1], receipts[-1]
    number, entry, state = first.split(",")
    other = json.loads(files["entries.jsonl"].split(b"\n")[0])["entry"]
    line = json.loads(files["entries.jsonl"].split(b"\n")[0])

    def with_rows(*rows):
        return [receipts[0], *rows, *receipts[2:]]

    def with_values(**values):
        return [canonical_bytes({**line, **values}).decode()]

    header = "account,fund,debit_satang,credit_satang"
    changes = {
        "last receipt": ("receipts.csv", receipts[:-1], last.split(",")[0]),
        "number": ("receipts.csv", with_rows(f",{entry},{state}"), entry),
        "words": ("receipts.csv", with_rows(f"x{first}"), "receipt x"),
        "swapped": ("receipts.csv", with_rows(f"{number},{other},{state}"), number),
        "twice": ("receipts.csv", [*receipts, last], last.split(",")[0]),
        "short row": ("receipts.csv", [*receipts, "2570"], f"row {len(receipts)}"),
        "totals": ("trial_balance.csv", [header, "1,2,x,y"], "row 1"),
        "thread": ("thread.csv", ["fund,help,gift,satang", "F,1,2,3"], "row 1"),
        "nested": ("entries.jsonl", ["[" * 100_000], "number 0"),
        "actors": ("entries.jsonl", with_values(actors="me"), "another form"),
        "day": ("entries.jsonl", with_values(at="today"), "another form"),
        "postings": ("entries.jsonl", with_values(postings=["a"]), "another form"),
    }
    missed = {}
    for name, (file, lines, expected) in changes.items():
        changed = zipped({**files, file: ("\n".join(lines) + "\n").encode()})
        status, said = verify(changed, vkey, tmp_path, pinned=[kept])
        if status != 1 or expected not in said:
            missed[name] = status, said
    assert missed == {}


@pytest.mark.sqlite
def test_the_thread_where_money_is_lacking_or_comes_late(session, clock, runner, tmp_path):
    """Taken back, covered by the next money, undone, and of two funds; the fund's rows wait for
    the next who spends, and the file says what the entries give.
    """
    make_fund()
    make_fund("OTHER")
    first, second = make_gift(300), make_gift(200)
    spent, undone = make_approval(350), make_approval(100)
    other = make_gift(70, "OTHER")
    helped = make_approval(60, "OTHER")
    make_reversal(undone)
    make_return(first)
    shortage, vkey = export(runner, tmp_path), sign_now().vkey
    assert verify(shortage, vkey, tmp_path)[0] == 0
    late = make_gift(500)
    archive = export(runner, tmp_path)
    status, said = verify(archive, vkey, tmp_path)
    assert (status, "3 parts of gifts became help" in said) == (0, True), said
    number = [entry_number(each.id) for each in (spent, second, late, helped, other)]
    assert files_of(archive)["thread.csv"].decode().split()[1:] == [
        f"GENERAL,{number[0]},{number[1]},200", f"GENERAL,{number[0]},{number[2]},150",
        f"OTHER,{number[3]},{number[4]},60",
    ]  # fmt: skip
    make_approval(10)
    assert verify(export(runner, tmp_path), vkey, tmp_path)[0] == 0


def export(runner, tmp_path):
    path = tmp_path / "exported.zip"
    sign_now()
    done = runner.invoke(args=["ledger", "export", "--format", "bundle", "--output", str(path)])
    assert done.exit_code == 0, done.output
    return path.read_bytes()


def load_verifier():
    spec = importlib.util.spec_from_file_location("verify", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.sqlite
def test_the_verifier_follows_200_journals_as_the_rule_does():
    """Its own implementation and that of the program, on made-up journals."""
    verifier, rng = load_verifier(), random.Random(11)  # noqa: S311
    differing = []
    for journal in range(200):
        events = made_up_events(rng)
        undone = {event.undoes for event in events}
        ours, theirs = FundReplay(undone), verifier.FundThread(undone)
        for event in events:
            follow(event, ours)
            theirs.follow(event.entry_id, event.net_satang, event.undoes)
        parts = Counter()
        for move in ours.moves:
            parts[move.taker_entry_id << 63 | move.source_entry_id] += move.satang
        if {key: satang for key, satang in parts.items() if satang} != theirs.parts:
            differing.append(journal)
    assert differing == []


def made_up_events(rng):
    """Gifts, help, and what undoes either, in any order; also more help than money."""
    events, can_be_undone = [], []
    for entry_id in range(1, rng.randrange(5, 60)):
        if can_be_undone and rng.random() < 0.3:
            undone = can_be_undone.pop(rng.randrange(len(can_be_undone)))
            events.append(Event(entry_id, "F", -undone.net_satang, undone.entry_id))
            continue
        event = Event(entry_id, "F", rng.randrange(1, 100) * rng.choice((1, 1, -1)), None)
        events.append(event)
        can_be_undone.append(event)
    return events


@pytest.mark.sqlite
def test_the_list_of_the_bank(bundle, tmp_path):
    archive, vkey, _kept = bundle
    moves = []
    for line in Insider(archive).lines:
        entry = json.loads(line)
        for posting in entry["postings"]:
            side = (posting["debit"] == "1121") - (posting["credit"] == "1121")
            if side:
                moves.append((entry["on"], side * int(posting["satang"])))
    # The bank has two gifts in one line, and calls its columns by other names.
    (day, one), (_same, two), *others = moves
    lines = [(day, one + two), *others]
    file = tmp_path / "bank.csv"

    def compared(rows, header="Date,Deposit,Withdrawal"):
        text = [header, *(f"{on},{max(s, 0) / 100:.2f},{max(-s, 0) / 100:.2f}" for on, s in rows)]
        file.write_text("\n".join(text) + "\n", encoding="utf-8")
        return verify(archive, vkey, tmp_path, more=["--bank", f"1121={file}"])

    status, said = compared(lines)
    assert (status, f"{len(lines)} lines" in said) == (0, True), said
    status, said = compared([*lines, (day, 77_700)])
    assert (status, "77700 satang" in said, "not in the books" in said) == (1, True, True), said
    assert compared(lines, "what,is,this")[0] == 2
    assert verify(archive, vkey, tmp_path, more=["--bank", str(file)])[0] == 2
    assert verify(archive, vkey, tmp_path, more=["--bank", "1121=none.csv"])[0] == 2
    verifier = load_verifier()
    days = [date(2026, 11, day) for day in (1, 10, 12, 20)]
    bank = [(days[0], 5), (days[1], 7), (days[3], 5)]
    books = [(days[0], 5, 1), (days[2], 7, 2), (days[1], -9, 3), (days[3], 5, 4)]
    assert verifier.compare_with_bank(bank, books) == ([], [(days[1], -9, 3)])
    said = []
    file.write_text("day,net\n2026-11-01,0.05\n10/11/2569,0.07\n2026-11-20,0.05\n")
    with pytest.raises(verifier.Fault) as found:
        verifier.check_bank("1121", file, books, lambda *each: said.append(each))
    assert found.value.args[:4] == ("not_at_bank", "1121", days[1], -9)
    read = {"1,234.50": 123_450, "(20.00)": -2_000, "-": 0, "-0.5": -50, "": 0}
    assert {text: verifier.read_satang(text) for text in read} == read
    assert verifier.read_day("2026-11-30 18:00:01") == date(2026, 12, 1)


@pytest.mark.sqlite
def test_help_may_stand_before_its_gift_by_seconds():
    """Numbers are drawn before entries are written; nobody overspends for longer."""
    verifier = load_verifier()

    def read(*entries):
        books = verifier.Books()
        for number, (kind, at, debit, credit, satang) in enumerate(entries):
            posting = {"fund": "F", "debit": debit, "credit": credit, "satang": satang}
            books.read(
                {
                    "entry": f"JE{number:013d}", "kind": kind, "at": f"2026-11-24T{at}Z",
                    "on": "2026-11-24", "reverses": "", "receipt": "", "postings": [posting],
                    "source": {"ref": "r", "type": "disbursement_request"},
                    "actors": {"maker": "a", "checker": "b"},
                }
            )  # fmt: skip
        books.require_covered()

    help_ = ("assistance_approved", "10:00:00", "5110", "2110", "100")
    read(help_, ("donation", "09:59:58", "1121", "4110", "100"))
    for late in (
        [help_],
        [help_, ("donation", "10:01:01", "1121", "4110", "100")],
        [help_, ("donation", "10:00:01", "1121", "4110", "99")],
    ):
        with pytest.raises(verifier.Fault, match="overspent"):
            read(*late)

    gift = ("donation", "09:59:58", "1121", "4110", "100")
    back = ("assistance_returned", "10:00:02", "1121", "5110", "40")
    read(gift, help_, back, back)
    for wrong in (
        [gift, help_, back, back, back],
        [gift, help_, ("assistance_returned", "10:00:02", "2110", "5110", "40")],
        [gift, help_, ("assistance_returned", "10:00:02", "1121", "5120", "40")],
        [gift, back],
    ):
        with pytest.raises(verifier.Fault, match="came_back"):
            read(*wrong)
