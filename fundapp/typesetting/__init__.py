"""Papers as PDF and pictures, set by typst from a template and data.

A template is a file ``<name>.typ`` beside the code that fills it. It reads its data as JSON from
``sys.inputs.data``: what people typed is text there and never markup. Fonts are those of
``fonts/``, with their licence, and none of the system, so that equal data give equal bytes on every
machine with the same release of typst.
"""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from fundapp.typesetting.letters import with_letters

_FONTS = Path(__file__).parent / "fonts"
_LETTERS = Path(__file__).parent / "letters.typ"
#: Archivable for decades, and read aloud in the right order.
_STANDARDS: list[Any] = ["a-2a", "ua-1"]
#: A compiler keeps state between papers; one thread at a time sets one.
_lock = threading.Lock()

#: What typst says of a letter that the fonts do not have, and of one that no PDF may have.
_NO_LETTER = ("could not be displayed with font", "contains the disallowed codepoint")


class _LettersError(ValueError):
    """The fonts have no sign for a letter of the data: they have Thai and Latin ones."""


def set_pdf(
    template: Path,
    data: Mapping[str, Any],
    *,
    made_on: date,
    by_hand: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> bytes:
    """The paper as PDF/A-2a and PDF/UA-1: the same bytes for the same template, data and day.

    It is set whatever people typed: where the fonts have no sign for a letter, another stands for
    it and the paper says so (`with_letters`). ``by_hand`` makes the data of such a paper first,
    with lines to fill in instead.
    """
    try:
        return _set(template, data, made_on)
    except _LettersError:
        filled = by_hand(dict(data)) if by_hand else data
        return _set(template, with_letters(filled), made_on)


def can_set(text: str) -> bool:
    """Whether the fonts have every letter of the text."""
    try:
        _set(_LETTERS, {"text": text}, date(2000, 1, 1))
    except _LettersError:
        return False
    return True


def set_picture(template: Path, data: Mapping[str, Any], *, pixels_per_inch: int = 144) -> bytes:
    """The first page as a PNG; of letters that the fonts do not have as `set_pdf`."""
    return _compile(template, with_letters(data), format="png", ppi=pixels_per_inch)


def _set(template: Path, data: Mapping[str, Any], made_on: date) -> bytes:
    noon = datetime(made_on.year, made_on.month, made_on.day, 12, tzinfo=UTC)
    try:
        return _compile(template, data, format="pdf", pdf_standards=_STANDARDS, timestamp=noon)
    except typst.TypstError as error:
        if any(words in str(error) for words in _NO_LETTER):
            raise _LettersError from error
        raise


def _compile(template: Path, data: Mapping[str, Any], **output: Any) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    with _lock:
        made = _compiler(template).compile(sys_inputs=inputs, **output)
    pages = made if isinstance(made, list) else [made]
    if not pages or pages[0] is None:
        raise RuntimeError(f"typst made nothing of {template.name}")
    return pages[0]


@cache
def _compiler(template: Path) -> typst.Compiler:
    """One for each template: it has read the fonts."""
    return typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
        ),
        ignore_system_fonts=True,
    )
