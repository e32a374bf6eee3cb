"""One folding of what people type and paste: what folds to the same text, and what stays apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.thai.folding import (
    bare_number,
    fold_signs,
    fold_text,
    plain_signs,
    without_hidden_signs,
    without_invisible_signs,
)
from tests.factories.digits import in_thai_digits


@pytest.mark.parametrize(
    ("right", "typed", "what"),
    [
        ("แวฮามีด", "เเวฮามีด", "แ as two เ"),
        ("แวฮามีด", "เ\u200bเวฮามีด", "with something between"),
        ("น้ำฝน", "นํ้าฝน", "ring, tone, า"),
        ("น้ำฝน", "น้ําฝน", "tone, ring, า"),
        ("น้ำฝน", "นำ้ฝน", "tone after ำ"),
        ("น้ำฝน", "น้้ำฝน", "tone twice"),
        ("คำ", "คํา", "ring and า"),
        ("คำ", "คํๅ", "ring and the long ๅ"),
        ("กี่", "ก่ี", "tone before the vowel above"),
        ("กู้", "กู้", "tone before the vowel below"),
        ("ก้ำ", "กำ้", "tone after ำ"),
        ("ข้าว", "ขา้ว", "tone after า"),
        ("จ๊ะ", "จะ๊", "tone after ะ"),
        ("ดี", "ดีี", "vowel twice"),
        ("พันธุ์", "พันธ์ุ", "silencer before the vowel"),
        ("ฝึก", "ฝิํก", "ึ as ิ and a ring"),
        ("caf\u00e9", "cafe\u0301", "decomposed letters"),
        ("nora'ain", "Nora\u2019Ain", "capitals and a printed apostrophe"),
        ("abc", "ＡＢＣ", "full-width letters"),
        ("ก-ข", "ก\u2013ข", "dash"),
        ("ก ข", " ก\u3000\u00a0 ข\t", "spaces"),
        ("2569", "๒٥۶９", "digits of four scripts"),
        ("สมชาย", "\u202eสม\u200dชาย\u200f", "direction marks and joiners"),
        ("สมชาย", "สม\u3164ชาย", "a filler"),
    ],
)
def test_two_ways_to_type_one_text_fold_to_the_same(right, typed, what):
    assert fold_text(right) == right
    assert fold_text(typed) == right, what


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("อามีนะห์", "อามีเนาะ"),
        ("สมชาย", "สมชัย"),
        ("ใจ", "ไจ"),
        ("ปา", "ป่า"),
        ("ป่า", "ป้า"),
        ("มุ", "มู"),
        ("กิ", "กึ"),
        ("กำ", "กา"),
        ("เพราะ", "พาะเร"),
        ("Ali", "Aly"),
        ("เอ", "แอ"),
    ],
)
def test_names_that_a_reader_tells_apart_stay_apart(one, other):
    assert fold_text(one) != fold_text(other)


@pytest.mark.parametrize(
    "text", ["เพราะเกาะ", "พันธุ์ทิพย์", "ทฤษฎี", "น้ำ ค้ำ", "เก้าอี้", "ปิ่น ปิ๋ว", "ศุกร์", "หมู่ที่"]
)
def test_right_thai_is_left_as_it_is(text):
    assert fold_text(text) == text


@pytest.mark.parametrize(
    "space", [" ", "\u00a0", "\u1680", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000", "\t", "\n"]
)
def test_every_space_is_one(space):
    assert fold_signs(f"{space}a{space}{space}b{space}") == "a b"


@pytest.mark.parametrize(
    "dash",
    [chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) == "Pd"]
    + ["\u2212", "\u2043", "\u2500", "\u02d7"],
)
def test_every_dash_is_one(dash):
    assert fold_signs(f"a{dash}b") == "a-b"
    assert bare_number(f"1{dash}2") == "12"


def test_everything_that_unicode_calls_a_format_and_nobody_sees_is_left_out():
    shown = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2}
    kept = [
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) == "Cf"
        and code not in shown
        and without_invisible_signs(chr(code))
    ]
    # Egyptian hieroglyphs and other shown marks of scripts that nobody types here.
    assert all(0x110BD <= code <= 0x1345F for code in kept), [hex(code) for code in kept]


def test_what_is_kept_has_its_joiners_and_no_hidden_signs():
    assert without_hidden_signs("\u200eนาย\u200b\u202eก\ufeff") == "นายก"
    assert without_hidden_signs("نور\u200cا ❤\ufe0f") == "نور\u200cا ❤\ufe0f"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("987\u20116\u201154321\u20110", "9876543210"),
        ("987\u00a06\u00a054321\u00a00", "9876543210"),
        (" ๙๘๗.๖.๕๔๓๒๑.๐ ", "9876543210"),
        ("g67-950 0000012", "G679500000012"),
        ("+66 81", "+6681"),
        ("ก/12", "ก/12"),
        ("9.87654E+09", "987654E+09"),
    ],
)
def test_a_number_without_what_stands_between_its_groups(typed, number):
    assert bare_number(typed) == number


@given(st.integers(min_value=0))
def test_every_number_reads_the_same_in_thai_digits(number):
    assert fold_signs(in_thai_digits(str(number))) == str(number)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_signs(fold_signs(text)) == fold_signs(text)


@given(st.text(alphabet="กขนเแาำะิีึัุู็่้๊๋์ํๅ\u200b ", max_size=12))
def test_folding_thai_twice_changes_nothing(text):
    assert fold_text(fold_text(text)) == fold_text(text)


@given(st.text())
def test_plain_signs_keep_every_place(text):
    assert len(plain_signs(text)) == len(text)
