#!/usr/bin/env python3
"""Check a bundle of the fund's books without trusting the fund or its program.

    python3 verify.py BUNDLE.zip --vkey VKEY [--pinned FOLDER] [--receipt CODE]
        [--witness VKEY] [--bank ACCOUNT=FILE.csv] [--lang th|en]

Only Python's standard library is used, and nothing of the fund's program. VKEY is the verifier key
of the log, from paper or from somebody else than the fund; it is never read from the bundle. FOLDER
holds checkpoints that you kept yourself: texts of ``/ledger/checkpoint``, one a file, as they came or
typed from paper, and nothing else (one such file alone will do as well). CODE is the check code that a
receipt prints (26 letters). The VKEY of a witness is that of somebody who cosigns
the checkpoints. ACCOUNT=FILE.csv compares an account of the books with a list that the bank or the
card processor gave you.

Ends with 0 when everything holds, 1 when something was changed or does not add up (the first wrong
entry is named), 2 when it could not be checked: a file, a key or an answer to type anew is named, and
what to do with it. It proves nothing about what was written after the
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
import zlib
from array import array
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
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
    "kept_signature": (
        "{0}: the key did not sign this checkpoint. If you typed it, compare it with the paper letter by "
        "letter; if it is the same, keep it: somebody gave you what was never signed",
        "{0}: จุดตรวจสอบนี้ไม่ได้ลงลายมือชื่อด้วยกุญแจที่ให้มา หากท่านพิมพ์เอง โปรดเทียบกับเอกสารกระดาษทุกตัวอักษร "
        "หากตรงกัน โปรดเก็บไว้ เพราะเป็นสิ่งที่ไม่เคยมีการลงลายมือชื่อ",
    ),
    "posting": ("entry {0}: {1}", "รายการ {0}: {1}"),
    "row": ("{0}, row {1} cannot be read", "{0} แถวที่ {1} อ่านไม่ได้"),
    "overspent": (
        "entry {0} takes {2} satang more from the fund {1} than it had",
        "รายการ {0} ใช้เงินกองทุน {1} เกินที่มีอยู่ {2} สตางค์",
    ),
    "people": ("entry {0} was not made by two people", "รายการ {0} ไม่ได้ทำโดยบุคคลสองคน"),
    "reversal": (
        "entry {0} does not undo an earlier entry exactly once",
        "รายการ {0} ไม่ได้กลับรายการก่อนหน้าอย่างถูกต้อง",
    ),
    "came_back": (
        "entry {0} takes back no part of help that was approved before, in one fund, or more than is left of it",
        "รายการ {0} ไม่ได้คืนเงินส่วนหนึ่งของความช่วยเหลือที่อนุมัติไว้ก่อนหน้าในกองทุนเดียวกัน หรือคืนเกินกว่าที่เหลืออยู่",
    ),
    "receipt": ("receipt {0}: {1}", "ใบเสร็จรับเงิน {0}: {1}"),
    "trial": (
        "trial balance, account {0}, fund {1}: the file says {2}, the entries give {3}",
        "งบทดลอง บัญชี {0} กองทุน {1}: ในไฟล์ {2} จากรายการ {3}",
    ),
    "thread": (
        "thread, entry {0}, fund {2}: the file says that {3} satang of it came from {1}, "
        "the entries give {4}",
        "เส้นทางเงิน รายการ {0} กองทุน {2}: ในไฟล์ระบุว่ามาจากรายการ {1} จำนวน {3} สตางค์ "
        "แต่คำนวณจากรายการได้ {4} สตางค์",
    ),
    "threads": (
        "{0} parts of gifts became help or costs, as the oldest-money rule says.",
        "เงินบริจาค {0} ส่วนกลายเป็นความช่วยเหลือหรือค่าใช้จ่าย ตามหลักใช้เงินที่ได้รับก่อนก่อน",
    ),
    "no_witness": (
        "the witness {0} has cosigned no checkpoint",
        "พยาน {0} ไม่ได้ลงลายมือชื่อร่วมในจุดตรวจสอบใด",
    ),
    "cosignature": (
        "{0}: the cosignature of {1} does not hold",
        "{0}: ลายมือชื่อร่วมของ {1} ไม่ถูกต้อง",
    ),
    "witness": (
        "The witness {0} cosigned {1} entries at {2} (UTC).",
        "พยาน {0} ลงลายมือชื่อร่วมไว้ {1} รายการ เมื่อ {2} (UTC)",
    ),
    "not_in_books": (
        "account {0}: {2} satang of {1} are in the file of the bank, not in the books",
        "บัญชี {0}: วันที่ {1} มี {2} สตางค์ในไฟล์ของธนาคาร แต่ไม่มีในบัญชีของกองทุน",
    ),
    "not_at_bank": (
        "account {0}: entry {3} of {1} says {2} satang, which are not in the file of the bank",
        "บัญชี {0}: รายการ {3} วันที่ {1} จำนวน {2} สตางค์ ไม่มีในไฟล์ของธนาคาร",
    ),
    "bank": (
        "account {0}: {1} lines from {2} to {3} are in the books; "
        "{4} entries near these days may be in another file.",
        "บัญชี {0}: {1} บรรทัด ตั้งแต่ {2} ถึง {3} ตรงกับบัญชีของกองทุน อีก {4} รายการใกล้วันดังกล่าวอาจอยู่ในไฟล์อื่น",
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
        "Nothing after number {0} is proven: that is the newest checkpoint that you kept yourself "
        "or that a witness of yours cosigned.",
        "รายการหลังลำดับที่ {0} ยังพิสูจน์ไม่ได้ เพราะเป็นจุดตรวจสอบล่าสุดที่ท่านเก็บไว้เอง "
        "หรือที่พยานของท่านลงลายมือชื่อร่วม",
    ),
    "nothing_kept": (
        "The folder {0} has no checkpoint. Put the texts that you kept into it, one a file: without them "
        "a whole history that was made anew is not seen.",
        "โฟลเดอร์ {0} ไม่มีจุดตรวจสอบ โปรดใส่ข้อความที่ท่านเก็บไว้ หนึ่งไฟล์ต่อหนึ่งจุด "
        "หากไม่มี จะไม่ทราบว่าประวัติทั้งหมดถูกจัดทำขึ้นใหม่หรือไม่",
    ),
    "failed": ("It could not be checked: {0}", "ตรวจสอบไม่ได้: {0}"),
    # ------------------------------------------------------- what is missing, or cannot be read
    "error": ("{0}", "{0}"),
    "vkey": (
        "the verifier key cannot be read: it is name+8 letters+44 letters, as on the paper",
        "อ่านกุญแจสำหรับตรวจสอบไม่ได้ โปรดใส่ ชื่อ+8 ตัวอักษร+44 ตัวอักษร ตามเอกสารกระดาษ",
    ),
    "vkey_kind": (
        "the verifier key {0} was typed wrong, or is not a key for this purpose: compare it with the "
        "paper letter by letter",
        "กุญแจสำหรับตรวจสอบ {0} พิมพ์ผิดหรือไม่ใช่กุญแจสำหรับการนี้ โปรดเทียบกับเอกสารกระดาษทุกตัวอักษร",
    ),
    "no_file": (
        "{0} is not there: is its name typed right?",
        "ไม่พบ {0} โปรดตรวจสอบชื่อไฟล์",
    ),
    "is_folder": (
        "{0} is a folder: give the ZIP file that the fund made",
        "{0} เป็นโฟลเดอร์ โปรดระบุไฟล์ ZIP ที่กองทุนจัดทำ",
    ),
    "no_zip": (
        "{0} is no ZIP file, or only a part of one: fetch it again ({1})",
        "{0} ไม่ใช่ไฟล์ ZIP หรือเป็นไฟล์ที่ไม่สมบูรณ์ โปรดรับไฟล์ใหม่ ({1})",
    ),
    "damaged": (
        "{0} in the bundle cannot be unpacked: fetch the bundle again ({1})",
        "แตกไฟล์ {0} ในไฟล์ข้อมูลบัญชีไม่ได้ โปรดรับไฟล์ใหม่ ({1})",
    ),
    "file_twice": (
        "the bundle has {0} twice: ask the fund for another one",
        "ในไฟล์ข้อมูลบัญชีมี {0} ซ้ำ โปรดขอไฟล์ใหม่จากกองทุน",
    ),
    "lacks": (
        "the bundle has no {0}: this is no bundle, or one of another version",
        "ในไฟล์ไม่มี {0} จึงไม่ใช่ไฟล์ข้อมูลบัญชี หรือเป็นของรุ่นอื่น",
    ),
    "columns": (
        "{0} has not the columns {1}",
        "{0} ไม่มีคอลัมน์ {1}",
    ),
    "too_long": (
        "{0} has a line of more than {1} bytes",
        "{0} มีบรรทัดที่ยาวกว่า {1} ไบต์",
    ),
    "no_checkpoint": (
        "there is no checkpoint, in the bundle or kept by you: nothing was signed that the entries "
        "could be held against",
        "ไม่มีจุดตรวจสอบ ทั้งในไฟล์และที่ท่านเก็บไว้เอง จึงไม่มีสิ่งที่ลงลายมือชื่อให้เทียบกับรายการ",
    ),
    "stray": (
        "{0} is no checkpoint (three lines, then a signature that begins with —). Take it out of the "
        "folder, or type it again from the paper",
        "{0} ไม่ใช่จุดตรวจสอบ (สามบรรทัดแล้วตามด้วยลายมือชื่อที่ขึ้นต้นด้วย —) โปรดนำออกจากโฟลเดอร์ "
        "หรือพิมพ์ใหม่จากเอกสารกระดาษ",
    ),
    "other_log": (
        "{0} is a checkpoint of another log, {1}: take it out of the folder, or give the key of that log",
        "{0} เป็นจุดตรวจสอบของบันทึกอื่น ({1}) โปรดนำออกจากโฟลเดอร์ หรือใช้กุญแจของบันทึกนั้น",
    ),
    "bank_given": (
        "--bank is an account of the books and a file: 1121=statement.csv",
        "--bank คือรหัสบัญชีและไฟล์ เช่น 1121=statement.csv",
    ),
    "bank_columns": (
        "{0}: it needs the columns day and amount, or deposit and withdrawal",
        "{0}: ต้องมีคอลัมน์ day และ amount หรือ deposit กับ withdrawal",
    ),
    "bank_row": ("{0}, line {1}: {2}", "{0} บรรทัดที่ {1}: {2}"),
    "bank_empty": ("{0}: it has no line", "{0}: ไม่มีรายการ"),
}

#: What is wrong with an entry or a receipt, inside a sentence of `TEXTS`.
REASONS = {
    "three lines and a signature are needed": "ต้องมีสามบรรทัดและลายมือชื่อ",
    "the root cannot be read": "อ่านค่ารากไม่ได้",
    "it is of another log": "เป็นของบันทึกอื่น",
    "it has no posting": "ไม่มีรายการบัญชีย่อย",
    "a posting has other keys": "รายการบัญชีย่อยมีข้อมูลไม่ครบหรือเกิน",
    "an amount moves from one account to another, above zero": "จำนวนเงินต้องมากกว่าศูนย์และย้ายจากบัญชีหนึ่งไปอีกบัญชีหนึ่ง",
    "its entry is not in the books": "ไม่มีรายการของใบเสร็จนี้ในบัญชี",
    "its number is not one of a receipt": "เลขที่ไม่ใช่เลขที่ใบเสร็จรับเงิน",
    "missing, or another one twice": "ไม่มี หรือเลขที่อื่นซ้ำ",
    "the entries name it, and the list has it not or for another entry": "มีในรายการ แต่ไม่มีในทะเบียนหรือเป็นของรายการอื่น",
    "control characters or text outside NFC": "มีอักขระควบคุมหรือข้อความที่ไม่ใช่ NFC",
    "nested too deeply": "ซ้อนกันลึกเกินไป",
    "a value that is no text": "มีค่าที่ไม่ใช่ข้อความ",
    "a key is there twice": "มีชื่อข้อมูลซ้ำ",
    "other keys than an entry has": "มีข้อมูลไม่ครบหรือเกิน",
    "written in another way": "เขียนในรูปแบบอื่น",
    "another version or currency": "เป็นรุ่นหรือสกุลเงินอื่น",
    "a value of another form than an entry has": "มีค่าที่ไม่ใช่รูปแบบของรายการ",
}


class Fault(Exception):
    """Something was changed or does not add up."""


class CannotCheck(Exception):
    """The bundle, a key or a file cannot be read: the name of a sentence, and its values."""


def fault(name, *values):
    """A fault with its sentence; the language is chosen when it is shown."""
    return Fault(name, *values)


def sentence(name, values, language):
    """A text of `TEXTS` with its values."""
    if language != "th":
        return TEXTS[name][0].format(*values)
    return TEXTS[name][1].format(*(REASONS.get(str(value), value) for value in values))


# -------------------------------------------------------------------------------- canonical entries

KEY = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SATANG = re.compile(r"[1-9][0-9]{0,15}\Z")
ENTRY_KEYS = {
    "actors", "at", "currency", "entry", "kind", "memo", "on", "postings", "private", "receipt",
    "reverses", "source", "v",
}  # fmt: skip
POSTING_KEYS = {"credit", "debit", "fund", "satang"}


#: The public number of an entry, as one reads it out: JE and 13 digits of base 32. Numbers grow.
NUMBER = re.compile(r"JE[0-7][0-9A-HJKMNP-TV-Z]{12}\Z")
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: When an entry was posted.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)
AS_PYTHON = str.maketrans(DIGITS, "0123456789ABCDEFGHIJKLMNOPQRSTUV")


def number_of(text):
    """The number that an entry has, for computing; ValueError."""
    if not NUMBER.match(text):
        raise ValueError(f"no number of an entry: {text!r}")
    return int(text[2:].translate(AS_PYTHON), 32)


def text_of(number):
    """The same as it is written."""
    return "JE" + "".join(DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


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
    check_shape(entry)
    if entry["v"] != "1" or entry["currency"] != "THB":
        raise ValueError("another version or currency")
    number_of(entry["entry"])
    return entry


def check_shape(entry):
    """ValueError unless each value is of the kind that an entry has there: text, but for a list of
    postings and two objects, which hold texts.
    """
    wrong = ValueError("a value of another form than an entry has")
    postings, actors, source = (entry[key] for key in ("postings", "actors", "source"))
    if type(postings) is not list:
        raise wrong
    objects = [actors, source, *postings]
    if any(type(each) is not dict for each in objects):
        raise wrong
    if set(actors) != {"maker", "checker"} or set(source) != {"ref", "type"}:
        raise wrong
    texts = [value for key, value in entry.items() if key not in ("postings", "actors", "source")]
    if any(type(value) is not str for each in objects for value in each.values()):
        raise wrong
    if any(type(value) is not str for value in texts):
        raise wrong
    if not MOMENT.match(entry["at"]):
        raise wrong
    datetime.fromisoformat(entry["at"])
    date.fromisoformat(entry["on"])


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


#: What kind of key it is (C2SP signed-note): of a log, or of a witness.
OF_LOG, OF_WITNESS = b"\x01", b"\x04"


def key_id_of(name, kind, public):
    """The four bytes that name a key in a signature."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def read_vkey(text, kind=OF_LOG):
    """Name and public key of a verifier key of that kind; CannotCheck."""
    name, _, rest = "".join(text.split()).partition("+")
    key_id, _, coded = rest.partition("+")
    try:
        data = base64.b64decode(coded, validate=True)
        own = key_id_of(name, kind, data[1:]).hex()
    except ValueError:
        raise CannotCheck("vkey") from None
    if len(data) != 33:
        raise CannotCheck("vkey")
    if data[:1] != kind or own != key_id.lower():
        raise CannotCheck("vkey_kind", name)
    return name, data[1:]


