"""The texts of the QR codes on a clean picture or in the pictures of a clean PDF.

Run as a program with the kind of file as its argument: it reads the file from standard input and
writes a list in JSON. It is a process of its own with little memory and time
(`fundapp.giving.slips.pictures` starts it), because a reader of pictures in C++ meets what
strangers send. It imports nothing of the application.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

MEBIBYTE = 1024 * 1024
#: Of this process.
MOST_MEMORY, MOST_SECONDS = 768 * MEBIBYTE, 8
#: Of a PDF. A slip has one page with one picture.
MOST_PAGES, MOST_PICTURES = 3, 6
MOST_PIXELS = 25_000_000
#: Pixels of the longer side that are looked at first, and then: codes are found faster on less.
SIDES = (1600, 4000)
MOST_CODES, LONGEST = 10, 300


def read_codes(content: bytes, media_type: str) -> list[str]:
    """The texts of the codes, at most `MOST_CODES` of at most `LONGEST` characters."""
    import zxingcpp

    kinds = zxingcpp.barcode_formats_from_str("QRCode")
    texts: list[str] = []
    for picture in _pictures(content, media_type):
        for side in SIDES:
            smaller = picture.convert("L")
            smaller.thumbnail((side, side))
            found = zxingcpp.read_barcodes(smaller, formats=kinds)
            texts += [each.text for each in found if 0 < len(each.text) <= LONGEST]
            if found or max(picture.size) <= side:
                break
    return texts[:MOST_CODES]


def _pictures(content: bytes, media_type: str) -> Iterator[Any]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    if media_type != "application/pdf":
        yield Image.open(io.BytesIO(content))
        return
    import pikepdf

    read: Any = pikepdf.PdfImage
    with pikepdf.open(io.BytesIO(content)) as source:
        left = MOST_PICTURES
        for page in list(source.pages)[:MOST_PAGES]:
            for each in list(page.images.values())[:left]:
                left -= 1
                if int(each.Width) * int(each.Height) > MOST_PIXELS:
                    continue
                try:
                    yield read(each).as_pil_image()
                except Exception:  # noqa: S112 - one of the pictures cannot be read: the next
                    continue


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read standard input; the exit code."""
    content = sys.stdin.buffer.read()
    _limit_this_process()
    sys.stdout.write(json.dumps(read_codes(content, sys.argv[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
