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
#: Archivable for decades, and read aloud in the right order.
_STANDARDS: list[Any] = ["a-2a", "ua-1"]
#: A compiler keeps state between papers; one thread at a time sets one.
_lock = threading.Lock()


def set_pdf(template: Path, data: Mapping[str, Any], *, made_on: date) -> bytes:
    """The paper as PDF/A-2a and PDF/UA-1: the same bytes for the same template, data and day."""
    noon = datetime(made_on.year, made_on.month, made_on.day, 12, tzinfo=UTC)
    return _compile(template, data, format="pdf", pdf_standards=_STANDARDS, timestamp=noon)


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
