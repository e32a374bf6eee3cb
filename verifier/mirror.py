#!/usr/bin/env python3
"""Keep a copy of the fund's sealed log, and see each time that it goes on from the copy.

    python3 mirror.py URL FOLDER --vkey VKEY [--lang th|en]

For whoever wants the log to be in more than one place. URL is the address before ``/checkpoint``,
such as ``https://fund.example.go.th/ledger``; another mirror will do as well. VKEY is the verifier
key of the log, from paper or from somebody else than the fund. Each run fetches the newest
checkpoint and the tiles that FOLDER does not have yet (C2SP tlog-tiles: hashes alone, nothing of the
entries). Only when the key signed the checkpoint, and every checkpoint that FOLDER keeps is about the
beginning of the same tree, is anything of it written. Checkpoints of your own, from mail or paper,
may be added to ``FOLDER/checkpoints`` as text files; then they are held against the log too.

Ends with 0 when the copy is complete and everything holds, 1 when the log is not the one that was
signed before (what was signed is then kept in ``FOLDER/refused``: it may be evidence), 2 when it
could not be checked: no answer, no file, a tile that the address does not have.

Only Python's standard library is used. FOLDER can be served by any web server as it is, but for
``checkpoints`` and ``refused``.
"""

import argparse
import base64
import contextlib
import hashlib
import os
import re
import shutil
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path

TEXTS = {
    "signature": (
        "{0}: the key did not sign this checkpoint",
        "{0}: จุดตรวจสอบนี้ไม่ได้ลงลายมือชื่อด้วยกุญแจที่ให้มา",
    ),
    "anew": (
        "the log began anew as {0}, and the copy is of {1}: keep this folder as it is, ask the fund "
        "why, and copy the new log into another folder",
        "บันทึกเริ่มต้นใหม่ในชื่อ {0} แต่สำเนานี้เป็นของ {1} โปรดเก็บโฟลเดอร์นี้ไว้ตามเดิม สอบถามสาเหตุจากกองทุน "
        "และเก็บสำเนาของบันทึกใหม่ไว้ในโฟลเดอร์อื่น",
    ),
    "shorter": (
        "{1} entries were signed before, now {0}: entries were removed",
        "เคยลงลายมือชื่อไว้ {1} รายการ แต่ขณะนี้มี {0} รายการ แสดงว่ามีรายการถูกลบ",
    ),
    "split": (
        "{0} and {1} state different roots for {2} entries: there are two histories",
        "{0} และ {1} ระบุค่ารากต่างกันสำหรับ {2} รายการ แสดงว่ามีประวัติสองชุด",
    ),
    "root": (
        "{0}: the first {1} entries are not those that were signed",
        "{0}: {1} รายการแรกไม่ตรงกับที่ลงลายมือชื่อไว้",
    ),
    "tile": (
        "{0}: the tile does not follow from the entries",
        "{0}: ค่าแฮชในไฟล์นี้ไม่เป็นไปตามรายการ",
    ),
    "good": (
        "Everything holds: {0} entries, {1} of them new, {2} checkpoints.",
        "ถูกต้องทั้งหมด: {0} รายการ เป็นรายการใหม่ {1} รายการ จุดตรวจสอบ {2} จุด",
    ),
    "bad": ("NOT AS SIGNED. {0}", "ไม่ถูกต้อง {0}"),
    "kept": ("What was signed is kept in {0}.", "เก็บสิ่งที่ลงลายมือชื่อไว้ใน {0}"),
    "failed": ("It could not be checked: {0}", "ตรวจสอบไม่ได้: {0}"),
}

NAME = re.compile(r"[^\s+]+\Z")
SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\Z")
OF_LOG = b"\x01"
WIDTH, HASH = 256, 32
MOST_BYTES = 65_536
#: Seconds until an answer, tries, and seconds between them at most.
PATIENCE, TRIES, MOST_PAUSE = 30.0, 4, 60


class Fault(Exception):
    """The log is not the one that was signed: the name of a text and its values."""


class CannotCheck(Exception):
    """An answer, a key or a file cannot be read."""


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


