"""Slips of transfers as bank apps make them, and what donors do to them."""

import io

import segno
from PIL import Image, ImageDraw

from fundapp.db import db, unit_of_work
from fundapp.documents.intake import accept
from fundapp.giving.models import Pledge, Slip
from fundapp.giving.slips.codes import read_slip_code
from fundapp.giving.slips.operations import send_slip
from fundapp.thai.promptpay import crc16
from tests.factories.actors import VISITOR

#: The code of a slip of Bangkok Bank, from the tests of promptparse.
PAYLOAD = "004000060000010103002021900021231231212000115102TH91049C30"


def slip_payload(trans_ref: str, bank: str = "014") -> str:
    """What the code of a slip says."""
    inner = f"0006000001{'0103' + bank}02{len(trans_ref):02d}{trans_ref}"
    body = f"00{len(inner):02d}{inner}5102TH9104"
    return body + crc16(body)


def slip_picture(
    payload: str | None = PAYLOAD, *, turned: int = 0, quality: int = 90, shade: str = "#eef"
) -> bytes:
    """A JPEG of a slip with its small code; without a payload it has none."""
    picture = Image.new("RGB", (720, 1280), shade)
    draw = ImageDraw.Draw(picture)
    for line in range(12):
        draw.text((40, 60 + line * 50), "Transfer 333.34 baht to the fund", fill="black")
    if payload is not None:
        code = io.BytesIO()
        segno.make(payload, error="m", micro=False).save(code, kind="png", scale=5, border=4)
        picture.paste(Image.open(code).convert("RGB"), (420, 960))
    if turned:
        picture = picture.rotate(turned, expand=True, fillcolor="white")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return written.getvalue()


def slip_pdf(payload: str | None = PAYLOAD) -> bytes:
    """The same as a PDF of one page."""
    written = io.BytesIO()
    Image.open(io.BytesIO(slip_picture(payload))).save(written, "PDF")
    return written.getvalue()


def make_slip(
    pledge: Pledge, upload: bytes | None = None, payload: str | None = PAYLOAD, number: str = "1"
) -> Slip:
    """A slip of the pledge, with this code; read without the process that reads pictures."""
    accepted = accept(upload or slip_picture(payload))
    code = read_slip_code(payload) if payload else None
    sent = unit_of_work(
        send_slip, pledge.token, number=number, slip=accepted, code=code, actor=VISITOR
    )
    return db.session.get_one(Slip, sent.id)
