"""PromptPay payloads against published ones, tag by tag, and their QR codes."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from fundapp.thai.promptpay import (
    PayloadError,
    bill_payload,
    crc16,
    parse_payload,
    parse_tlv,
    transfer_payload,
    verify_crc,
)
from fundapp.web.qr_codes import qr_svg

VECTORS = json.loads((Path(__file__).parent / "data" / "promptpay.json").read_text("utf-8"))
PAYMENTS = VECTORS["payments"]
BILLER = "099400016550100"
SVG = "{http://www.w3.org/2000/svg}"


def build(vector):
    """The payload this project makes of a vector's inputs."""
    if vector["kind"] == "transfer":
        return transfer_payload(vector["target"], amount_satang=vector["amount_satang"])
    return bill_payload(
        vector["biller_id"],
        vector["ref1"],
        vector["ref2"],
        amount_satang=vector["amount_satang"],
        terminal=vector["terminal"],
    )


def without_check(tags):
    """All tags but the check value, which depends on their order."""
    return {tag: value for tag, value in tags.items() if tag != "63"}


def has_short_biller(vector):
    """One published payload carries a biller id of 13 digits, which no bank issues."""
    return len(vector.get("biller_id", BILLER)) != 15


@pytest.mark.parametrize("vector", PAYMENTS, ids=lambda v: v["payload"][-8:])
def test_a_published_payload_reads_as_its_tags(vector):
    assert parse_payload(vector["payload"]) == vector["tags"]
    assert verify_crc(vector["payload"])


@pytest.mark.parametrize(
    "vector", [v for v in PAYMENTS if not has_short_biller(v)], ids=lambda v: v["payload"][-8:]
)
def test_a_payload_made_of_the_same_facts_has_the_same_tags(vector):
    payload = build(vector)
    assert without_check(parse_payload(payload)) == without_check(vector["tags"])
    assert list(parse_tlv(payload)) == sorted(parse_tlv(payload))
    if list(parse_tlv(payload)) == list(parse_tlv(vector["payload"])):
        assert payload == vector["payload"]


def test_a_biller_id_of_13_digits_is_refused():
    short = [vector for vector in PAYMENTS if has_short_biller(vector)]
    assert len(short) == 1
    with pytest.raises(PayloadError, match="15 digits"):
        build(short[0])


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda v: v["because"])
def test_a_damaged_payload_is_refused(vector):
    with pytest.raises(PayloadError, match="Scan it again"):
        parse_payload(vector["payload"])
    assert not verify_crc(vector["payload"])


@pytest.mark.parametrize("slip", VECTORS["slips"], ids=lambda s: s["transfer"])
def test_the_code_of_a_slip_reads_and_checks(slip):
    assert verify_crc(slip["payload"])
    inner = parse_tlv(parse_tlv(slip["payload"])["00"])
    assert (inner["01"], inner["02"]) == (slip["sending_bank"], slip["transfer"])


def test_the_check_value_of_the_standard():
    assert crc16("123456789") == "29B1"


def test_a_bill_with_everything_in_its_fixed_order():
    payload = bill_payload(BILLER, "YL8RTQ3W6NZ", "GEN", amount_satang=33_334, terminal="WEB")
    assert list(parse_payload(payload).items())[:-1] == [
        ("00", "01"),
        ("01", "12"),
        ("30", {"00": "A000000677010112", "01": BILLER, "02": "YL8RTQ3W6NZ", "03": "GEN"}),
        ("53", "764"),
        ("54", "333.34"),
        ("58", "TH"),
        ("62", {"07": "WEB"}),
    ]


def test_a_bill_without_a_second_reference_has_no_such_field():
    assert "03" not in parse_payload(bill_payload(BILLER, "A1"))["30"]


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ("0801234567", "01130066801234567"),
        ("+66 80 123 4567", "01130066801234567"),
        ("(080) 123-4567", "01130066801234567"),
        ("0066801234567", "01130066801234567"),
        ("๐๘๐ ๑๒๓ ๔๕๖๗", "01130066801234567"),
        ("0994000617721", "02130994000617721"),
        ("140000801234567", "0315140000801234567"),
    ],
)
def test_the_length_of_a_target_tells_its_kind(target, field):
    assert field in transfer_payload(target)


@pytest.mark.parametrize(
    "target",
    ["", "12345", "080123456", "1801234567", "12345678901234", "08O1234567",
     "²801234567", "0801234567x"],
)  # fmt: skip
def test_a_target_of_no_kind_is_refused(target):
    with pytest.raises(PayloadError, match="mobile number"):
        transfer_payload(target)


