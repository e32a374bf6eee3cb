"""The guard of public text: what it lets through, what it refuses, and the words it quotes."""

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fundapp.ledger.drafts import public_memo
from fundapp.ledger.errors import PersonalDataError
from fundapp.ledger.personal_data import Kind, find_personal_data
from fundapp.thai.calendar import THAI_MONTHS, THAI_MONTHS_SHORT, be_year
from tests.factories.digits import in_thai_digits

HARMLESS = """
เช็คคืน 05-11-2569 09:30
เช็คคืน 05/11/2569 09:30
เช็คคืน 08-12-2569 09.30
เช็คคืน 08-12-69 09:30
เช็คคืน 08-12-69 09.30 น.
เช็คคืน ๐๘-๑๒-๒๕๖๙ ๐๙.๓๐ น.
เช็คคืน 05–11–2569 09:30
2026-11-05 09:30:15
2026-11-05T09:30
05.11.2569 เวลา 9.30 น.
08.12.67
08/12/69 1500
9/8/2569 12345
ปีงบ 01-10-2568 30-09-2569
01-10-2568-30-09-2569
01-10-2568 – 30-09-2569
05-11-2569, 06-11-2569, 07-11-2569
08-12-69 09-12-69
08-12-69-09-12-69
05-11-69 05-12-69 05-01-70
24 พ.ย. 69 500 บาท
24 พฤศจิกายน พ.ศ. 2569 เวลา 09.30 น.
ปีงบ 2568-2569-2570
09.00-16.30 น.
08-11-69 09.00-16.30 น.
งวด 01 02 03 04 05 จ่ายผิดบัญชี
งวด 08 09 10 11 12
งวด 06-07-08-09-10
งวดที่ 06 07 09 12 15 ซ้ำ
งวด 1 2 3 4 5 6 7 8 9 10 11 12
instalments 12 11 10 09 08
งวด 1/12 2/12 3/12
แทนใบเสร็จ 2569-000123
ใบเสร็จ 2569-000123 และ 2569-000124
เช็คเลขที่ 0812345 เด้ง
เช็ค 12345678 05-11-2569 5,000.00
เช็คเลขที่ 1234567890 คืน
cheque no. 00012345678 returned
ref 202611051234
ref. 20261105091234
ใบสำคัญจ่าย 0001234567
ใบสำคัญเลขที่ 081 เช็ค 1234567
ใบนำฝากเลขที่ 0012345678
voucher no. 2569000123
invoice 256900012345
ที่ ยล 0617/2569 ลว. 08/12/2569
ซื้อที่ร้าน 2 เล่ม @ 250.50 บาท
2 pens @ 7-Eleven. Then one more
พื้นที่ 10² 20² 30² 40 500
โทรแจ้งแล้ว 05-11-2569 500 บาท 300 บาท
จ่าย 1,000.00 + 2,500.50 บาท
1,234,567.89 500 250
10000000000 บาท
500 1000 1500 200
1000 500 500 500
YL23456789A 5000
JE0812345678ABC
PV0CND336YPX4XY
C-0812345
เลขที่หนังสือ 12-2569-0001
โทร 191 1669
บัญชี xxx-x-x1234-x
""".strip().split("\n")

PERSONAL = {
    Kind.PHONE: """
081-234-5678
๐๘๑-๒๓๔-๕๖๗๘
٠٨١٢٣٤٥٦٧٨
０８１－２３４－５６７８
०८१२३४५६७८
08 1234 5678
0 8 1 2 3 4 5 6 7 8
08-12-34-5678
08-12-34 5678
08 12 34 56 78
(081) 234 5678
+66 81 234 5678
+66 (0) 81 234 5678
0066812345678
66812345678
081.234.5678
081\u2011234\u20115678
081\u00a0234\u00a05678
073-212345
02-123-4567
0-7321-2345
+66 73 212 345
+60 12-345 6789
081/234/5678
081_234_5678
081,234,5678
081·234·5678
081~234~5678
081…234…5678
081ー234ー5678
081    234    5678
⁰⁸¹²³⁴⁵⁶⁷⁸
""",
    Kind.ID_NUMBER: """
1234567890121
1-2345-67890-12-1
1 2345 67890 12 1
๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑
12-345-67890-121
1101 7002 30708
1/2345/67890/12/1
1_2345_67890_12_1
""",
    Kind.ACCOUNT: """
9876543210
987-6-54321-0
987 6 54321 0
987\u20116\u201154321\u20110
๙๘๗-๖-๕๔๓๒๑-๐
020123456789
140000812345678
01-234-5-67890-1
987/6/54321/0
""",
    Kind.EMAIL: """
someone@example.org
someone＠example.org
someone @ example.org
someone@ example.org
someone @example . org
someone (at) example.org
someone[at]example[dot]org
""",
}


@pytest.mark.parametrize("text", HARMLESS)
def test_dates_times_sums_and_numbers_of_papers_are_let_through(text):
    assert find_personal_data(text) is None
    assert public_memo(text) == text


@pytest.mark.parametrize(
    ("kind", "words"),
    [(kind, words) for kind, rows in PERSONAL.items() for words in rows.strip().split("\n")],
)
@pytest.mark.parametrize("around", ["{}", "โทรกลับ {} นะ", "งวด 3 05-11-2569 {}, 500 บาท"])
def test_numbers_and_addresses_of_people_are_refused_in_their_words(kind, words, around):
    text = around.format(words)
    found = find_personal_data(text)
    assert (found.kind, found.words) == (kind, words)


