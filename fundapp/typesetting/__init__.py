"""Papers as PDF and pictures, set by typst from a template and data.

A template is a file ``<name>.typ`` beside the code that fills it. It reads its data as JSON from
``sys.inputs.data``: what people typed is text there and never markup. Fonts are those of
``fonts/``, with their licence, and none of the system, so that equal data give equal bytes on every
machine with the same release of typst.
"""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

_FONTS = Path(__file__).parent / "fonts"
_LETTERS = Path(__file__).parent / "letters.typ"
#: Archivable for decades, and read aloud in the right order.
_STANDARDS: list[Any] = ["a-2a", "ua-1"]
#: A compiler keeps state between papers; one thread at a time sets one.
_lock = threading.Lock()

#: What typst says of a letter that the fonts do not have.
_NO_LETTER = "could not be displayed with font"


class LettersError(ValueError):
    """The fonts have no sign for a letter of the data: they have Thai and Latin ones."""


def set_pdf(template: Path, data: Mapping[str, Any], *, made_on: date) -> bytes:
    """The paper as PDF/A-2a and PDF/UA-1: the same bytes for the same template, data and day.
    LettersError when a letter of the data is in no font.
    """
    noon = datetime(made_on.year, made_on.month, made_on.day, 12, tzinfo=UTC)
    try:
        return _compile(template, data, format="pdf", pdf_standards=_STANDARDS, timestamp=noon)
    except typst.TypstError as error:
        if _NO_LETTER in str(error):
            raise LettersError from error
        raise


def can_set(text: str) -> bool:
    """Whether the fonts have every letter of the text."""
    try:
        set_pdf(_LETTERS, {"text": text}, made_on=date(2000, 1, 1))
    except LettersError:
        return False
    return True


def set_picture(template: Path, data: Mapping[str, Any], *, pixels_per_inch: int = 144) -> bytes:
    """The first page as a PNG."""
    return _compile(template, data, format="png", ppi=pixels_per_inch)


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