def key_id_of(name, public):
    """The four bytes that name a log's key in a signature (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + OF_LOG + public).digest()[:4]


def read_vkey(text):
    """Name and public key of the verifier key of a log; CannotCheck."""
    name, _, rest = text.strip().partition("+")
    key_id, _, coded = rest.partition("+")
    try:
        data = base64.b64decode(coded, validate=True)
    except ValueError as error:
        raise CannotCheck(f"the verifier key cannot be read: {error}") from None
    public = data[1:]
    if data[:1] != OF_LOG or len(public) != 32 or not NAME.match(name):
        raise CannotCheck("this is no verifier key of a log")
    if key_id_of(name, public).hex() != key_id:
        raise CannotCheck("name and key do not give this key id")
    return name, public


def read_note(place, text, vkey):
    """Origin, size and root of a checkpoint that the key signed: CannotCheck when it is none, Fault
    when it is not signed. A log that began anew has the same key and another number at its end.
    """
    body, _, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if len(lines) != 3 or not NAME.match(lines[0]) or not SIZE.match(lines[1]):
        raise CannotCheck(f"{place}: this is no checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError:
        root = b""
    if len(root) != HASH:
        raise CannotCheck(f"{place}: a root of 32 bytes in Base64 is needed")
    name, public = vkey
    if lines[0].rpartition("/")[0] == name.rpartition("/")[0]:
        own = key_id_of(lines[0], public)
        for line in signatures.splitlines():
            mark, _, rest = line.partition(" ")
            signer, _, coded = rest.partition(" ")
            with contextlib.suppress(ValueError):
                data = base64.b64decode(coded, validate=True)
                if (mark, signer, data[:4]) == ("—", lines[0], own) and signature_holds(
                    public, (body + "\n").encode(), data[4:]
                ):
                    return lines[0], int(lines[1]), root
    raise Fault("signature", place)


# --------------------------------------------------------------------------------------------- tree


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


def tile_path(level, position, width):
    """The address of a tile (C2SP tlog-tiles): three digits a part, ``.p/W`` of a shorter one."""
    digits = str(position)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    index = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{index}" + (f".p/{width}" if width < WIDTH else "")


def tiles_of(size):
    """Level, position and width of each tile of a tree of ``size`` leaves, the lowest first."""
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        yield from ((level, position, WIDTH) for position in range(full))
        if rest:
            yield level, full, rest
        level, size = level + 1, full


# -------------------------------------------------------------------------------------------- copy


def fetch(url, most):
    """The bytes at an address; CannotCheck. A server that is busy is asked again."""
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - http(s)
                data = answer.read(most + 1)
            if len(data) > most:
                raise CannotCheck(f"{url}: the answer is too long")
            return data
        except urllib.error.HTTPError as error:
            if error.code not in (429, 502, 503, 504) or attempt == TRIES:
                raise CannotCheck(f"{url}: {error}") from None
            pause = error.headers.get("Retry-After", "")
            time.sleep(min(int(pause) if pause.isdecimal() else 2**attempt, MOST_PAUSE))
        except (OSError, HTTPException) as error:
            if attempt == TRIES:
                raise CannotCheck(f"{url}: {error}") from None
            time.sleep(attempt)
    return b""


def write_durably(path, data):
    """Replace a file so that after a power cut it is the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class Mirror:
    """The copy in a folder: ``checkpoint``, ``checkpoints/*``, ``tile/…``."""

    def __init__(self, url, folder, vkey):
        self.url, self.folder, self.vkey = url.rstrip("/"), Path(folder), vkey
        if not re.match(r"https?://", self.url):
            raise CannotCheck("the address begins with https:// or http://")
        #: What was fetched in this run, by its address.
        self.fetched = {}

    def run(self):
        """Bring the copy to the newest checkpoint; entries, new ones and checkpoints. Fault."""
        kept = self.kept()
        self.check_copy()
        note = fetch(f"{self.url}/checkpoint", MOST_BYTES)
        newest = read_note(f"{self.url}/checkpoint", note.decode("utf-8"), self.vkey)
        old = max((size for _place, size, _root in kept), default=0)
        try:
            self.compare(kept, newest)
        except Fault as fault:
            raise Fault(*fault.args, self.keep_refused(note, newest)) from None
        origin, size, _root = newest
        for path, data in self.fetched.items():
            write_durably(self.folder / path, data)
            shutil.rmtree(self.folder / f"{path}.p", ignore_errors=True)
        number = origin.rpartition("/")[2]
        write_durably(self.folder / "checkpoints" / f"{number}-{size:012d}.txt", note)
        write_durably(self.folder / "checkpoint", note)
        return size, size - old, len({its_size for _place, its_size, _root in kept} | {size})

    def kept(self):
        """Place, size and root of each checkpoint in the folder; the origin is one. Fault."""
        folder = self.folder / "checkpoints"
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        self.origin, found = None, []
        for path in files:
            if path.is_file() and path.suffix == ".txt":
                text = path.read_text(encoding="utf-8-sig")
                origin, size, root = read_note(str(path), text, self.vkey)
                if self.origin not in (None, origin):
                    raise Fault("anew", origin, self.origin)
                self.origin = origin
                found.append((str(path), size, root))
        return found

    def check_copy(self):
        """CannotCheck when the copy is damaged: that is not the log's fault."""
        last = self.folder / "checkpoint"
        if not last.is_file():
            return
        _origin, size, root = read_note(str(last), last.read_text(encoding="utf-8"), self.vkey)
        tree = Tree()
        for level, position, width in tiles_of(size):
            file = self.folder / tile_path(level, position, width)
            if level or not file.is_file():
                break  # what is missing is fetched and compared
            self.add_leaves(tree, file.read_bytes(), {})
        if tree.size >= size and tree.root() != root:
            raise CannotCheck(
                f"the copy is damaged: remove {self.folder / 'tile'}, and it is fetched again"
            )

    def compare(self, kept, newest):
        """Hold every checkpoint against the tree, and the tiles above against the leaves. Fault."""
        origin, size, root = newest
        if self.origin not in (None, origin):
            raise Fault("anew", origin, self.origin)
        roots = {}
        for place, its_size, its_root in [*kept, (f"{self.url}/checkpoint", size, root)]:
            known = roots.setdefault(its_size, (its_root, place))
            if known[0] != its_root:
                raise Fault("split", known[1], place, its_size)
        if roots.get(0, (Tree().root(), ""))[0] != Tree().root():
            raise Fault("root", roots[0][1], 0)
        if size < max(roots):
            raise Fault("shorter", size, max(roots))
        self.check_tree(size, roots)

    def check_tree(self, size, roots):
        """Read every leaf once. Fault, and CannotCheck for a tile that is nowhere."""
        tree, above = Tree(), {}
        for level, position, width in tiles_of(size):
            path = tile_path(level, position, width)
            hashes = self.read(path, width)
            if level:
                if hashes != b"".join(above[level][position * WIDTH :][:width]):
                    raise Fault("tile", path)
            else:
                self.add_leaves(tree, hashes, roots)
            if width == WIDTH:
                above.setdefault(level + 1, []).append(whole_root(hashes))

    @staticmethod
    def add_leaves(tree, hashes, roots):
        """Add the leaves of a tile, and compare where a checkpoint is. Fault."""
        for at in range(0, len(hashes), HASH):
            tree.add(hashes[at : at + HASH])
            root, place = roots.get(tree.size, (None, None))
            if root is not None and root != tree.root():
                raise Fault("root", place, tree.size)

    def read(self, path, width):
        """The hashes of a tile, from the folder or fetched; CannotCheck."""
        file = self.folder / path
        is_there = file.is_file()
        data = file.read_bytes() if is_there else fetch(f"{self.url}/{path}", WIDTH * HASH)
        if len(data) != width * HASH:
            raise CannotCheck(
                f"{file if is_there else path}: {len(data)} bytes, not {width * HASH}"
            )
        if not is_there:
            self.fetched[path] = data
        return data

    def keep_refused(self, note, newest):
        """Keep what the key signed and what came with it, once; gives the folder."""
        _origin, size, root = newest
        folder = self.folder / "refused" / f"{size}-{root[:8].hex()}"
        if not folder.exists():
            for path, data in self.fetched.items():
                write_durably(folder / path, data)
            write_durably(folder / "checkpoint", note)
        return folder


def whole_root(hashes):
    """The root over the hashes of a full tile."""
    tree = Tree()
    for at in range(0, len(hashes), HASH):
        tree.add(hashes[at : at + HASH])
    return tree.root()


def main():
    """Read the command line, copy, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("folder")
    parser.add_argument("--vkey", required=True)
    parser.add_argument("--lang", choices=("th", "en"), default="en")
    given = parser.parse_args()

    def say(name, *values):
        print(TEXTS[name][given.lang == "th"].format(*values))

    try:
        say("good", *Mirror(given.url, given.folder, read_vkey(given.vkey)).run())
    except Fault as found:
        name, *values = found.args
        say("bad", TEXTS[name][given.lang == "th"].format(*values))
        if values and isinstance(values[-1], Path):
            say("kept", values[-1])
        return 1
    except (CannotCheck, OSError, ValueError) as error:
        say("failed", error)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
