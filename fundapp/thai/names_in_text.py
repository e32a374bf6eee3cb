"""Where a text names somebody, though Thai writes words together (pure).

A name of `CERTAIN` signs and more is found wherever it stands. A shorter one could be a part of any
word, so what stands beside it decides: a title, a word for a person, a verb or preposition before
it, the end of a word or a verb behind it (`fundapp.thai.everyday_words`). A name that is an
everyday word needs more of that. What a longer everyday word holds names nobody. Latin letters are
compared without capitals and accents, as whole words.

Not found: a Thai name in Latin letters or the other way round, a name that is spelled differently,
and a short name between words that no list holds.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from fundapp.thai import everyday_words as words_of
from fundapp.thai.folding import fold_text, without_invisible_signs
from fundapp.thai.names import THAI_TITLE, fold_name

#: A Thai name of so many signs is no part of another word; one fewer when it ends with the sign
#: that silences a letter, as few words do.
CERTAIN = 6
_SILENT = "\u0e4c"
SHORTEST = 2
_LONGEST_QUOTE = 60
#: Signs before a name in which a title or another word is looked for.
_BEFORE = 40
#: Signs of a name that no common beginning of another word has.
_SELDOM = 4

_THAI = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e"
_LATIN = rf"(?:[^\W\d_{_THAI}\u0e2f\u0e46]|[\u0300-\u036f])"
TOKEN = re.compile(rf"[{_THAI}]+|{_LATIN}+")
_IS_THAI = re.compile(f"[{_THAI}]")
THAI_SIGNS = frozenset(filter(_IS_THAI.match, map(chr, range(0x0E00, 0x0E80))))
#: What belongs to the consonant before it, and to the consonant behind it.
BELONGS_BEFORE = frozenset(map(chr, (*range(0x0E30, 0x0E3B), 0x0E45, *range(0x0E47, 0x0E4F))))
BELONGS_BEHIND = frozenset(map(chr, range(0x0E40, 0x0E45)))
#: A consonant with the vowel before it and what is written above, below and behind it. A word of
#: two of them that is taken apart is two words.
_PARTS = re.compile(r"[\u0e40-\u0e44]?.[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]*")
_FEWEST_PARTS = 3
#: Between the words of a name.
_BETWEEN = r"[ .\-]{0,3}"
SIGNS = " .-"
NO_SIGNS = str.maketrans("", "", SIGNS)


def _ends_with(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})[ .]*\\Z")


def _escaped(words: Iterable[str]) -> list[str]:
    return [re.escape(word) for word in words]


_TITLE = re.compile(rf"(?<!ขอบ)(?<!พระ)(?<!บุญ)(?:{THAI_TITLE})\Z")
_LATIN_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|miss|master|mdm|khun|encik|puan|cik|child|son|daughter|boy|girl|anak)\.? ?\Z"
)
_KIN = _ends_with(words_of.KIN)
_LINK = _ends_with(_escaped(words_of.LINKS))
_OWNER = _ends_with(_escaped(words_of.OWNERS))
_PLACE = _ends_with(
    [
        *_escaped(words_of.PLACES),
        *(rf"(?<![{_THAI}]){short}\." for short in words_of.SHORT_PLACES),
    ]
)
FOLLOWER = re.compile("|".join(sorted(_escaped(words_of.FOLLOWERS), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Line:
    """A text as it is searched: words folded, one to three signs between them; of each sign where
    it stands in the text as typed.
    """

    typed: str
    text: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The words as typed."""
        return self.typed[self.begins[start] : self.ends[end - 1]][:_LONGEST_QUOTE]