def read_signatures(text):
    """Name and bytes of each signature below a checkpoint; lines in another form are left out."""
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, coded = rest.partition(" ")
        try:
            data = base64.b64decode(coded, validate=True)
        except ValueError:
            continue
        if mark == "—":
            yield name, data


#: Bytes of a checkpoint at most, with many cosignatures.
MOST_OF_NOTE = 65_536
#: What people and programs write for the dash before a signature.
DASHES = "-‐‑‒–—―−"


def tidy_note(data):
    """The text of a checkpoint that somebody kept, without what editors, mail and typing do to it: a
    byte order mark, other ends of lines, empty lines, spaces, another dash, lines that were broken.
    A signature shows that nothing else was changed. ValueError for what is no such text.
    """
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = [line.strip() for line in data.decode(coding).splitlines()]
    body, signatures = [], []
    for line in filter(None, lines):
        if line[0] in DASHES and line.strip(DASHES).strip():
            signatures.append(line.lstrip(DASHES).split())
        elif signatures:
            signatures[-1] += line.split()
        else:
            body.append("".join(line.split()))
    if len(body) < 3 or not signatures:
        raise ValueError("three lines and a signature are needed")
    origin, size, *root = body
    signed = [f"— {name} {''.join(rest)}\n" for name, *rest in signatures]
    return "\n".join([origin, size.replace(",", ""), "".join(root), "", *signed])


