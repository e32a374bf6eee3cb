"""Signed papers for proofs: pictures that say that they are examples (pure)."""

import io

from PIL import Image, ImageDraw


def signed_paper(number: str) -> bytes:
    """A PNG of a receipt for help, with the request's number and a scrawl."""
    picture = Image.new("L", (420, 280), 250)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((8, 8, 411, 271), outline=120)
    pen.text((28, 28), "EXAMPLE - RECEIPT FOR HELP", fill=40)
    pen.text((28, 56), number, fill=40)
    for top in range(96, 190, 24):
        pen.line((28, top, 392, top), fill=200)
    scrawl = [(230 + step * 12, 226 + (step * 7919 % 23) - 11) for step in range(12)]
    pen.line(scrawl, fill=60, width=2)
    written = io.BytesIO()
    picture.save(written, format="PNG", optimize=True)
    return written.getvalue()
