#!/usr/bin/env python3
"""Check a bundle of the fund's books without trusting the fund or its program.

    python3 verify.py BUNDLE.zip --vkey VKEY [--pinned FOLDER] [--receipt CODE] [--lang th|en]

Only Python's standard library is used, and nothing of the fund's program. VKEY is the verifier key
of the log, from paper or from somebody else than the fund; it is never read from the bundle. FOLDER
holds checkpoints that you kept yourself: texts of ``/ledger/checkpoint``, one a file. CODE is the
check code that a receipt prints (26 letters).

Ends with 0 when everything holds, 1 when something was changed or does not add up (the first wrong
entry is named), 2 when it could not be checked. It proves nothing about what was written after the
newest checkpoint that you kept, and it says so.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path

# ------------------------------------------------------------------------------------------- texts

TEXTS = {
    "canonical": (
        "entry {0} (number {1} of the log) is not in canonical form: {2}",
        "รายการ {0} (ลำดับที่ {1}) ไม่อยู่ในรูปแบบมาตรฐาน: {2}",
    ),
    "twice": ("entry {0} is there twice", "รายการ {0} ซ้ำ"),
    "no_note": ("{0}: this is no signed checkpoint: {1}", "{0}: ไม่ใช่จุดตรวจสอบที่ลงลายมือชื่อ: {1}"),
    "signature": (
        "{0}: the key did not sign this checkpoint",
        "{0}: จุดตรวจสอบนี้ไม่ได้ลงลายมือชื่อด้วยกุญแจที่ให้มา",
    ),
    "longer": (
        "{0}: {1} entries were signed, but the bundle has {2}: entries were removed",
        "{0}: ลงลายมือชื่อไว้ {1} รายการ แต่ในไฟล์มี {2} รายการ แสดงว่ามีรายการถูกลบ",
    ),
    "root": (
        "{0}: the first {1} entries are not those that were signed",
        "{0}: {1} รายการแรกไม่ตรงกับที่ลงลายมือชื่อไว้",
    ),
    "split": (
        "{0} and {1} state different roots for {2} entries: there are two histories",
        "{0} และ {1} ระบุค่ารากต่างกันสำหรับ {2} รายการ แสดงว่ามีประวัติสองชุด",
    ),
    "no_checkpoint": ("the bundle has no checkpoint", "ไม่มีจุดตรวจสอบในไฟล์"),
    "posting": ("entry {0}: {1}", "รายการ {0}: {1}"),
    "overspent": (
        "entry {0} takes {2} satang more from the fund {1} than it had",
        "รายการ {0} ใช้เงินกองทุน {1} เกินที่มีอยู่ {2} สตางค์",
    ),
    "people": ("entry {0} was not made by two people", "รายการ {0} ไม่ได้ทำโดยบุคคลสองคน"),
    "reversal": (
        "entry {0} does not undo an earlier entry exactly once",
        "รายการ {0} ไม่ได้กลับรายการก่อนหน้าอย่างถูกต้อง",
    ),
    "receipt": ("receipt {0}: {1}", "ใบเสร็จรับเงิน {0}: {1}"),
    "trial": (
        "trial balance, account {0}, fund {1}: the file says {2}, the entries give {3}",
        "งบทดลอง บัญชี {0} กองทุน {1}: ในไฟล์ {2} จากรายการ {3}",
    ),
    "code": (
        "no entry has the check code {0}",
        "ไม่มีรายการที่มีรหัสตรวจสอบ {0}",
    ),
    "has_code": ("check code {0}: entry {1}, {2}", "รหัสตรวจสอบ {0}: รายการ {1} วันที่ {2}"),
    "read": ("{0} entries, {1} checkpoints", "{0} รายการ จุดตรวจสอบ {1} จุด"),
    "good": ("Everything holds.", "ถูกต้องทั้งหมด"),
    "bad": ("NOT AS SIGNED. The first fault: {0}", "ไม่ถูกต้อง ข้อผิดพลาดแรก: {0}"),
    "unproven": (
        "Nothing after number {0} is proven: that is the newest checkpoint you kept yourself.",
        "รายการหลังลำดับที่ {0} ยังพิสูจน์ไม่ได้ เพราะเป็นจุดตรวจสอบล่าสุดที่ท่านเก็บไว้เอง",
    ),
    "failed": ("It could not be checked: {0}", "ตรวจสอบไม่ได้: {0}"),
}


class Fault(Exception):
    """Something was changed or does not add up."""


class CannotCheck(Exception):
    """The bundle, a key or a file cannot be read."""


def fault(name, *values):
    """A fault with its sentence; the language is chosen when it is shown."""
    return Fault(name, *values)


def sentence(name, values, language):
    """A text of `TEXTS` with its values."""
    return TEXTS[name][language == "th"].format(*values)


# -------------------------------------------------------------------------------- canonical entries

KEY = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SATANG = re.compile(r"[1-9][0-9]{0,15}\Z")
ENTRY_KEYS = {
    "actors", "at", "currency", "entry", "kind", "memo", "on", "postings", "private", "receipt",
    "reverses", "source", "v",
}  # fmt: skip
POSTING_KEYS = {"credit", "debit", "fund", "satang"}


def no_doubles(pairs):
    """An object whose keys are all different."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def check_values(value, depth=1):
    """ValueError for what canonical entries do not hold."""
    if isinstance(value, str):
        if CONTROL.search(value) or not unicodedata.is_normalized("NFC", value):
            raise ValueError("control characters or text outside NFC")
    elif depth >= 6:
        raise ValueError("nested too deeply")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not KEY.match(key):
                raise ValueError(f"key {key!r}")
            check_values(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            check_values(inner, depth + 1)
    else:
        raise ValueError("a value that is no text")


def read_entry(line):
    """The entry in the canonical bytes ``line``; ValueError."""
    entry = json.loads(line.decode("utf-8"), object_pairs_hook=no_doubles)
    if not isinstance(entry, dict) or set(entry) != ENTRY_KEYS:
        raise ValueError("other keys than an entry has")
    check_values(entry)
    again = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if again.encode("utf-8") != line:
        raise ValueError("written in another way")
    if entry["v"] != "1" or entry["currency"] != "THB":
        raise ValueError("another version or currency")
    return entry


# --------------------------------------------------------------------------------------------- tree


def leaf_hash(data):
    """RFC 9162 §2.1.1."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    """RFC 9162 §2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The root of a tree that is read leaf by leaf."""

    def __init__(self):
        self.size = 0
        self.peaks = []

    def add(self, leaf):
        """Read the next leaf."""
        self.peaks.append(leaf)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)

    def root(self):
        """The root so far."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


# ------------------------------------------------------------------------- Ed25519 (RFC 8032 §5.1)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(first, second):
    """The sum of two points in extended coordinates."""
    x1, y1, z1, t1 = first
    x2, y2, z2, t2 = second
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(number, point):
    """A multiple of a point."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = point_add(total, point)
        point = point_add(point, point)
        number >>= 1
    return total


def same_point(first, second):
    """Whether two points are one."""
    return (first[0] * second[2] - second[0] * first[2]) % P == 0 and (
        first[1] * second[2] - second[1] * first[2]
    ) % P == 0


def read_point(data):
    """The point in 32 bytes; None when there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = read_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public, message, signature):
    """Whether the Ed25519 signature of 64 bytes is of the message by the key of 32 bytes."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = read_point(public), read_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return same_point(point_times(scalar, BASE), point_add(nonce, point_times(challenge, key)))


# -------------------------------------------------------------------------------------- checkpoints


def read_vkey(text):
    """Name, key id and public key of a verifier key; CannotCheck."""
    name, _, rest = text.strip().partition("+")
    key_id, _, coded = rest.partition("+")
    try:
        data = base64.b64decode(coded, validate=True)
    except ValueError as error:
        raise CannotCheck(f"the verifier key cannot be read: {error}") from None
    public = data[1:]
    expected = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    if data[:1] != b"\x01" or len(public) != 32 or expected.hex() != key_id:
        raise CannotCheck("the verifier key is not one of Ed25519")
    return name, expected, public


def read_note(place, text, vkey):
    """Size and root of a checkpoint that the key signed; Fault."""
    name, _key_id, public = vkey
    body, _, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if len(lines) != 3 or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise fault("no_note", place, "three lines and a signature are needed")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError:
        raise fault("no_note", place, "the root cannot be read") from None
    if lines[0].rpartition("/")[0] != name.rpartition("/")[0] or len(root) != 32:
        raise fault("no_note", place, "it is of another log")
    for line in signatures.splitlines():
        mark, _, rest = line.partition(" ")
        signer, _, coded = rest.partition(" ")
        try:
            data = base64.b64decode(coded, validate=True)
        except ValueError:
            continue
        own_id = hashlib.sha256(signer.encode() + b"\n\x01" + public).digest()[:4]
        is_ours = mark == "—" and signer == lines[0] and data[:4] == own_id
        if is_ours and signature_holds(public, (body + "\n").encode(), data[4:]):
            return int(lines[1]), root
    raise fault("signature", place)


# -------------------------------------------------------------------------------------------- books

#: Kinds that only say what the bank did: they may take more than a fund has.
BANK_FACTS = {"bank_fee", "gift_returned", "gift_taken", "card_payout"}
REVERSING = {"reversal", "gift_returned", "gift_refunded"}
TWO_PEOPLE = {"assistance_approved", "assistance_paid", "gift_refunded", "refund_paid"}
#: Where what is owed to givers stands: a refunded gift is taken back into it, not out of the bank.
REFUNDS_PAYABLE = "2130"


class Books:
    """The rules of the books, entry by entry."""

    def __init__(self):
        self.postings = {}
        self.reversed = set()
        self.available = defaultdict(int)
        self.balances = defaultdict(lambda: [0, 0])

    def read(self, entry):
        """Check one entry against those before it; Fault."""
        number = entry["entry"]
        if number in self.postings:
            raise fault("twice", number)
        lines = [self._posting(number, posting) for posting in entry["postings"]]
        if not lines:
            raise fault("posting", number, "it has no posting")
        self._people(entry)
        self._reversal(entry, lines)
        self._funds(entry, lines)
        self.postings[number] = self._digest(lines), self._income(lines)

    def _posting(self, number, posting):
        if not isinstance(posting, dict) or set(posting) != POSTING_KEYS:
            raise fault("posting", number, "a posting has other keys")
        fund, debit, credit, satang = (posting[k] for k in ("fund", "debit", "credit", "satang"))
        if not SATANG.match(satang) or debit == credit:
            raise fault(
                "posting", number, "an amount moves from one account to another, above zero"
            )
        return fund, debit, credit, int(satang)

    def _people(self, entry):
        maker, checker = entry["actors"]["maker"], entry["actors"]["checker"]
        if not maker or (entry["kind"] in TWO_PEOPLE and (not checker or maker == checker)):
            raise fault("people", entry["entry"])

    def _reversal(self, entry, lines):
        target = entry["reverses"]
        if bool(target) != (entry["kind"] in REVERSING):
            raise fault("reversal", entry["entry"])
        if target:
            mirrored = [(fund, credit, debit, satang) for fund, debit, credit, satang in lines]
            expected, income = self.postings.get(target, (b"", b""))
            found = self._digest(mirrored), self._income(mirrored)
            is_refund = entry["kind"] == "gift_refunded"
            if is_refund and any(line[2] != REFUNDS_PAYABLE for line in lines):
                raise fault("reversal", entry["entry"])
            holds = found[1] == income if is_refund else found[0] == expected
            if target in self.reversed or not holds:
                raise fault("reversal", entry["entry"])
            self.reversed.add(target)

    def _funds(self, entry, lines):
        change = defaultdict(int)
        for fund, debit, credit, satang in lines:
            self.balances[debit, fund][0] += satang
            self.balances[credit, fund][1] += satang
            change[fund] += satang * (credit[0] in "345") - satang * (debit[0] in "345")
        for fund, satang in change.items():
            self.available[fund] += satang
            missing = -self.available[fund]
            if satang < 0 < missing and entry["kind"] not in BANK_FACTS:
                raise fault("overspent", entry["entry"], fund, missing)

    @staticmethod
    def _digest(lines):
        return hashlib.sha256(repr(sorted(lines)).encode()).digest()[:16]

    @classmethod
    def _income(cls, lines):
        return cls._digest([(fund, credit, satang) for fund, _debit, credit, satang in lines])


# ------------------------------------------------------------------------------------------- bundle


class Bundle:
    """The files of a bundle."""

    def __init__(self, path):
        try:
            self.archive = zipfile.ZipFile(path)
            self.names = set(self.archive.namelist())
        except (OSError, zipfile.BadZipFile) as error:
            raise CannotCheck(f"{path}: {error}") from None

    def lines(self, name):
        """The lines of a file, without their ends; CannotCheck."""
        if name not in self.names:
            raise CannotCheck(f"the bundle has no {name}")
        try:
            with self.archive.open(name) as file:
                for line in file:
                    yield line.rstrip(b"\n")
        except (OSError, zipfile.BadZipFile) as error:
            raise CannotCheck(f"{name}: {error}") from None

    def rows(self, name):
        """The rows of a CSV file, as objects."""
        text = b"\n".join(self.lines(name)).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def notes(self):
        """The checkpoints: where each is from, and its text."""
        for name in sorted(self.names):
            if name.startswith("checkpoints/") and name.endswith(".txt"):
                yield name, self.archive.read(name).decode("utf-8")


def read_checkpoints(bundle, pinned, vkey):
    """Roots by size, with where each is from, and the largest size from outside; Fault."""
    found, outside = {}, 0
    notes = [(place, text, False) for place, text in bundle.notes()]
    if pinned is not None:
        notes += [
            (str(path), path.read_text(encoding="utf-8"), True)
            for path in sorted(Path(pinned).iterdir())
            if path.is_file()
        ]
    for place, text, is_outside in notes:
        size, root = read_note(place, text, vkey)
        known = found.setdefault(size, (root, place))
        if known[0] != root:
            raise fault("split", known[1], place, size)
        outside = max(outside, size if is_outside else 0)
    if not found:
        raise fault("no_checkpoint")
    return found, outside


def check_entries(bundle, checkpoints, codes):
    """Read every entry once: form, tree, books; the tree and the books. Fault."""
    tree, books, waiting = Tree(), Books(), dict(checkpoints)
    numbers = {}

    def compare():
        if tree.size in waiting:
            root, place = waiting.pop(tree.size)
            if root != tree.root():
                raise fault("root", place, tree.size)

    compare()
    for line in bundle.lines("entries.jsonl"):
        try:
            entry = read_entry(line)
        except ValueError as error:
            raise fault("canonical", "?", tree.size, error) from None
        leaf = leaf_hash(line)
        code = base64.b32encode(leaf[:16]).decode().rstrip("=")
        if code in codes:
            numbers[code] = (entry["entry"], entry["on"])
        books.read(entry)
        tree.add(leaf)
        compare()
    for size, (_root, place) in sorted(waiting.items()):
        raise fault("longer", place, size, tree.size)
    return tree, books, numbers


def check_trial_balance(bundle, books):
    """The file of the trial balance says what the entries give; Fault."""
    stated = {
        (row["account"], row["fund"]): (int(row["debit_satang"]), int(row["credit_satang"]))
        for row in bundle.rows("trial_balance.csv")
    }
    for key in sorted(set(stated) | set(books.balances)):
        given = tuple(books.balances.get(key, (0, 0)))
        if stated.get(key, (0, 0)) != given:
            raise fault("trial", *key, stated.get(key, (0, 0)), given)


def check_receipts(bundle, books):
    """Receipts of each fiscal year are numbered from 1 without a gap, and name entries; Fault."""
    by_year = defaultdict(list)
    for row in bundle.rows("receipts.csv"):
        year, _, number = row["number"].partition("-")
        by_year[year].append(int(number))
        if row["entry"] not in books.postings:
            raise fault("receipt", row["number"], "its entry is not in the books")
    for year, numbers in sorted(by_year.items()):
        for expected, number in enumerate(sorted(numbers), start=1):
            if number != expected:
                raise fault("receipt", f"{year}-{expected:06d}", "missing, or another one twice")


def check(arguments, say):
    """Check the bundle; Fault and CannotCheck."""
    vkey = read_vkey(arguments.vkey)
    bundle = Bundle(arguments.bundle)
    checkpoints, outside = read_checkpoints(bundle, arguments.pinned, vkey)
    codes = {code.strip().upper() for code in arguments.receipt}
    tree, books, numbers = check_entries(bundle, checkpoints, codes)
    for code in sorted(codes):
        if code not in numbers:
            raise fault("code", code)
        say("has_code", code, *numbers[code])
    check_trial_balance(bundle, books)
    check_receipts(bundle, books)
    say("read", tree.size, len(checkpoints))
    say("good")
    say("unproven", outside)


def main():
    """Read the command line, check, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle")
    parser.add_argument("--vkey", required=True)
    parser.add_argument("--pinned")
    parser.add_argument("--receipt", action="append", default=[])
    parser.add_argument("--lang", choices=("th", "en"), default="en")
    arguments = parser.parse_args()

    def say(name, *values):
        print(sentence(name, values, arguments.lang))

    try:
        check(arguments, say)
    except Fault as found:
        name, *values = found.args
        say("bad", sentence(name, values, arguments.lang))
        return 1
    except (CannotCheck, OSError, KeyError, ValueError) as error:
        say("failed", error)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