@dataclass(frozen=True)
class Place:
    """Where a name may stand in a line."""

    text: str
    start: int
    end: int

    @cached_property
    def name(self) -> str:
        """What stands there."""
        return self.text[self.start : self.end]

    @cached_property
    def letters(self) -> str:
        """The name without the signs between its words."""
        return self.name.translate(NO_SIGNS)

    @property
    def is_thai(self) -> bool:
        """Whether it is written in Thai."""
        return self.name[0] in THAI_SIGNS

    @cached_property
    def before(self) -> str:
        """Some signs before it."""
        return self.text[max(0, self.start - _BEFORE) : self.start]

    @property
    def begins_word(self) -> bool:
        """Whether no letter of its script stands before it."""
        return self.start == 0 or _is_edge(self.text[self.start - 1], self.text[self.start])

    @property
    def ends_word(self) -> bool:
        """Whether no letter of its script stands behind it."""
        return self.end == len(self.text) or _is_edge(self.text[self.end - 1], self.text[self.end])

    @property
    def splits_a_syllable(self) -> bool:
        """Whether the sign before or behind belongs to a letter of the name."""
        behind, before = self.text[self.end : self.end + 1], self.text[self.start - 1 : self.start]
        return behind in BELONGS_BEFORE or before in BELONGS_BEHIND

    @property
    def is_followed(self) -> bool:
        """Whether a word ends here, or one begins that officers write behind a name."""
        return self.ends_word or FOLLOWER.match(self.text, self.end) is not None

    def is_part_of_word(self, *, beginning_before: bool) -> bool:
        """Whether an everyday word that is longer holds the name; with a title before the name only
        one that begins before it counts.
        """
        for word in _compounds_with(self.name):
            at = word.find(self.name)
            while at >= 0:
                is_there = (
                    self.text.startswith(word, self.start - at) if at <= self.start else False
                )
                if is_there and (at or not beginning_before):
                    return True
                at = word.find(self.name, at + 1)
        return False


def quote_name(text: str, names: Iterable[str]) -> str | None:
    """The words of a text, as typed, that hold one of the names, whatever titles, spelling, signs
    and spaces are between them; None when it names nobody.
    """
    line = fold_line(text)
    # A name with a letter that the text lacks is not in it; its pattern need not be made.
    letters = set(line.text)
    wanted = {
        words for name in names if (words := _words_of(name)) and letters.issuperset("".join(words))
    }
    for words in sorted(wanted, key=lambda each: len("".join(each)), reverse=True):
        for found in re.finditer(_pattern(words), line.text):
            place = Place(line.text, *found.span())
            if names_somebody(place, is_full=len(words) > 1):
                return line.quote(_quoted_from(place), place.end)
    return None


def person_names(name: str) -> tuple[str, ...]:
    """The names by which a text may name a person: the full name without its titles, the given and
    the family name. A body has its full name only.
    """
    folded = fold_name(name)
    words = [word for word in folded.split() if TOKEN.search(word)]
    is_body = folded.startswith(words_of.BODIES) or any(word in words_of.BODIES for word in words)
    if is_body or len(words) < 2:
        return (folded,)
    alone = [word for word in words if word not in words_of.PARTICLES]
    given = next(iter(alone), "")
    family = alone[-1] if len(alone) > 1 or words[0] not in alone else ""
    return tuple(dict.fromkeys(each for each in (folded, given, family) if each))


def bare_name(name: str) -> str:
    """A name as `full_names_in` gives it: folded, without titles, spaces and signs."""
    return "".join(_words_of(name))


def fold_line(text: str) -> Line:
    """The text to search names in."""
    signs: list[str] = []
    begins: list[int] = []
    ends: list[int] = []

    def add(piece: str, start: int, end: int) -> None:
        is_same = len(piece) == end - start
        signs.append(piece)
        begins.extend(start + at if is_same else start for at in range(len(piece)))
        ends.extend(start + at + 1 if is_same else end for at in range(len(piece)))

    last = 0
    for token in TOKEN.finditer(text):
        add(_between(text[last : token.start()]), last, token.start())
        add(_bare(token.group()), *token.span())
        last = token.end()
    add(_between(text[last:]), last, len(text))
    return Line(text, "".join(signs), tuple(begins), tuple(ends))


def _between(text: str) -> str:
    """What is between two words: a dot, a space, a dash for anything else, each once at most."""
    seen = without_invisible_signs(text)
    is_other = any(not sign.isspace() and sign != "." for sign in seen)
    has_space = any(sign.isspace() for sign in seen)
    return "." * ("." in seen) + " " * has_space + "-" * is_other