def read_kept(pinned):
    """The checkpoints that somebody kept, in a folder or one file: where each is from, and its text.
    What the system itself puts into folders is left out; CannotCheck for any other file.
    """
    folder = Path(pinned)
    if not folder.exists():
        raise CannotCheck("no_file", pinned)
    paths = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    kept = []
    for path in paths:
        is_of_system = path.name.startswith(".") or path.name.lower() in OF_SYSTEMS
        if folder.is_dir() and (is_of_system or path.is_dir()):
            continue
        try:
            with path.open("rb") as file:
                data = file.read(MOST_OF_NOTE + 1)
            if len(data) > MOST_OF_NOTE:
                raise ValueError
            kept.append((str(path), tidy_note(data)))
        except OSError as error:
            raise CannotCheck("error", f"{path}: {error.strerror or error}") from None
        except ValueError:
            raise CannotCheck("stray", path) from None
    return kept


#: Files that systems put into folders, in small letters.
OF_SYSTEMS = ("thumbs.db", "desktop.ini")


def read_kept_note(place, text, vkey):
    """The same as `read_note` of a checkpoint that somebody kept: CannotCheck for one that is of
    another log or no checkpoint at all.
    """
    try:
        return read_note(place, text, vkey)
    except Fault as found:
        name, *values = found.args
        if name == "signature":
            whole = any(len(data) >= 68 for _signer, data in read_signatures(text))
            raise (
                fault("kept_signature", place) if whole else CannotCheck("stray", place)
            ) from None
        if values[-1] == "it is of another log":
            raise CannotCheck("other_log", place, text.split("\n")[0]) from None
        raise CannotCheck("stray", place) from None


