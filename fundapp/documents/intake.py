"""From uploaded bytes to a clean document, or a refusal. Pure.

The kind is decided by what can be decoded, never by the name or by what the browser claims.
Pictures are decoded and encoded again, which removes everything but the pixels (positions,
comments, a second file after the end). A PDF stays as it is, because signed papers must; it is
refused when it could do anything but be read. Limits: OWASP File Upload Cheat Sheet, ASVS 5.0 V5.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from fundapp.documents.errors import (
    ActivePdfError,
    BrokenPdfError,
    BrokenPictureError,
    DocumentRefusedError,
    EmptyFileError,
    TooLargeError,
    TooManyPixelsError,
)

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
#: Bytes of a PDF's compressed streams that are unpacked to be inspected, all together.
MAX_UNPACKED = 64 * 1024 * 1024

PDF = "application/pdf"
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", PDF: "pdf"}

#: The first bytes of each format.
_PICTURES = {
    "JPEG": (b"\xff\xd8\xff",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "WEBP": (b"RIFF",),
}
#: Colour modes each format is written in; any other is converted to the last one.
_MODES = {
    "JPEG": ("L", "RGB"),
    "PNG": ("1", "L", "LA", "RGB", "RGBA"),
    "WEBP": ("RGB", "RGBA"),
}
_TAIL = 1024
_STREAM = re.compile(rb"stream\r?\n")
_STREAM_END = b"endstream"
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
#: PDF names that only active content uses. They are long enough not to occur in pixels by chance;
#: a script needs ``/JavaScript`` beside its short ``/JS``.
_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Encrypt|SubmitForm|ImportData)(?![A-Za-z0-9])"
    rb"|/XFA\s*[\[0-9]"
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A document as it will be stored."""

    media_type: str
    content: bytes = field(repr=False)
    original_sha256: bytes = field(repr=False)

    @property
    def sha256(self) -> bytes:
        """SHA-256 of the clean document."""
        return hashlib.sha256(self.content).digest()


def accept(upload: bytes) -> Accepted:
    """The clean document in ``upload``; DocumentRefusedError says what is wrong with it."""
    if not upload:
        raise EmptyFileError
    if len(upload) > MAX_BYTES:
        raise TooLargeError
    original = hashlib.sha256(upload).digest()
    if upload.startswith(b"%PDF-"):
        _check_pdf(upload)
        return Accepted(PDF, upload, original)
    kind = _picture_kind(upload)
    if kind is None:
        raise DocumentRefusedError
    return Accepted(f"image/{kind.lower()}", _clean_picture(upload, kind), original)


def _picture_kind(upload: bytes) -> str | None:
    for kind, signatures in _PICTURES.items():
        if upload.startswith(signatures):
            return None if kind == "WEBP" and upload[8:12] != b"WEBP" else kind
    return None


def _clean_picture(upload: bytes, kind: str) -> bytes:
    """The picture's first frame, upright, encoded again without anything but its pixels."""
    try:
        with Image.open(io.BytesIO(upload), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise TooManyPixelsError
            picture.load()
            return _write(ImageOps.exif_transpose(picture), kind)
    except DocumentRefusedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixelsError from error
    except Exception as error:
        # Decoders of hostile bytes raise nearly anything; all of it means a broken picture.
        raise BrokenPictureError from error


def _write(picture: Image.Image, kind: str) -> bytes:
    modes = _MODES[kind]
    clean = picture if picture.mode in modes else picture.convert(modes[-1])
    # Encoders copy comments, profiles and text chunks from ``info``.
    clean.info = {}
    written = io.BytesIO()
    clean.save(written, format=kind, **({} if kind == "PNG" else {"quality": 90}))
    return written.getvalue()


def _check_pdf(upload: bytes) -> None:
    if not re.match(rb"%PDF-[12]\.[0-9][\r\n ]", upload):
        raise BrokenPdfError
    tail = upload[-_TAIL:]
    if b"startxref" not in tail or b"%%EOF" not in tail or not _is_end(tail):
        raise BrokenPdfError
    for part in _readable_parts(upload):
        if _ACTIVE.search(_NAME_ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), part)):
            raise ActivePdfError


def _is_end(tail: bytes) -> bool:
    """Whether nothing follows the end marker: what follows would be a second file."""
    return not tail.rpartition(b"%%EOF")[2].strip(b"\r\n\t \x00")


def _readable_parts(upload: bytes) -> list[bytes]:
    """The file itself and its compressed streams unpacked, which may hold objects as well."""
    parts = [upload]
    budget = MAX_UNPACKED
    for stream in _streams(upload):
        unpacked = _unpacked(stream, budget)
        budget -= len(unpacked)
        if budget <= 0:
            raise ActivePdfError
        parts.append(unpacked)
    return parts


def _streams(upload: bytes) -> Iterator[bytes]:
    """The bytes of each stream, in one pass over the file: one pattern for both markers would
    search to the end of the file again for every start without an end.
    """
    start = _STREAM.search(upload)
    while start is not None:
        end = upload.find(_STREAM_END, start.end())
        if end < 0:
            return
        yield upload[start.end() : end]
        start = _STREAM.search(upload, end + len(_STREAM_END))


def _unpacked(stream: bytes, budget: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, budget)
    except zlib.error:
        # Not a zlib stream: a picture or a font, which holds no objects.
        return b""
