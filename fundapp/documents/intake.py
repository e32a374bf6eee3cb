"""From uploaded bytes to a clean document, or a refusal.

The kind is decided by what can be decoded, never by the name or by what the browser claims.
Pictures are decoded and encoded again, which removes everything but the pixels (positions,
comments, a second file after the end). Of a PDF the pages are kept, as they look; it is refused
when it holds programs or other files (`fundapp.documents.pdf_cleaning`). Before anything decodes
the bytes, the virus scanner sees them, if there is one.
Limits: OWASP File Upload Cheat Sheet, ASVS 5.0 V5.
"""

import hashlib
import io
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from fundapp.documents.errors import (
    BrokenPictureError,
    DocumentRefusedError,
    EmptyFileError,
    TooLargeError,
    TooManyPixelsError,
)
from fundapp.documents.pdfs import clean_pdf
from fundapp.documents.virus_scanner import scan

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
#: Bytes at the beginning in which ``%PDF-`` is looked for: some scanners write something before it.
_PDF_LEADING = 1024

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


def accept(upload: bytes, scanner: str = "") -> Accepted:
    """The clean document in ``upload``; ``scanner`` is the address of a virus scanner.

    Raises DocumentRefusedError, which says what is wrong with it, ScannerAwayError, and BusyError
    when too many PDFs are cleaned at once.
    """
    if not upload:
        raise EmptyFileError
    if len(upload) > MAX_BYTES:
        raise TooLargeError
    kind = _kind(upload)
    if kind is None:
        raise DocumentRefusedError
    if scanner:
        scan(upload, scanner)
    original = hashlib.sha256(upload).digest()
    if kind == "PDF":
        return Accepted(PDF, clean_pdf(upload), original)
    return Accepted(f"image/{kind.lower()}", _clean_picture(upload, kind), original)


def _kind(upload: bytes) -> str | None:
    for kind, signatures in _PICTURES.items():
        if upload.startswith(signatures):
            return None if kind == "WEBP" and upload[8:12] != b"WEBP" else kind
    return "PDF" if b"%PDF-" in upload[: _PDF_LEADING + 5] else None


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