def read_note(place, text, vkey):
    """Size and root of a checkpoint that the key signed; Fault."""
    name, public = vkey
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
    own = lines[0], key_id_of(lines[0], OF_LOG, public)
    for signer, data in read_signatures(signatures):
        if (signer, data[:4]) == own and signature_holds(public, (body + "\n").encode(), data[4:]):
            return int(lines[1]), root
    raise fault("signature", place)


def cosigned_at(place, text, witness):
    """When the witness cosigned a checkpoint (C2SP tlog-cosignature), in seconds since 1970; None
    when it did not. Fault for a cosignature in its name that does not hold.
    """
    name, public = witness
    body, _, signatures = text.partition("\n\n")
    own = name, key_id_of(name, OF_WITNESS, public)
    for signer, data in read_signatures(signatures):
        if (signer, data[:4]) == own:
            seconds = int.from_bytes(data[4:12], "big")
            signed = f"cosignature/v1\ntime {seconds}\n{body}\n".encode()
            if not signature_holds(public, signed, data[12:]):
                raise fault("cosignature", place, name)
            return seconds
    return None


# -------------------------------------------------------------------------------------------- books

#: Kinds that only say what the bank did: they may take more than a fund has.
BANK_FACTS = {"bank_fee", "gift_returned", "gift_taken", "card_payout"}
REVERSING = {"reversal", "gift_returned", "gift_refunded"}
TWO_PEOPLE = {"assistance_approved", "assistance_paid", "gift_refunded", "refund_paid"}
#: A part of help that was paid and came back: from the expense into the account of money.
PART_BACK = "assistance_returned"
#: Where what is owed to givers stands: a refunded gift is taken back into it, not out of the bank.
REFUNDS_PAYABLE = "2130"
#: Bytes of the digests that are kept of an entry, for whatever undoes it later.
HALF = 16
#: How long after help the gift may be written that was there when the help was approved.
COVERED_WITHIN = timedelta(minutes=1)


def read_time(text):
    """When an entry was posted."""
    return datetime.fromisoformat(text)


