"""Files that people upload, and files that attackers upload."""

import io
import struct
import zlib

from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **save
) -> bytes:
    """A small picture with a gradient, so that a turned one differs."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    written = io.BytesIO()
    image.save(written, format=kind, **save)
    return written.getvalue()


def picture_with_place() -> bytes:
    """A photograph with its position and photographer in it, turned by 90 degrees."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by 90 degrees
    exif[0x013B] = "CANARY-PHOTOGRAPHER"
    exif.get_ifd(0x8825)[29] = "CANARY-PLACE"
    return picture("JPEG", exif=exif, comment=b"CANARY-COMMENT")


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is ``side`` × ``side`` pixels large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf(inside: bytes = b"", *, after: bytes = b"") -> bytes:
    """A PDF of one page with something in its catalogue."""
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + inside + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [9 0 R] /Count 1 >>\nendobj\n"
        b"9 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n" + after
    )


def pdf_with_stream(content: bytes) -> bytes:
    """A PDF whose objects are in a compressed stream."""
    packed = zlib.compress(content)
    stream = b"3 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + packed
    return pdf().replace(b"trailer", stream + b"\nendstream\nendobj\ntrailer")
