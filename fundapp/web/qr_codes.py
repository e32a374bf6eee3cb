"""QR codes as pictures."""

import io

import segno


def qr_svg(text: str, *, title: str = "QR") -> str:
    """``text`` as a scalable SVG element with a title, without style or script.

    Dark on white with the quiet zone of four modules, so that it scans on dark pages too. ``title``
    is escaped.
    """
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", light="#fff", border=4, title=title, omitsize=True,
        xmldecl=False, svgclass="qr", lineclass=None, nl=False,
    )  # fmt: skip
    svg = picture.getvalue().decode()
    # Without this, browsers blur the edges of the modules when the size is not a whole multiple.
    return svg.replace("<svg ", '<svg role="img" shape-rendering="crispEdges" ', 1)


def qr_png(text: str) -> bytes:
    """``text`` as a black and white PNG of about a thousand pixels, with its quiet zone."""
    code = segno.make(text, error="m", micro=False)
    picture = io.BytesIO()
    side = code.symbol_size(border=4)[0]
    code.save(picture, kind="png", border=4, scale=max(8, -(-1000 // side)))
    return picture.getvalue()


def qr_svg_of_paper(text: str) -> str:
    """``text`` as a plain SVG for a paper. The mask is fixed, which every reader copes with: trying
    out all eight takes longer than setting the paper.
    """
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=3).save(
        picture, kind="svg", light=None, border=0, omitsize=True, xmldecl=False, nl=False
    )
    return picture.getvalue().decode()