class Books:
    """The rules of the books, entry by entry."""

    def __init__(self, watched=()):
        #: What was posted, by the number of the entry: two digests.
        self.postings = {}
        self.reversed, self.reversals = set(), set()
        #: The last approval of help by its source: its number and postings. How much came back of it
        #: by fund and expense. Of which help a part came back, and with which entries.
        self.helps, self.back, self.parted = {}, defaultdict(int), set()
        self.available = defaultdict(int)
        self.balances = defaultdict(lambda: [0, 0])
        #: Funds that were just taken below zero: the entry, how much was missing, and until when it
        #: may be covered. Numbers are drawn before entries are written, so that help may stand in the
        #: log before the gift that paid for it, by seconds.
        self.short = {}
        self.thread = Thread()
        #: Day, satang and number of what moved on the accounts that a bank's file is given for.
        self.moves = {account: [] for account in watched}
        #: Fiscal year and number of each receipt that an entry names, and the entry.
        self.receipts = array("l"), array("q"), array("q")

    def read(self, entry):
        """Check one entry against those before it; Fault."""
        number = number_of(entry["entry"])
        if number in self.postings:
            raise fault("twice", entry["entry"])
        if self.short:
            self.require_covered(read_time(entry["at"]))
        lines = [self._posting(entry["entry"], posting) for posting in entry["postings"]]
        if not lines:
            raise fault("posting", entry["entry"], "it has no posting")
        self._people(entry)
        undone = self._reversal(entry, number, lines)
        if entry["kind"] == "assistance_approved":
            self.helps[" ".join(entry["source"].values())] = number, tuple(lines)
        elif entry["kind"] == PART_BACK:
            undone = self._part_back(entry, number, lines)
        self._funds(entry, number, undone, lines)
        self._watch(entry, number, lines)
        self._receipt(entry["receipt"], number)
        self.postings[number] = self._digest(lines) + self._income(lines)

    def _posting(self, number, posting):
        if not isinstance(posting, dict) or set(posting) != POSTING_KEYS:
            raise fault("posting", number, "a posting has other keys")
        fund, debit, credit, satang = (posting[k] for k in ("fund", "debit", "credit", "satang"))
        if not (SATANG.match(satang) and fund and debit and credit) or debit == credit:
            raise fault(
                "posting", number, "an amount moves from one account to another, above zero"
            )
        return fund, debit, credit, int(satang)

    def _people(self, entry):
        maker, checker = entry["actors"]["maker"], entry["actors"]["checker"]
        if not maker or (entry["kind"] in TWO_PEOPLE and (not checker or maker == checker)):
            raise fault("people", entry["entry"])

    def _reversal(self, entry, number, lines):
        """The number of the entry that this one undoes, for the thread; None without one."""
        target = entry["reverses"]
        if bool(target) != (entry["kind"] in REVERSING):
            raise fault("reversal", entry["entry"])
        if not target:
            return None
        undone = number_of(target) if NUMBER.match(target) else None
        mirrored = [(fund, credit, debit, satang) for fund, debit, credit, satang in lines]
        expected = self.postings.get(undone, b"")
        is_refund = entry["kind"] == "gift_refunded"
        if is_refund and any(line[2] != REFUNDS_PAYABLE for line in lines):
            raise fault("reversal", entry["entry"])
        if is_refund:
            holds = self._income(mirrored) == expected[HALF:]
        else:
            holds = self._digest(mirrored) == expected[:HALF]
        if undone in self.reversed or undone in self.parted or not holds:
            raise fault("reversal", entry["entry"])
        self.reversed.add(undone)
        self.reversals.add(number)
        # What undoes a reversal is an entry of its own.
        return None if undone in self.reversals else undone

    def _part_back(self, entry, number, lines):
        """The number of the approval of which a part came back, for the thread; Fault."""
        approved, helped = self.helps.get(" ".join(entry["source"].values()), (number, ()))
        holds = approved < number and approved not in self.reversed
        for fund, debit, credit, satang in lines:
            self.back[approved, fund, credit] += satang
            spent = sum(each[3] for each in helped if each[:2] == (fund, credit))
            holds = holds and debit[0] == "1" and self.back[approved, fund, credit] <= spent
        if not holds:
            raise fault("came_back", entry["entry"])
        self.parted.update((approved, number))
        return approved

    def _funds(self, entry, number, undone, lines):
        change = defaultdict(int)
        for fund, debit, credit, satang in lines:
            self.balances[debit, fund][0] += satang
            self.balances[credit, fund][1] += satang
            change[fund] += satang * (credit[0] in "345") - satang * (debit[0] in "345")
        for fund, satang in change.items():
            self.available[fund] += satang
            missing = -self.available[fund]
            if satang < 0 < missing and entry["kind"] not in BANK_FACTS:
                until = read_time(entry["at"]) + COVERED_WITHIN
                self.short.setdefault(fund, (entry["entry"], missing, until))
            elif missing <= 0:
                self.short.pop(fund, None)
            if satang:
                self.thread.add(number, fund, satang, undone)

    def require_covered(self, now=None):
        """No fund is below zero any longer than it may be; without a time, none at all. Fault."""
        for fund, (entry, missing, until) in self.short.items():
            if now is None or now > until:
                raise fault("overspent", entry, fund, missing)

    def _watch(self, entry, number, lines):
        for account, moves in self.moves.items():
            satang = sum(
                amount * ((debit == account) - (credit == account))
                for _fund, debit, credit, amount in lines
            )
            if satang:
                moves.append((date.fromisoformat(entry["on"]), satang, number))

    def _receipt(self, label, number):
        if not label:
            return
        match = RECEIPT.match(label)
        if match is None:
            raise fault("receipt", label, "its number is not one of a receipt")
        for kept, value in zip(self.receipts, (int(match[1]), int(match[2]), number), strict=True):
            kept.append(value)

    @staticmethod
    def _digest(lines):
        return hashlib.sha256(repr(sorted(lines)).encode()).digest()[:HALF]

    @classmethod
    def _income(cls, lines):
        return cls._digest([(fund, credit, satang) for fund, _debit, credit, satang in lines])


# ------------------------------------------------------------------------------------------ thread


class Oldest:
    """Amounts above zero, by the number of an entry; the oldest is found first."""

    def __init__(self):
        self.amounts = {}
        self.numbers = []

    def add(self, number, satang):
        """More, or below zero less, of an entry."""
        left = self.amounts.get(number, 0) + satang
        if not left:
            self.amounts.pop(number, None)
            return
        if number not in self.amounts:
            heappush(self.numbers, number)
        self.amounts[number] = left

    def drop(self, number):
        """Nothing of an entry any more."""
        self.amounts.pop(number, None)

    def first(self):
        """The oldest entry that has something; None when none has."""
        while self.numbers and self.numbers[0] not in self.amounts:
            heappop(self.numbers)
        return self.numbers[0] if self.numbers else None


