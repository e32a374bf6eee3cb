"""The headings of a sheet, and which of them say what (pure)."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from fundapp.thai.folding import fold_text

C = TypeVar("C")


def distinct_headings(headings: Sequence[str]) -> list[str]:
    """A name for each column: its heading, or the letter of the column where the heading is empty
    or comes twice.
    """
    folded = [fold_text(heading) for heading in headings]
    return [
        heading if name and folded.count(name) == 1 else f"{heading} [{_letters(at)}]".strip()
        for at, (heading, name) in enumerate(zip(headings, folded, strict=True))
    ]


def usual_headings(headings: Sequence[str], usual: Mapping[C, Sequence[str]]) -> dict[C, str]:
    """What the columns seem to hold, by the usual headings of each."""
    by_folded = {fold_text(name): name for name in distinct_headings(headings)}
    return {
        column: by_folded[fold_text(word)]
        for column, words in usual.items()
        for word in reversed(words)
        if fold_text(word) in by_folded
    }


def _letters(at: int) -> str:
    first, second = divmod(at, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