def _bare(word: str) -> str:
    """A word folded; Latin letters without accents."""
    folded = fold_text(word)
    if folded.isascii() or _IS_THAI.match(folded):
        return folded
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are searched; none for what is too short to be searched."""
    words = tuple(_bare(word) for word in TOKEN.findall(fold_name(name)))
    return words if len("".join(words)) >= SHORTEST else ()


@lru_cache(maxsize=4096)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """The words with signs between them; a long word may be taken apart as well."""
    return re.compile(_BETWEEN.join(map(_taken_apart, words)))


def _taken_apart(word: str) -> str:
    """A long word, signs anywhere between its letters; a short one, between all its syllables."""
    if not _IS_THAI.match(word):
        return re.escape(word)
    if len(word) >= CERTAIN:
        return _BETWEEN.join(map(re.escape, word))
    parts = _PARTS.findall(word)
    spaced = r"[ .\-]{1,3}".join(map(re.escape, parts))
    return f"(?:{re.escape(word)}|{spaced})" if len(parts) >= _FEWEST_PARTS else re.escape(word)


@lru_cache(maxsize=4096)
def _compounds_with(name: str) -> tuple[str, ...]:
    return tuple(word for word in words_of.COMPOUNDS if name in word and name != word)


def _is_edge(sign: str, other: str) -> bool:
    """Whether a word ends between two signs: one is no letter, or they are of two scripts."""
    return TOKEN.fullmatch(sign + other) is None


def names_somebody(place: Place, *, is_full: bool) -> bool:
    """Whether what stands there is the name; ``is_full`` for given and family name together."""
    if not place.is_thai:
        return _latin_names_somebody(place, is_full=is_full)
    if place.splits_a_syllable:
        return False
    length = len(place.letters)
    if is_full and length >= CERTAIN:
        return True
    has_title = _TITLE.search(place.before) is not None
    if has_title or place.is_part_of_word(beginning_before=False):
        return has_title and not place.is_part_of_word(beginning_before=True)
    if is_full:
        return _short_name_stands(place, length)
    return not _PLACE.search(place.before) and _one_name_stands(place, length)


def _one_name_stands(place: Place, length: int) -> bool:
    """The same of a given or family name alone that has no title."""
    if place.name in words_of.WORDS:
        return place.ends_word and _KIN.search(place.before) is not None
    if place.name in words_of.THINGS:
        return _thing_names_somebody(place)
    return _is_certain(place, length) or _short_name_stands(place, length)


def _is_certain(place: Place, length: int) -> bool:
    return length >= CERTAIN - place.name.endswith(_SILENT)


def _thing_names_somebody(place: Place) -> bool:
    if _KIN.search(place.before) or _OWNER.search(place.before):
        return place.is_followed
    return place.ends_word and (place.begins_word or _LINK.search(place.before) is not None)


def _short_name_stands(place: Place, length: int) -> bool:
    """Whether a short name that is no everyday word is what it seems, by its neighbours."""
    if place.begins_word and place.ends_word:
        return True
    begins_syllable = place.text[place.end : place.end + 1] in BELONGS_BEHIND
    if _KIN.search(place.before):
        return place.is_followed or begins_syllable or length >= _SELDOM
    if _LINK.search(place.before):
        return place.is_followed or length >= _SELDOM
    if not place.begins_word:
        return False
    if length > _SELDOM:
        return True
    return length >= _SELDOM - 1 and (place.is_followed or begins_syllable)


def _latin_names_somebody(place: Place, *, is_full: bool) -> bool:
    if not (place.begins_word and place.ends_word):
        return False
    is_word = not is_full and place.name in words_of.LATIN_WORDS
    return not is_word or bool(_LATIN_TITLE.search(place.before) or _KIN.search(place.before))


def _quoted_from(place: Place) -> int:
    """Where the quotation begins: with the title or word for a person that is part of the word."""
    word_begins = place.start
    while word_begins and not _is_edge(place.text[word_begins - 1], place.text[word_begins]):
        word_begins -= 1
    found = _TITLE.search(place.before) or _KIN.search(place.before)
    if found is None:
        return place.start
    begins = place.start - len(found.group())
    return begins if begins >= word_begins else place.start