class FundThread:
    """Which money of one fund became what: the oldest goes first, in the order of the entries'
    numbers. What undoes help gives its parts back to where they came from; what comes back of a part
    of help its newest parts, so that it has what less help would have taken; what undoes money leaves
    its parts to the next money; what no money covers is covered by the next that comes.
    """

    def __init__(self, undone):
        self.undone = undone
        self.money, self.needs = Oldest(), Oldest()
        #: Satang by taker and source, both in one number.
        self.parts = {}
        self.sources, self.takers = defaultdict(set), defaultdict(set)

    def follow(self, number, satang, undoes):
        """One entry that raised the fund, or lowered it below zero."""
        if undoes is None:
            (self.money if satang > 0 else self.needs).add(number, abs(satang))
        elif satang > 0:
            self.give_back(undoes, satang)
        else:
            for taker in sorted(self.takers.pop(undoes, ())):
                self.needs.add(taker, self.take_back(taker, undoes))
            self.money.drop(undoes)
        while (taker := self.needs.first()) is not None:
            source = self.money.first()
            if source is None:
                return
            self.move(taker, source)

    def give_back(self, taker, satang):
        """As much of a taker as came back: first what nothing covers, then its newest parts."""
        needed = min(satang, self.needs.amounts.get(taker, 0))
        if needed:
            self.needs.add(taker, -needed)
            satang -= needed
        sources = self.sources[taker]
        for source in sorted(sources, reverse=True):
            if not satang:
                return
            key = taker << 63 | source
            part = min(satang, self.parts.get(key, 0))
            self.parts[key] = self.parts.get(key, 0) - part
            if not self.parts[key]:
                del self.parts[key]
                sources.discard(source)
            if part:
                self.money.add(source, part)
                satang -= part

    def move(self, taker, source):
        """As much as is needed and there."""
        satang = min(self.needs.amounts[taker], self.money.amounts[source])
        self.needs.add(taker, -satang)
        self.money.add(source, -satang)
        key = taker << 63 | source
        self.parts[key] = self.parts.get(key, 0) + satang
        if taker in self.undone:
            self.sources[taker].add(source)
        if source in self.undone:
            self.takers[source].add(taker)

    def take_back(self, taker, source):
        """What the taker has of the source, which it has no more."""
        return self.parts.pop(taker << 63 | source, 0)


class Thread:
    """What every entry did to its funds; followed when all are read, in the order of numbers."""

    def __init__(self):
        self.codes, self.undone = {}, set()
        self.numbers, self.funds = array("q"), array("l")
        self.amounts, self.undoes = array("q"), array("q")

    def add(self, number, fund, satang, undone):
        """An entry that raised a fund or lowered it, and which one it undoes."""
        self.numbers.append(number)
        self.funds.append(self.codes.setdefault(fund, len(self.codes)))
        self.amounts.append(satang)
        self.undoes.append(-1 if undone is None else undone)
        if undone is not None:
            self.undone.add(undone)

    def follow(self):
        """The parts of each fund, by its code."""
        threads = [FundThread(self.undone) for _ in self.codes]
        numbers = self.numbers
        order = range(len(numbers))
        if any(numbers[at] > numbers[at + 1] for at in order[:-1]):
            order = sorted(order, key=numbers.__getitem__)
        for at in order:
            undoes = self.undoes[at]
            threads[self.funds[at]].follow(
                numbers[at], self.amounts[at], None if undoes < 0 else undoes
            )
        return {code: threads[place].parts for code, place in self.codes.items()}


# -------------------------------------------------------------------------------------------- bank

#: What the columns of a bank's or processor's list may be called; of an amount the first counts.
DAY_COLUMNS = ("day", "date", "วันที่", "created_utc", "created (utc)", "created")
NET_COLUMNS = ("net", "amount", "จำนวนเงิน")
IN_COLUMNS = ("deposit", "credit", "in", "ฝาก", "เงินฝาก")
OUT_COLUMNS = ("withdrawal", "debit", "out", "ถอน", "เงินถอน")
#: The bank and the books may be so many days apart.
APART = timedelta(days=3)
#: How many differences are told.
MOST_TOLD = 20


def read_satang(text):
    """Satang of an amount in baht: 1,234.50, -20, (20.00); ValueError."""
    text = text.strip().replace(",", "").replace("฿", "")
    if text in ("", "-"):
        return 0
    match = re.fullmatch(r"(?P<out>[-(])?(?P<baht>[0-9]+)(?:\.(?P<rest>[0-9]{1,2})0*)?\)?", text)
    if match is None:
        raise ValueError(f"no amount: {text!r}")
    satang = int(match["baht"]) * 100 + int((match["rest"] or "").ljust(2, "0"))
    return -satang if match["out"] else satang


