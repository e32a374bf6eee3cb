"""Whom a bank's text names, and whether that is somebody else than the giver (pure).

A text without a name names nobody. A name stands after a title ("นาย", "MRS."), begins with the
kind of a body ("บริษัท"), or comes after a masked account number ("X1234") or a word for "from";
whatever else a payer types into a transfer is no name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from fundapp.banking.matching.policy import names_payer
from fundapp.thai.folding import spell_text
from fundapp.thai.names import fold_name, titled_names

_LETTER = r"[^\W\d_]|[\u0E00-\u0E7F]"
_EDGE = r"(?<![^\W\d_])(?<![\u0E00-\u0E7F])"
_BODY = re.compile(
    rf"{_EDGE}(?:บริษัท|บจก\.|บมจ\.|หจก\.|ห้างหุ้นส่วน|มูลนิธิ|สมาคม|มัสยิด|โรงเรียน|สหกรณ์|"
    r"องค์การบริหารส่วน|เทศบาล|company(?=\s)|co\.)",
    re.IGNORECASE,
)
#: What a bank writes before a name that has no title.
_BEFORE = re.compile(
    rf"{_EDGE}(?:x+-?\d{{3,6}}|จาก|โดย|from|by|fr)(?=[\s:]|[\u0E00-\u0E7F])[\s:]*", re.IGNORECASE
)
#: References with their codes: "Ref2 GEN" is no general.
_CODES = re.compile(r"\bref(?:erence)? ?\d? ?[.:]? ?\S*", re.IGNORECASE)
_WORD = re.compile(rf"(?:{_LETTER})(?:{_LETTER}|[.*'\u2019-])*")
_SIGNS = " .,*:-'\u2019"
#: Words that a bank writes in such a place and that are no names.
_NO_NAMES = frozenset(
    (
        "promptpay", "mobile", "internet", "transfer", "deposit", "counter", "bill", "payment",
        "via", "app", "bank", "to", "account", "acct", "acc", "no", "scb", "ktb", "kbank", "bbl",
        "bay", "ttb", "gsb", "baac", "uob", "cimb", "krungthai", "tr", "พร้อมเพย์", "ธนาคาร",
        "กรุงไทย", "กสิกรไทย", "ไทยพาณิชย์", "กรุงเทพ", "กรุงศรี", "ออมสิน", "สาขา", "โอน", "โอนเงิน",
        "บัญชี", "เลขที่", "เพื่อ",
    )
)  # fmt: skip
_MOST_WORDS = 4


@lru_cache(1)  # the text of a line is compared with one giver after another
def named_in(text: str) -> str | None:
    """The person or body that a bank's text names, with the title as written; None if nobody."""
    spelled = _CODES.sub("|", spell_text(text))
    for start, name_start in sorted(_titled(spelled)):
        words = _words(spelled[name_start:])
        if words:
            return " ".join([*spelled[start:name_start].split(), *words])
    for before in _BEFORE.finditer(spelled):
        words = _words(spelled[before.end() :])
        if len(words) > 1:
            return " ".join(words)
    return None


@lru_cache(4_096)  # the same candidates are shown with a line until somebody decides
def names_another(text: str, *givers: str, if_unsure: bool) -> bool:
    """Whether a bank's text names somebody, and that is none of the names of the giver.

    Of a giver without a name nobody is another. A name in other letters than the giver's cannot be
    compared: the answer is then ``if_unsure``.
    """
    named = named_in(text)
    names = [giver for giver in givers if giver]
    if named is None or not names:
        return False
    is_thai = _is_thai(named)
    comparable = [giver for giver in names if _is_thai(giver) is is_thai]
    if not comparable:
        return if_unsure
    return not any(names_payer(text, giver) or _is_cut(named, giver) for giver in comparable)


def _titled(text: str) -> Iterator[tuple[int, int]]:
    yield from titled_names(text)
    yield from (found.span() for found in _BODY.finditer(text))


def _words(text: str) -> list[str]:
    """The words of a name at the beginning of a text."""
    words: list[str] = []
    for part in text.lstrip(_SIGNS).split():
        word = _WORD.match(part)
        if word is None or part.strip(_SIGNS).casefold() in _NO_NAMES or _has_digit(part):
            break
        words.append(part.strip(",:()"))
        if len(words) == _MOST_WORDS:
            break
    return words


@lru_cache(4_096)  # the same givers are compared with each line of their amount
def _is_thai(name: str) -> bool:
    return any("\u0e00" < sign < "\u0e7f" for sign in fold_name(name))


def _has_digit(part: str) -> bool:
    return any(sign.isdigit() for sign in part)


@lru_cache(4_096)
def _is_cut(named: str, giver: str) -> bool:
    """Whether the name is the giver's with a last name of one or two letters, or masked."""
    shown, full = (fold_name(name).strip(_SIGNS).split() for name in (named, giver))
    if not shown or not full or shown[0] != full[0]:
        return False
    last = shown[1].strip(_SIGNS) if len(shown) > 1 else ""
    return len(full) == 1 or full[1].startswith(last)
