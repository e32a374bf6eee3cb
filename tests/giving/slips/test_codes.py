"""What the small code on a slip says. Vectors: promptparse and thai-qr-payment (both MIT)."""

import pytest

from fundapp.documents.intake import accept
from fundapp.giving.slips.codes import SlipCode, find_slip_code, read_slip_code
from fundapp.giving.slips.pictures import read_code
from tests.documents.pictures import picture
from tests.factories.slips import PAYLOAD, slip_payload, slip_pdf, slip_picture

BANGKOK = SlipCode("002", "0002123123121200011")
VECTORS = [
    (PAYLOAD, BANGKOK),
    (
        "004100060000010103014022000111222233344ABCD125102TH910417DF",
        SlipCode("014", "00111222233344ABCD12"),
    ),
    (
        "00480002010102010203P2P0313TXN00012345670408250120249104b425",
        SlipCode("tmn", "TXN0001234567"),
    ),
]


def without_zeros():
    """A code whose check value begins with 0, as some apps write it, without the zeros."""
    for number in range(10_000):
        payload = slip_payload(f"2026112400{number:04d}")
        if payload[-4] == "0":
            return payload[:-4] + payload[-4:].lstrip("0"), f"2026112400{number:04d}"
    raise AssertionError


def test_codes_of_slips():
    for payload, code in VECTORS:
        assert read_slip_code(payload) == code
    payload, trans_ref = without_zeros()
    assert read_slip_code(payload) == SlipCode("014", trans_ref)
    assert find_slip_code(["https://example.org", PAYLOAD]) == BANGKOK


@pytest.mark.parametrize(
    "text",
    [
        "",
        PAYLOAD[:-1] + "1",
        PAYLOAD[:-8],
        PAYLOAD.lower() + "\n",
        slip_payload("ABC"),
        slip_payload("12345678", bank="1"),
        slip_payload("1234-5678-90"),
        slip_payload("12345678").replace("5102TH", "5102US"),
        "00020101021129370016A000000677010111011300660000000005802TH530376463048956",
        "0" * 4000,
    ],
)
def test_other_texts_are_no_slips(text):
    assert read_slip_code(text) is None


@pytest.mark.parametrize(
    "upload",
    [
        slip_picture(turned=7, quality=35),
        slip_picture(turned=90),
        slip_picture(turned=180, quality=35),
        slip_pdf(),
    ],
    ids=["turned by 7 degrees, quality 35", "on its side", "upside down", "a PDF"],
)
def test_the_code_is_read(upload):
    assert read_code(accept(upload)) == BANGKOK


def test_without_a_code_there_is_none():
    for upload in (slip_picture(None), slip_pdf(None), picture("PNG"), slip_picture("https://x.y")):
        assert read_code(accept(upload)) is None
