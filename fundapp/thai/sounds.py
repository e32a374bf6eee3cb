"""How names sound, in Thai and Latin script, so that one is found however it is spelled (pure).

The key of a word is its consonants in classes that both scripts share: อามีนะห์, Aminah and Amina
are "AMN", สมชาย and Somchai "SMC". It finds more than what is meant; a person chooses. No system of
writing Thai in Latin letters is followed: names are written as their owners like.
"""

import re
from functools import lru_cache

from fundapp.thai.names import fold_name

_THAI = {
    **dict.fromkeys("กขฃคฅฆ", "K"),
    **dict.fromkeys("จฉชฌ", "C"),
    **dict.fromkeys("ซศษส", "S"),
    **dict.fromkeys("ดตถทธฎฏฐฑฒ", "T"),
    **dict.fromkeys("บปผพภ", "P"),
    **dict.fromkeys("ฝฟ", "F"),
    **dict.fromkeys("นณง", "N"),
    **dict.fromkeys("รลฬ", "L"),
    **dict.fromkeys("หฮ", "H"),
    **dict.fromkeys("ญย", "Y"),
    "ม": "M",
    "ว": "W",
}
_LATIN = {
    **dict.fromkeys("kgqx", "K"),
    **dict.fromkeys("cj", "C"),
    **dict.fromkeys("sz", "S"),
    **dict.fromkeys("td", "T"),
    **dict.fromkeys("pb", "P"),
    **dict.fromkeys("f", "F"),
    **dict.fromkeys("n", "N"),
    **dict.fromkeys("lr", "L"),
    **dict.fromkeys("h", "H"),
    **dict.fromkeys("y", "Y"),
    "m": "M",
    **dict.fromkeys("wv", "W"),
}
#: Signs that stand for one sound, as it is written in the tables above.
_TOGETHER = (
    ("sh", "s"), ("ch", "c"), ("th", "t"), ("ph", "p"), ("kh", "k"), ("ng", "n"), ("ck", "k"),
    ("dh", "t"), ("gh", "k"), ("bh", "p"), ("wh", "w"), ("tj", "c"), ("dz", "s"),
)  # fmt: skip
_SILENT = re.compile("[\u0e01-\u0e2e][\u0e31\u0e34-\u0e39]?\u0e4c")
_LED = re.compile("ห(?=[งญนมยรลว])")
_LONG_R = re.compile("r(?=[bcdfgjklmnpqstvwxz])")
#: At the end of a word these are heard as n.
_LIKE_N = "รลฬญlr"
_THAI_LETTER = re.compile("[\u0e01-\u0e2e]")
_WORDS = re.compile("[\u0e01-\u0e4e]+|[a-z']+")
#: A vowel that is not written between two consonants is none here: only what a word begins with.
_VOWEL_FIRST = re.compile("[\u0e40-\u0e44]?อ|[aeiou]")


@lru_cache(maxsize=16_384)
def sound_of(word: str) -> str:
    """The key of one folded word; empty for one without letters."""
    is_thai = _THAI_LETTER.search(word) is not None
    heard, table = (_heard_thai(word), _THAI) if is_thai else (_heard_latin(word), _LATIN)
    key = "A" if _VOWEL_FIRST.match(word) else ""
    for at, sign in enumerate(heard):
        letter = table.get(sign, "")
        if at == len(heard) - 1 and key and sign in _LIKE_N:
            letter = "N"
        # Between vowels and behind them these are hardly heard.
        if letter and letter in "HYW" and key:
            continue
        if letter and not key.endswith(letter):
            key += letter
    return key


def words_of(folded: str) -> list[str]:
    """The words of a folded name, in either script."""
    return _WORDS.findall(folded)


def sounds_of(name: str) -> tuple[str, ...]:
    """The keys of the words of a name, without its titles."""
    keys = (sound_of(word) for word in words_of(fold_name(name)))
    return tuple(key for key in keys if key)


def sound_key(name: str) -> str:
    """The keys of a name as they are stored: a space before and behind each, to find one in it."""
    keys = sounds_of(name)
    return f" {' '.join(keys)} " if keys else ""


def _heard_thai(word: str) -> str:
    """The word without what is silent."""
    return _LED.sub("", _SILENT.sub("", word.replace("รร", "")))


def _heard_latin(word: str) -> str:
    """The word with one sign for each consonant."""
    for written, heard in _TOGETHER:
        word = word.replace(written, heard)
    # An r before another consonant lengthens the vowel: Porn, Charoen.
    return _LONG_R.sub("", word)