@pytest.mark.parametrize(("satang", "text"), [(1, "0.01"), (100, "1.00"), (422, "4.22")])
def test_an_amount_has_two_decimals(satang, text):
    assert parse_payload(transfer_payload("0801234567", amount_satang=satang))["54"] == text


@pytest.mark.parametrize("satang", [0, -1, 10**12])
def test_an_amount_out_of_range_is_refused(satang):
    with pytest.raises(PayloadError, match="amount of a QR code"):
        transfer_payload("0801234567", amount_satang=satang)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("09940001655010", "A1"), "biller id"),
        (("๐๙๙๔๐๐๐๑๖๕๕๐๑๐๐", "A1"), "biller id"),
        ((BILLER, ""), "reference"),
        ((BILLER, "a1"), "reference"),
        ((BILLER, "A 1"), "reference"),
        ((BILLER, "A1\n"), "reference"),
        ((BILLER, "A" * 21), "reference"),
        ((BILLER, "A1", "ก"), "reference"),
    ],
)
def test_parts_of_a_bill_that_banks_do_not_take_are_refused(arguments, words):
    with pytest.raises(PayloadError, match=words):
        bill_payload(*arguments)


def test_a_terminal_label_of_other_characters_is_refused():
    with pytest.raises(PayloadError, match="label of a QR code"):
        bill_payload(BILLER, "A1", terminal="<b>")


@given(
    st.from_regex("[A-Z0-9]{1,20}", fullmatch=True),
    st.none() | st.from_regex("[A-Z0-9]{1,20}", fullmatch=True),
    st.none() | st.integers(1, 10**12 - 1),
)
def test_a_bill_reads_as_it_was_made(ref1, ref2, satang):
    fields = parse_payload(bill_payload(BILLER, ref1, ref2, amount_satang=satang))
    assert fields["30"]["02"] == ref1
    assert fields["30"].get("03") == ref2
    assert fields["01"] == ("11" if satang is None else "12")
    assert satang is None or int(fields["54"].replace(".", "")) == satang


@given(st.integers(0, 10**6), st.characters(codec="ascii"))
def test_one_changed_character_never_passes(position, character):
    payload = bill_payload(BILLER, "YL8RTQ3W6NZ", "GEN", amount_satang=33_334)
    position %= len(payload)
    changed = payload[:position] + character + payload[position + 1 :]
    assert verify_crc(changed) == (changed == payload)


@given(st.text(max_size=120))
def test_any_text_parses_or_is_a_payload_error(text):
    try:
        fields = parse_payload(text)
    except PayloadError:
        return
    assert "".join(f"{t}{len(v):02d}{v}" for t, v in parse_tlv(text).items()) == text
    assert fields.keys() == parse_tlv(text).keys()


@pytest.mark.parametrize(
    "text", ["0", "000", "0002", "00030", "0002010", "00020100", "0002010002AB", "0a02AB", "00-1"]
)
def test_fields_that_do_not_add_up_are_refused(text):
    with pytest.raises(PayloadError):
        parse_tlv(text)


def test_lone_surrogates_have_no_check_value():
    assert not verify_crc("\ud8006304ABCD")


class TestPicture:
    """The SVG of a payload."""

    def picture(self, **options):
        return qr_svg(transfer_payload("0801234567", amount_satang=10_000), **options)

    def test_it_is_well_formed_titled_and_scalable(self):
        root = ET.fromstring(self.picture(title="คิวอาร์พร้อมเพย์"))  # noqa: S314 - our own text
        assert root.tag == f"{SVG}svg"
        assert root.find(f"{SVG}title").text == "คิวอาร์พร้อมเพย์"
        assert re.fullmatch(r"0 0 (\d+) \1", root.get("viewBox"))
        assert root.get("role") == "img"
        assert (root.get("width"), root.get("height")) == (None, None)

    def test_it_obeys_a_strict_content_security_policy(self):
        svg = self.picture()
        assert "style" not in svg
        assert "script" not in svg
        assert not re.search(r"\son\w+=", svg)

    def test_a_title_is_escaped(self):
        svg = self.picture(title="</title><script>alert(1)</script>")
        assert "<script>" not in svg

    def test_edges_are_sharp_and_the_background_is_white(self):
        svg = self.picture()
        assert 'shape-rendering="crispEdges"' in svg
        assert 'fill="#fff"' in svg

    def test_it_draws_the_modules_of_the_payload(self):
        payload = transfer_payload("0801234567", amount_satang=10_000)
        code = segno.make(payload, error="m", micro=False)
        dark = sum(sum(1 for module in row if module) for row in code.matrix)
        root = ET.fromstring(qr_svg(payload))  # noqa: S314 - our own text
        drawn = root.findall(f"{SVG}path")[1].get("d")
        assert sum(int(length) for length in re.findall(r"h(\d+)", drawn)) == dark
