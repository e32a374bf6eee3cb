"""One folding of what people type and paste, for comparing and for reading numbers.

What is stored is what was typed (`without_hidden_signs` alone is applied to it); what is compared
is folded. Two spellings that look alike on paper fold to the same text: composed and decomposed
letters, ำ and its two halves, แ typed as two เ, marks in the wrong order or typed twice, every kind
of space, dash, digit and full-width sign. Two names that a reader can tell apart stay apart.
"""

import re
import unicodedata
from functools import lru_cache

#: Direction marks, zero-width spaces and soft hyphens: with one, a text reads as another.
_HIDDEN = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff"
)
#: What else takes no room on paper: the rest of Unicode's Default_Ignorable_Code_Point, the signs
#: of interlinear notes and the empty Braille cell. Joiners and the signs that choose how another
#: looks are among them; they belong to what was typed.
_ROOMLESS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_HIDDEN_SIGNS = re.compile(f"[{_HIDDEN}]")
_INVISIBLE_SIGNS = re.compile(f"[{_HIDDEN}{_ROOMLESS}]")
#: Dashes of Unicode (category Pd), minus signs, hyphen bullets, and the lines of PDF tables.
_DASHES = (
    "\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\u2500\u2501"
    "\u2796\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\u02d7\uff0d"
)
_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u02b9\u00b4`"
_SLASHES = "\u2044\u2215"
#: The first digit of each row of ten: Arabic-Indic, Persian and Urdu, Thai. Full-width digits are
#: among the full-width signs.
_ZEROS = (0x0660, 0x06F0, 0x0E50)

_PLAIN: dict[int, str] = {
    **{zero + digit: str(digit) for zero in _ZEROS for digit in range(10)},
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, _SLASHES), "/"),
}
# Most texts have none of these, and to translate one takes ten times as long as to look.
_NOT_PLAIN = re.compile("[" + re.escape("".join(map(chr, _PLAIN))) + "]")
_BETWEEN_DIGITS = re.compile(r"[ .-]")

_SARA_AM, _NIKHAHIT, _SARA_AA, _LAKKHANGYAO = "\u0e33", "\u0e4d", "\u0e32", "\u0e45"
#: อึ may be typed as อิ and the ring of อำ.
_SARA_UE, _LIKE_SARA_UE = "\u0e36", frozenset("\u0e34\u0e4d")
_TONES = "\u0e48\u0e49\u0e4a\u0e4b"
#: The order in which marks are written on one consonant: below, above, tone, silencer, ring.
_MARK_ORDER = f"\u0e38\u0e39\u0e3a\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47{_TONES}\u0e4c\u0e4e\u0e4d"
_CLUSTER = re.compile("[\u0e30-\u0e3a\u0e47-\u0e4e]{2,}")
_VOWEL_BEHIND = re.compile("[\u0e30\u0e32]")


def without_hidden_signs(text: str) -> str:
    """``text`` as it is kept: without direction marks, zero-width spaces and soft hyphens."""
    return text if text.isascii() else _HIDDEN_SIGNS.sub("", text)


def without_invisible_signs(text: str) -> str:
    """``text`` without anything that takes no room on paper, fillers and joiners included."""
    return text if text.isascii() else _INVISIBLE_SIGNS.sub("", text)


def plain_signs(text: str) -> str:
    """``text`` sign for sign with digits of every script as 0–9, dashes as "-", full-width signs
    as the usual ones. Its length stays, so that a place in the one is a place in the other.
    """
    return text.translate(_PLAIN) if _NOT_PLAIN.search(text) else text


def fold_signs(text: str) -> str:
    """One line to read a number, a day or a code from: nothing invisible, single spaces, none at
    the ends, digits 0–9, dashes "-". Letters and capitals stay.
    """
    return " ".join(plain_signs(without_invisible_signs(text)).split())


def bare_number(text: str) -> str:
    """A number as it is stored and compared: `fold_signs` without the spaces, dots and dashes that
    people put between groups, in capitals.
    """
    return _BETWEEN_DIGITS.sub("", fold_signs(text)).upper()


@lru_cache(maxsize=16_384)
def fold_text(text: str) -> str:
    """``text`` as names and words are compared: `spell_text` without capitals."""
    return spell_text(text).casefold()


def spell_text(text: str) -> str:
    """``text`` to find words in and to show them: `fold_signs`, composed, Thai spelled one way."""
    if text.isascii():
        return " ".join(text.split())
    return _spelled_one_way(unicodedata.normalize("NFC", fold_signs(text)))


def _spelled_one_way(text: str) -> str:
    """Thai as it should have been typed; what is right already stays."""
    text = text.replace("\u0e40\u0e40", "\u0e41").replace(_LAKKHANGYAO, _SARA_AA)
    return _CLUSTER.sub(lambda match: _ordered(match.group()), text)


@lru_cache(maxsize=1024)
def _ordered(cluster: str) -> str:
    """The marks on one consonant, and the vowel behind it, in their right order, each once."""
    cluster = cluster.replace(_SARA_AM, _NIKHAHIT + _SARA_AA)
    vowel = _VOWEL_BEHIND.search(cluster)
    cut = vowel.start() if vowel else len(cluster)
    marks, behind = cluster[:cut], cluster[cut:]
    # A tone mark belongs to the consonant, also when it was typed after the vowel.
    marks += "".join(sign for sign in behind if sign in _TONES)
    behind = "".join(sign for sign in behind if sign not in _TONES)
    kept = set(marks)
    if kept >= _LIKE_SARA_UE:
        kept = kept - _LIKE_SARA_UE | {_SARA_UE}
    written = "".join(sorted(kept, key=_MARK_ORDER.index))
    if behind.startswith(_SARA_AA) and written.endswith(_NIKHAHIT):
        return written[:-1] + _SARA_AM + behind[1:]
    return written + behind
