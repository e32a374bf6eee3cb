"""Images of signed proofs of receipt; each says that it is an example (pure)."""

import io

from PIL import Image, ImageDraw


def proof_image(number: str) -> bytes:
    """A PNG of a receipt for help, with the request's number and a drawn signature."""
    image = Image.new("L", (420, 280), 250)
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, 411, 271), outline=120)
    draw.text((28, 28), "EXAMPLE - RECEIPT FOR HELP", fill=40)
    draw.text((28, 56), number, fill=40)
    for top in range(96, 190, 24):
        draw.line((28, top, 392, top), fill=200)
    signature = [(230 + step * 12, 226 + (step * 7919 % 23) - 11) for step in range(12)]
    draw.line(signature, fill=60, width=2)
    written = io.BytesIO()
    image.save(written, format="PNG", optimize=True)
    return written.getvalue()