def read_day(text):
    """The day of 2026-11-30, with a time in UTC or without one, and of 30/11/2569; ValueError."""
    text = text.strip()
    if match := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        day, month, year = (int(part) for part in match.groups())
        return date(year - 543 if year > 2400 else year, month, day)
    if re.match(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", text):
        moment = datetime.fromisoformat(text[:16].replace(" ", "T"))
        return (moment + timedelta(hours=7)).date()
    return date.fromisoformat(text[:10])


def read_bank_lines(path):
    """Day and satang (below zero: out) of each line of a bank's list; CannotCheck."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise CannotCheck("error", f"{path}: {error.strerror or error}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp874", "replace")  # what Thai programs write otherwise
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        names = {name.strip().lower(): name for name in reader.fieldnames or ()}

        def first(wanted):
            return next((names[each] for each in wanted if each in names), None)

        day, net = first(DAY_COLUMNS), first(NET_COLUMNS)
        into, out = first(IN_COLUMNS), first(OUT_COLUMNS)
        if day is None or (net is None and None in (into, out)):
            raise CannotCheck("bank_columns", path)
        lines = []
        for row in reader:
            try:
                satang = (
                    read_satang(row[net])
                    if net
                    else (read_satang(row[into]) - abs(read_satang(row[out])))
                )
                if satang:
                    lines.append((read_day(row[day]), satang))
            except (ValueError, AttributeError) as error:
                raise CannotCheck("bank_row", path, reader.line_num, error) from None
    if not lines:
        raise CannotCheck("bank_empty", path)
    return lines


def compare_with_bank(lines, moves):
    """Lines of the bank that are not in the books, and moves of the books that are not at the bank.
    Equal amounts of a day are one; then what is left of a day, in and out apart, when it adds up (one
    line for several entries); then equal amounts a few days apart.
    """
    left = Counter(lines)
    open_moves = []
    for day, satang, number in moves:
        if left[day, satang]:
            left[day, satang] -= 1
        else:
            open_moves.append((day, satang, number))
    open_lines = sorted(left.elements())
    sums, of_books = Counter(), Counter()
    for day, satang in open_lines:
        sums[day, satang > 0] += satang
    for day, satang, _number in open_moves:
        of_books[day, satang > 0] += satang
    even = {key for key, satang in sums.items() if of_books[key] == satang}
    open_lines = [line for line in open_lines if (line[0], line[1] > 0) not in even]
    open_moves = [move for move in open_moves if (move[0], move[1] > 0) not in even]
    near = defaultdict(list)
    for line in open_lines:
        near[line[1]].append(line[0])
    still_open = []
    for day, satang, number in sorted(open_moves):
        days = near[satang]
        found = min(days, key=lambda other: abs(other - day), default=None)
        if found is None or abs(found - day) > APART:
            still_open.append((day, satang, number))
        else:
            days.remove(found)
    return sorted((day, satang) for satang, days in near.items() for day in days), still_open


def check_bank(account, path, moves, say):
    """The list of the bank or processor and the account of the books agree (step V12); Fault."""
    lines = read_bank_lines(path)
    first, last = min(lines)[0], max(lines)[0]
    around = [move for move in moves if first - APART <= move[0] <= last + APART]
    missing, extra = compare_with_bank(lines, around)
    surely = [move for move in extra if first + APART < move[0] < last - APART]
    wrong = [("not_in_books", account, *line) for line in missing]
    wrong += [("not_at_bank", account, *move[:2], text_of(move[2])) for move in surely]
    for each in wrong[1:MOST_TOLD]:
        say(*each)
    if wrong:
        raise Fault(*wrong[0])
    say("bank", account, len(lines), first, last, len(extra) - len(surely))


# ------------------------------------------------------------------------------------------- bundle


class Bundle:
    """The files of a bundle."""

    def __init__(self, path):
        if Path(path).is_dir():
            raise CannotCheck("is_folder", path)
        try:
            self.archive = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise CannotCheck("no_file", path) from None
        except (*BROKEN_ZIP, ValueError) as error:
            raise CannotCheck("no_zip", path, error) from None
        names = Counter(self.archive.namelist())
        for name, count in names.items():
            if count > 1:
                raise CannotCheck("file_twice", name)
        for name in FILES:
            if name not in names:
                raise CannotCheck("lacks", name)
        self.names = sorted(names)

    def lines(self, name):
        """The lines of a file, without their ends; CannotCheck."""
        try:
            with self.archive.open(name) as packed, io.BufferedReader(packed, 1 << 20) as file:
                while line := file.readline(MOST_OF_LINE):
                    if len(line) == MOST_OF_LINE:
                        raise CannotCheck("too_long", name, MOST_OF_LINE)
                    yield line.rstrip(b"\n")
        except BROKEN_ZIP as error:
            raise CannotCheck("damaged", name, error) from None

    def rows(self, name):
        """The rows of a CSV file, one after the other: where each is, and its columns. Fault for one
        that lacks a column.
        """
        columns = FILES[name]
        lines = (line.decode("utf-8").lstrip("\ufeff") for line in self.lines(name))
        reader = csv.DictReader(lines)
        if not set(columns) <= set(reader.fieldnames or ()):
            raise CannotCheck("columns", name, ", ".join(columns))
        for number, row in enumerate(reader, start=1):
            values = tuple(row[column] for column in columns)
            if None in values:
                raise fault("row", name, number)
            yield number, *values

    def notes(self):
        """The checkpoints: where each is from, and its text. Fault for one that is no text."""
        for name in self.names:
            if name.startswith("checkpoints/") and name.endswith(".txt"):
                text = "\n".join(line.decode("utf-8", "replace") for line in self.lines(name))
                yield name, text + "\n"


#: Files that a bundle must have; of lists, the columns that are read.
FILES = {
    "entries.jsonl": (),
    "trial_balance.csv": ("account", "fund", "debit_satang", "credit_satang"),
    "receipts.csv": ("number", "entry"),
    "thread.csv": ("fund", "help", "gift", "satang"),
}
MOST_OF_LINE = 1 << 24
#: What may be raised where an archive is damaged, or packed in a way that is not known here.
BROKEN_ZIP = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError)


def read_checkpoints(bundle, pinned, vkey, witnesses, say):
    """Roots by size, with where each is from, and the largest size that somebody outside has seen:
    who checks, or a witness. Fault.
    """
    found, outside = {}, 0
    cosigned = dict.fromkeys(witnesses, (0, 0))
    kept = [] if pinned is None else read_kept(pinned)
    if pinned is not None and not kept:
        say("nothing_kept", pinned)
    notes = [(place, text, True) for place, text in kept]
    notes += [(place, text, False) for place, text in bundle.notes()]
    for place, text, is_outside in notes:
        size, root = (read_kept_note if is_outside else read_note)(place, text, vkey)
        known = found.setdefault(size, (root, place))
        if known[0] != root:
            raise fault("split", known[1], place, size)
        outside = max(outside, size if is_outside else 0)
        for witness in witnesses:
            at = cosigned_at(place, text, witness)
            if at is not None:
                cosigned[witness] = max(cosigned[witness], (size, at))
    if not found:
        raise CannotCheck("no_checkpoint")
    for (name, _public), (size, at) in cosigned.items():
        if not at:
            raise fault("no_witness", name)
        say("witness", name, size, f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}")
        outside = max(outside, size)
    return found, outside


def check_entries(bundle, checkpoints, codes, watched):
    """Read every entry once: form, tree, books; the tree and the books. Fault."""
    tree, books, waiting = Tree(), Books(watched), dict(checkpoints)
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
        except (ValueError, RecursionError) as error:
            raise fault("canonical", "?", tree.size, error) from None
        leaf = leaf_hash(line)
        code = base64.b32encode(leaf[:16]).decode().rstrip("=")
        if code in codes:
            numbers[code] = (entry["entry"], entry["on"])
        books.read(entry)
        tree.add(leaf)
        compare()
    books.require_covered()
    for size, (_root, place) in sorted(waiting.items()):
        raise fault("longer", place, size, tree.size)
    return tree, books, numbers


def check_trial_balance(bundle, books):
    """The file of the trial balance says what the entries give; Fault."""
    stated = {}
    for row, account, fund, debit, credit in bundle.rows("trial_balance.csv"):
        if not (TOTAL.match(debit) and TOTAL.match(credit)) or (account, fund) in stated:
            raise fault("row", "trial_balance.csv", row)
        stated[account, fund] = int(debit), int(credit)
    for key in sorted(set(stated) | set(books.balances)):
        given = tuple(books.balances.get(key, (0, 0)))
        if stated.get(key, (0, 0)) != given:
            raise fault("trial", *key, stated.get(key, (0, 0)), given)


#: Satang of a sum, and the number of a receipt.
TOTAL = re.compile(r"(0|[1-9][0-9]{0,24})\Z")
RECEIPT = re.compile(r"([0-9]{4})-([0-9]{6,12})\Z")


def check_receipts(bundle, books):
    """Receipts of each fiscal year are numbered from 1 without a gap, and name entries; each that an
    entry names is there, for this entry. Fault.
    """
    by_year = defaultdict(dict)
    for _row, label, entry in bundle.rows("receipts.csv"):
        match = RECEIPT.match(label)
        if match is None:
            raise fault("receipt", label or entry, "its number is not one of a receipt")
        if not NUMBER.match(entry) or number_of(entry) not in books.postings:
            raise fault("receipt", label, "its entry is not in the books")
        year, number = match[1], int(match[2])
        if number in by_year[year]:
            raise fault("receipt", label, "missing, or another one twice")
        by_year[year][number] = number_of(entry)
    for year, numbers in sorted(by_year.items()):
        for expected, number in enumerate(sorted(numbers), start=1):
            if number != expected:
                raise fault("receipt", f"{year}-{expected:06d}", "missing, or another one twice")
    for year, number, entry in zip(*books.receipts, strict=True):
        if by_year[str(year)].get(number) != entry:
            reason = "the entries name it, and the list has it not or for another entry"
            raise fault("receipt", f"{year}-{number:06d}", reason)


def check_thread(bundle, books):
    """The thread from gifts to help is the one that the entries give; how many parts it has. Fault
    for the oldest entry of which the file says otherwise.
    """
    parts = books.thread.follow()
    count, wrong = sum(len(of_fund) for of_fund in parts.values()), []
    for row, fund, taker, source, satang in bundle.rows("thread.csv"):
        if not (NUMBER.match(taker) and NUMBER.match(source) and SATANG.match(satang)):
            raise fault("row", "thread.csv", row)
        key = number_of(taker) << 63 | number_of(source)
        stated, found = int(satang), parts.get(fund, {}).pop(key, 0)
        if stated != found:
            wrong.append((key, fund, stated, found))
    for code, left in parts.items():
        if left:
            key = min(left)
            wrong.append((key, code, 0, left[key]))
    if wrong:
        key, code, stated, found = min(wrong)
        taker, source = text_of(key >> 63), text_of(key & (1 << 63) - 1)
        raise fault("thread", taker, source, code, stated, found)
    return count


def read_banks(given):
    """Account and file of each ACCOUNT=FILE; CannotCheck."""
    banks = [each.partition("=")[::2] for each in given]
    for account, path in banks:
        if not account or not path:
            raise CannotCheck("bank_given")
    return banks


def check(arguments, say):
    """Check the bundle; Fault and CannotCheck."""
    vkey = read_vkey(arguments.vkey)
    witnesses = [read_vkey(each, OF_WITNESS) for each in arguments.witness]
    banks = read_banks(arguments.bank)
    bundle = Bundle(arguments.bundle)
    checkpoints, outside = read_checkpoints(bundle, arguments.pinned, vkey, witnesses, say)
    codes = {re.sub(r"[\s-]", "", code).upper() for code in arguments.receipt}
    watched = {account for account, _path in banks}
    tree, books, numbers = check_entries(bundle, checkpoints, codes, watched)
    for code in sorted(codes):
        if code not in numbers:
            raise fault("code", code)
        say("has_code", code, *numbers[code])
    check_trial_balance(bundle, books)
    check_receipts(bundle, books)
    say("threads", check_thread(bundle, books))
    for account, path in banks:
        check_bank(account, path, books.moves[account], say)
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
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--bank", action="append", default=[])
    parser.add_argument("--lang", choices=("th", "en"), default="en")
    arguments = parser.parse_args()

    # What this terminal cannot show is written in another way.
    sys.stdout.reconfigure(errors="backslashreplace")

    def say(name, *values):
        print(sentence(name, values, arguments.lang))

    try:
        check(arguments, say)
    except Fault as found:
        name, *values = found.args
        say("bad", sentence(name, values, arguments.lang))
        return 1
    except CannotCheck as found:
        name, *values = found.args
        say("failed", sentence(name, values, arguments.lang))
        return 2
    except Exception as error:  # a sentence for whoever checks, and neither 0 nor 1
        say("failed", f"{type(error).__name__}: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