def test_what_goes_before_a_number_may_touch_it():
    for text in ("tel0812345678", "โทร0812345678", "เช็ค 0812345678", "ID:1234567890121"):
        assert find_personal_data(text) is not None, text
    assert find_personal_data("08\u200b1234\u200b5678").words == "0812345678"


@pytest.mark.parametrize(
    "text", ["โทร 081 กับ 2345678", "เบอร์ 081 แล้วก็ 234 5678", "call 081 then 234 and 5678"]
)
def test_a_telephone_number_with_words_between_is_refused(text):
    found = find_personal_data(text)
    assert found.kind is Kind.PHONE
    assert found.words.startswith("081")
    assert found.words.endswith("5678")


def test_the_refusal_says_which_words_and_belongs_to_the_field():
    with pytest.raises(PersonalDataError) as refusal:
        public_memo("ask 081-234-5678", field="reason")
    assert str(refusal.value) == (
        "“081-234-5678” looks like a telephone number: leave it out, "
        "because this text stays public."
    )
    assert refusal.value.field == "reason"


def test_a_long_address_is_quoted_in_part():
    assert find_personal_data("a" * 5000 + "@example.org").words == "a" * 59 + "…"


DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
TIMES = st.sampled_from(["", " 09:30", " 9:05", " 23:59:59", " 09.30 น.", " เวลา 14.00 น."])
WORDS = st.sampled_from(["", "เช็คคืน ", "ปีงบ ", "จ่ายซ้ำ ", "งวด 3 ", "returned ", "โทรแจ้ง "])


def date_forms(day):
    be, ce, month = be_year(day.year), day.year, day.month
    padded = [f"{day:%d}{sep}{day:%m}{sep}{year:04d}" for sep in "-/." for year in (be, ce)]
    bare = [f"{day.day}{sep}{month}{sep}{year}" for sep in "-/." for year in (be, ce)]
    short = [f"{day:%d}{sep}{day:%m}{sep}{year % 100:02d}" for sep in "-/." for year in (be, ce)]
    named = [
        f"{day.day} {THAI_MONTHS[month - 1]} {be}",
        f"{day.day} {THAI_MONTHS[month - 1]} พ.ศ. {be}",
        f"{day.day} {THAI_MONTHS_SHORT[month - 1]} {be % 100:02d}",
        f"{day.day} {day:%B} {ce}",
    ]
    return [*padded, *bare, *short, *named, day.isoformat()]


@given(DAYS, DAYS, TIMES, WORDS, st.data())
def test_a_day_in_any_form_is_never_refused(first, last, time, words, data):
    form = data.draw(st.integers(0, len(date_forms(first)) - 1))
    one, other = date_forms(first)[form], date_forms(last)[form]
    for text in (
        f"{words}{one}{time}",
        f"{words}{one} {other}",
        f"{words}{one}-{other}",
        f"{words}{one} - {other}{time}",
        f"{words}{one}, {other} 1,500.00 บาท",
    ):
        assert find_personal_data(text) is None, text
        assert find_personal_data(in_thai_digits(text)) is None, text


def grouped(digits, gaps):
    return digits[0] + "".join(gap + digit for digit, gap in zip(digits[1:], gaps, strict=True))


def is_arithmetic(text):
    """Whether the groups are numbers as a list of instalments has them."""
    groups = [int(group) for group in re.findall("[0-9]+", text)]
    steps = {after - before for before, after in pairwise(groups)}
    return len(groups) > 2 and len(steps) == 1


@given(
    st.sampled_from(["06", "08", "09", "+666", "+668", "+669", "00668", "668"]),
    st.text("0123456789", min_size=8, max_size=8),
    st.sampled_from(["{}", "โทร {}", "โทรกลับ {} ด่วน", "call {} now", "เบอร์:{}", "งวด 3 {}"]),
    st.booleans(),
    st.data(),
)
def test_a_mobile_number_in_any_groups_is_always_refused(start, rest, around, is_thai, data):
    digits = start.removeprefix("+") + rest
    gap = st.sampled_from(["", "", " ", "-", ".", "\u2013", "\u2011", "\u00a0", " - "])
    gaps = data.draw(st.lists(gap, min_size=len(digits) - 1, max_size=len(digits) - 1))
    number = ("+" if start.startswith("+") else "") + grouped(digits, gaps)
    # A day with its whole year, or a list of steps, in just these groups is taken for what it is.
    assume(not re.search(r"\b(2[4-7]|19|20|21)[0-9]{2}\b", number))
    assume(not is_arithmetic(number))
    text = around.format(in_thai_digits(number) if is_thai else number)
    found = find_personal_data(text)
    assert (found and found.kind) is Kind.PHONE, text


@given(st.text(alphabet="0123456789๐๑٠ -./:()+,@abก", max_size=80))
def test_any_text_is_read(text):
    found = find_personal_data(text)
    assert found is None or found.words


def test_a_long_text_is_read_at_once():
    assert find_personal_data("01 " * 20_000) is None
    assert find_personal_data("1" * 60_000) is None
    assert find_personal_data("0-8." * 10_000) is not None
    assert find_personal_data("a." * 30_000 + " @ ") is None
    assert find_personal_data("โทร" * 20_000 + "1_" * 20_000) is None
    assert find_personal_data("1, " * 20_000 + "a @ b." * 5_000) is None
