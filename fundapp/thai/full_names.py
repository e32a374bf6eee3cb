"""What may be somebody's full name in a text, where no list of people is at hand (pure).

Whoever has hashes of names asks with these; `fundapp.thai.names_in_text` finds names that are
known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from fundapp.thai import everyday_words as words_of
from fundapp.thai.names import THAI_TITLE
from fundapp.thai.names_in_text import (
    BELONGS_BEFORE,
    BELONGS_BEHIND,
    FOLLOWER,
    NO_SIGNS,
    SHORTEST,
    SIGNS,
    THAI_SIGNS,
    TOKEN,
    Line,
    Place,
    fold_line,
    names_somebody,
)

#: A full name has at most so many signs and words.
_LONGEST_NAME = 40
_MOST_WORDS, _MOST_THAI_WORDS = 5, 3
#: Behind what a name may begin inside a word that is typed together.
_WORDS = sorted([*words_of.KIN, *map(re.escape, words_of.LINKS)], key=len, reverse=True)
_MARK = re.compile(f"(?=({'|'.join(_WORDS)}|{THAI_TITLE}))")


@dataclass(frozen=True)
class _Run:
    """Letters of one script that stand together in a line."""

    text: str
    start: int
    end: int

    @cached_property
    def is_thai(self) -> bool:
        return self.text[self.start] in THAI_SIGNS

    @cached_property
    def begins(self) -> list[int]:
        """Where a name may begin: with a syllable."""
        return [at for at in range(self.start, self.end) if self._is_between_syllables(at)]

    @cached_property
    def ends(self) -> list[int]:
        """Where a name may end: with a syllable."""
        inside = range(self.start + 1, self.end)
        return [*(at for at in inside if self._is_between_syllables(at)), self.end]

    @cached_property
    def likely_begins(self) -> set[int]:
        """The same with the run, or behind a title, a word for a person, a verb."""
        behind = {found.end(1) for found in _MARK.finditer(self.text, self.start, self.end)}
        return (behind & set(self.begins)) | {self.start}

    @cached_property
    def likely_ends(self) -> list[int]:
        """The same with the run, or before a word that follows names."""
        return [at for at in self.ends if at == self.end or FOLLOWER.match(self.text, at)]

    def _is_between_syllables(self, at: int) -> bool:
        is_inside = at > self.start and self.text[at - 1] in BELONGS_BEHIND
        return not is_inside and self.text[at] not in BELONGS_BEFORE


class PossibleName(NamedTuple):
    """What could be a full name in a text."""

    line: Line
    start: int
    end: int

    @property
    def words(self) -> str:
        """It, as typed."""
        return self.line.quote(self.start, self.end)

    @property
    def stands(self) -> bool:
        """Whether it is the name, if somebody is called so: a short one needs its neighbours."""
        return names_somebody(Place(self.line.text, self.start, self.end), is_full=True)


def full_names_in(text: str) -> dict[str, PossibleName]:
    """What could be somebody's given and family name in a text, by the name as `bare_name` gives
    it.

    Latin names are two to five whole words, Thai ones at most three. Of Thai words the first may
    begin, or the last may end, inside a word that is typed together: beside a title, a word for a
    person, a verb. Every other beginning and end is tried against those.
    """
    line = fold_line(text)
    runs = [_Run(line.text, *found.span()) for found in TOKEN.finditer(line.text)]
    # Slices of the letters alone: a text of 300 signs holds some 600 possible names.
    letters, index = line.text.translate(NO_SIGNS), _letters_before(line.text)
    found: dict[str, tuple[int, int]] = {}
    for at, first in enumerate(runs):
        most = _MOST_THAI_WORDS if first.is_thai else _MOST_WORDS
        for last in runs[at : at + most]:
            if last.is_thai is not first.is_thai or last.start - first.start > _LONGEST_NAME:
                break
            for start, end in _spans(first, last):
                found.setdefault(letters[index[start] : index[end]], (start, end))
    return {name: PossibleName(line, *span) for name, span in found.items()}


def _letters_before(text: str) -> list[int]:
    """Of each place of the text how many letters stand before it."""
    return list(accumulate((sign not in SIGNS for sign in text), initial=0))


def _spans(first: _Run, last: _Run) -> Iterator[tuple[int, int]]:
    """Where a full name may stand that begins in one run and ends in another, or the same."""
    if not first.is_thai:
        if first is not last:
            yield first.start, last.end
        return
    likely_begins, ends, likely_ends = first.likely_begins, last.ends, last.likely_ends
    for start in first.begins:
        for end in ends if start in likely_begins else likely_ends:
            if SHORTEST < end - start <= _LONGEST_NAME:
                yield start, end
