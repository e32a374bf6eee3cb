"""Which letters the fonts of papers have, and what stands for the others."""

import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FONTS = Path(__file__).parent / "fonts"
#: What stands for one or more letters that no font has; both fonts have its signs.
SIGN = "[…]"
#: Receipts are set again years later to the same bytes: these sentences stay as they are.
_SENTENCES = {
    "th": "[…] คืออักษรที่แบบตัวพิมพ์ของเอกสารนี้ไม่มี",
    "en": "[…] stands for letters that the font of this paper does not have",
    "ms": "[…] ialah huruf yang tiada dalam fon kertas ini",
}
#: A paper without a language of its own, which is a receipt, is in these two.
_OF_RECEIPTS = ("th", "en")
_RUN = re.compile(r"\0(?:\s*\0)*")


def with_letters(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a paper with `SIGN` for the letters that the fonts do not have. Each text that
    lacks some says so in the language of the paper.
    """
    languages = [data["language"]] if data.get("language") in _SENTENCES else _OF_RECEIPTS
    note = f" ({' / '.join(_SENTENCES[each] for each in languages)})"
    return {key: _replaced(value, note) for key, value in data.items()}


def _replaced(value: Any, note: str) -> Any:
    if isinstance(value, str):
        marked = "".join(_marked(letter) for letter in value)
        return _RUN.sub(SIGN, marked) + note if "\0" in marked else marked
    if isinstance(value, Mapping):
        return {key: _replaced(each, note) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each, note) for each in value]
    return value


def _marked(letter: str) -> str:
    """The letter; nothing for one that has no shape, as a mark of direction; else a NUL."""
    if letter.isspace():
        return letter
    if unicodedata.category(letter) == "Cf" or unicodedata.name(letter, "").startswith("VARIATION"):
        return ""
    return letter if ord(letter) in _letters() else "\0"


@cache
def _letters() -> frozenset[int]:
    """The code points for which each font has a sign."""
    of_fonts = [frozenset(_read_font(path)) for path in sorted(_FONTS.glob("*.ttf"))]
    both = of_fonts[0].intersection(*of_fonts)
    return frozenset(each for each in both if unicodedata.category(chr(each)) not in ("Cc", "Co"))


def _read_font(path: Path) -> Iterator[int]:
    """The code points of a font, from its table `cmap` for Unicode, in format 4 of OpenType."""
    font = path.read_bytes()
    tables = struct.unpack_from(">H", font, 4)[0]
    starts = {
        name: start
        for name, _sum, start, _length in (
            struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables)
        )
    }
    cmap = starts[b"cmap"]
    parts = (
        struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)
        for number in range(struct.unpack_from(">H", font, cmap + 2)[0])
    )
    at = cmap + next(start for platform, kind, start in parts if (platform, kind) == (3, 1))
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    begins = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    for first, last in zip(begins, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
