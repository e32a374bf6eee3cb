"""MT940 and camt.053 files, read without a database: what they say, and what is refused."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.banking.models import DayForm, Era
from fundapp.banking.statement_files.camt import parse_camt053
from fundapp.banking.statement_files.decoding import MAX_BYTES
from fundapp.banking.statement_files.messages import MESSAGES
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.parsing import parse_statement
from fundapp.banking.statement_files.profiles import MESSAGE_CODES, Profile
from fundapp.banking.statement_files.swift import parse_mt940
from tests.factories.banking import LAST, MONDAY, TUESDAY, Move, statement_file
from tests.factories.messages import DIGITS, Booked, camt, money, mt940, ntry, stmt

SAMPLES = Path(__file__).parent / "data" / "messages"
REFERENCE = "YL7K3M9PQ2XW"
KTB = Profile(
    "ktb", "KTB",
    {
        "day": ("วันที่",), "time": ("เวลา",), "description": ("รายการ",),
        "withdrawal": ("ถอนเงิน",), "deposit": ("ฝากเงิน",), "balance": ("ยอดเงินคงเหลือ",),
        "detail": ("รายละเอียด",), "channel": ("ช่องทาง",),
    },
    DayForm.DAY_FIRST, Era.BUDDHIST, ("ยอดยกมา",), ("ยอดยกไป",), ("บัญชีเลขที่",), ("ระหว่างวันที่",),
)  # fmt: skip


def read(text, parse=parse_mt940):
    (statement,) = parse(text.encode() if isinstance(text, str) else text)
    return statement


def read_camt(text):
    return read(text, parse_camt053)


def moved(statement):
    return [
        (line.booked_on, line.deposit_satang - line.withdrawal_satang) for line in statement.lines
    ]


def code_of(data, parse=parse_mt940):
    with pytest.raises(StatementRejected) as caught:
        parse(data.encode() if isinstance(data, str) else data)
    (error,) = caught.value.errors
    assert all((error.problem_text, error.remedy_text))
    return error.code


def test_codes_are_those_of_the_rules():
    assert tuple(MESSAGES) == MESSAGE_CODES


@pytest.mark.parametrize(
    ("value", "booked", "expected"),
    [
        ("251231", "0102", date(2026, 1, 2)),
        ("260102", "1231", date(2025, 12, 31)),
        ("260630", "0630", date(2026, 6, 30)),
        ("240228", "0229", date(2024, 2, 29)),
        ("260315", "", date(2026, 3, 15)),
    ],
)
def test_an_entry_day_is_of_the_year_nearest_to_its_value(value, booked, expected):
    line = f":61:{value}{booked}C5,NTRFNONREF"
    statement = read(mt940(extra=[line], moved=500, from_on=expected, to_on=expected))
    assert moved(statement) == [(expected, 500)]
    other = booked and f"{expected:%y%m%d}" != value
    assert ("VALUE" in statement.lines[0].channel) == bool(other)


@pytest.mark.parametrize(
    ("mark", "satang"),
    [("C", 500), ("D", -500), ("RC", -500), ("RD", 500), ("CB", 500), ("RDB", 500), ("CR", 500)],
)
def test_marks(mark, satang):
    line = f":61:2611031103{mark}5,NTRFNONREF"
    statement = read(mt940(extra=[line], moved=satang))
    assert moved(statement) == [(TUESDAY, satang)]
    assert statement.lines[0].description.startswith("Reversal") == (mark[0] == "R")


def test_charges_inside_an_entry_are_a_line_of_their_own():
    lines = [":61:2611031103C995,NTRFNONREF", "/OCMT/THB1000,//CHGS/THB5,/", ":86:YL"]
    statement = read(mt940(extra=lines, moved=99_500))
    assert [amount for _day, amount in moved(statement)] == [100_000, -500]
    assert statement.lines[1].description == "Charges"
    assert len({line.row_number for line in statement.lines}) == 2
    lines[1] = "/OCMT/THB1001,//CHGS/THB5,/"
    assert code_of(mt940(extra=lines, moved=99_500)) == "parts"


def test_a_payer_cannot_claim_charges():
    lines = [":61:2611031103C100,NTRFNONREF", ":86:/OCMT/THB1000,//CHGS/THB900,/"]
    assert moved(read(mt940(extra=lines, moved=10_000))) == [(TUESDAY, 10_000)]


@pytest.mark.parametrize(
    "lines",
    [
        [f":86:166?00CREDIT?20EREF+{REFERENCE}?21SVWZ+SCHOOL?32SOMCHAI?33JAIDEE"],
        [f":86:/EREF/{REFERENCE}/ORDP//NAME/SOMCHAI JAIDEE/REMI/SCHOOL"],
        [f":86:{'x' * 60} {REFERENCE[:4]}", f"{REFERENCE[4:]} SCHOOL from SOMCHAI JAIDEE"],
        [f":86:000>10123>20{REFERENCE} SCHOOL>32SOMCHAI JAIDEE"],
    ],
)
def test_references_and_names_go_where_matching_reads(lines):
    lines = [":61:2611031103C5,NTRFNONREF", *lines]
    detail = read(mt940(extra=lines, moved=500)).lines[0].detail
    assert REFERENCE in detail
    assert "SCHOOL" in detail
    assert "from SOMCHAI JAIDEE" in detail


def test_bank_words_are_the_description():
    lines = [":61:2611031103D5,NCHGNONREF", ":86:interest of a payer"]
    line = read(mt940(extra=lines, moved=-500)).lines[0]
    assert (line.description, line.detail) == ("Charges", "interest of a payer")


def test_pages_and_days_of_one_account_are_one_statement():
    first = mt940([Booked(500)], to_on=TUESDAY, pages="FM")
    second = mt940([Booked(-200, day=date(2026, 11, 4))], opening=1_000_500, pages="MF")
    statement = read(first + second)
    assert (statement.opening_satang, statement.closing_satang) == (1_000_000, 1_000_300)
    assert [line.balance_satang for line in statement.lines] == [1_000_500, 1_000_300]
    assert read(second + first).lines[0].deposit_satang == 500
    gap = mt940(opening=1_000_501)
    assert code_of(first + gap) == "chain"


def test_a_statement_that_goes_on_elsewhere_is_refused_whole():
    """An interim balance (:62M:) says that the next message of the same statement continues it."""
    goes_on = mt940([Booked(500)], to_on=TUESDAY, pages="FM")
    rest = mt940([Booked(-200, day=LAST)], opening=1_000_500, from_on=TUESDAY, pages="MF")
    second_page = rest.replace(":28C:1/1", ":28C:1/2")
    assert read(goes_on + second_page).closing_satang == 1_000_300
    for text in (
        goes_on,
        rest,
        goes_on + rest.replace(":28C:1/1", ":28C:2/1"),
        goes_on + mt940(opening=1_000_500, from_on=TUESDAY),
        mt940([Booked(500)], to_on=TUESDAY) + rest,
        goes_on + rest.replace("62F", "62M"),
        goes_on + mt940([Booked(700)], number="1112223334"),
    ):
        assert code_of(text) == "page_missing"
    interim = stmt([Booked(500)]).replace("CLBD", "ITBD")
    assert code_of(camt(interim), parse_camt053) == "page_missing"
    both = camt(interim, stmt(opening=1_000_500).replace("OPBD", "ITBD"))
    assert read_camt(both).closing_satang == 1_000_500


def test_statements_of_several_accounts():
    text = mt940([Booked(500)]) + mt940([Booked(700)], number="1112223334")
    found = parse_mt940(text.encode())
    assert [each.account_number for each in found] == [DIGITS, "1112223334"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("THB", "EUR"), "currency"),
        ((":61:261103", ":61:260230"), "bad_date"),
        (("C5,00", "C5.00"), "bad_entry"),
        (("62F", "62X"), "truncated"),
        ((":25:", ":34F:"), "mt942"),
        ((":28C:1/1\r\n", ":99:1\r\n"), "fields"),
        ((f":25:{DIGITS}", ":25:ABC"), "bad_account"),
        (("THB10005,00", "THB10006,00"), "closing_balance"),
        ((":20:STMT", "junk\r\n:20:STMT"), "stray_line"),
        ((":20:", ":21:"), "not_mt940"),
        ((":61:2611031103", ":61:2511031103"), "out_of_period"),
    ],
)
def test_refused_whole(change, code):
    text = mt940([Booked(500)])
    assert change[0] in text
    assert code_of(text.replace(*change)) == code


def test_envelopes_of_the_transmission_are_passed_over():
    text = mt940([Booked(500, "ฝากเงิน")])
    body = text.removesuffix("-\r\n")
    framed = "\x01{1:F01KRTHTHBKAXXX}{2:O940}{4:\r\n" + body + "-}\r\n\x03"
    assert read(framed).lines[0].detail == "ฝากเงิน"
    assert read(text.encode("cp874")).lines == read(text).lines
    assert code_of(text.encode()[:-60] + b"\xe0\xb8\xff" + text.encode()[-60:]) == "encoding"


def test_real_samples():
    text = (SAMPLES / "rabobank-iban.sta").read_text()
    thb = text.replace("EUR", "THB").replace("NL71RABO", "")
    statement = read(thb)
    assert (statement.from_on, statement.to_on) == (date(2013, 1, 1), date(2013, 1, 15))
    assert [amount for _day, amount in moved(statement)] == [-2500, -1000, -2500, -1000]
    assert code_of(text) == "currency"
    february = (SAMPLES / "february_30.sta").read_text()
    assert code_of(february.replace("EUR", "THB")) == "bad_date"
    for name in ("v2.wrong.xml", "camt054.v4.xml", "v2.five.decimals.xml"):
        code_of((SAMPLES / name).read_bytes(), parse_camt053)


def batch(*parts, charges="", satang=None, count=None):
    total = sum(parts) if satang is None else satang
    said = f"<Btch><NbOfTxs>{count or len(parts)}</NbOfTxs></Btch>"
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>E{part}</EndToEndId></Refs>{money(part)}</TxDtls>"
        for part in parts
    )
    entry = ntry(total, f"{charges}<NtryDtls>{said}{details}</NtryDtls>")
    return camt(stmt(extra=entry, moved=total))


def test_each_part_of_a_batch_is_a_line():
    statement = read_camt(batch(10_000, 20_000, 30_000))
    assert [amount for _day, amount in moved(statement)] == [10_000, 20_000, 30_000]
    assert [line.detail for line in statement.lines] == ["E10000", "E20000", "E30000"]
    assert code_of(batch(10_000, 20_000, satang=30_001), parse_camt053) == "parts"
    assert code_of(batch(10_000, 20_000, count=3), parse_camt053) == "batch"
    assert code_of(batch(10_000, count=3), parse_camt053) == "batch"
    assert code_of(batch(10_000, satang=10_001), parse_camt053) == "parts"


def record(amount, inside):
    return (
        f'<Chrgs><Rcrd><Amt Ccy="THB">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        f"<ChrgInclInd>{inside}</ChrgInclInd></Rcrd></Chrgs>"
    )


@pytest.mark.parametrize(
    ("satang", "inner", "expected"),
    [
        (99_500, record("5.00", "true"), [100_000, -500]),
        (-100_500, record("5.00", "true"), [-100_000, -500]),
        (100_000, record("5.00", "false"), [100_000]),
    ],
)
def test_charges_of_an_entry(satang, inner, expected):
    statement = read_camt(camt(stmt(extra=ntry(satang, inner), moved=satang)))
    assert [amount for _day, amount in moved(statement)] == expected


@pytest.mark.parametrize("told", [99_500, 100_000])
def test_charges_of_an_entry_with_one_transaction(told):
    text = batch(told, charges=record("5.00", "true"), satang=99_500)
    assert [amount for _day, amount in moved(read_camt(text))] == [100_000, -500]


def test_charges_of_a_batch_taken_from_its_sum():
    text = batch(10_000, 20_000, charges=record("5.00", "true"), satang=29_500)
    assert [amount for _day, amount in moved(read_camt(text))] == [10_000, 20_000, -500]


def test_tax_kept_of_interest():
    before = '<AmtDtls><TxAmt><Amt Ccy="THB">100.00</Amt></TxAmt></AmtDtls>'
    tax = '<Tax><TtlTaxAmt Ccy="THB">15.00</TtlTaxAmt></Tax>'
    code = "<BkTxCd><Domn><Fmly><SubFmlyCd>INTR</SubFmlyCd></Fmly></Domn></BkTxCd>"
    inner = f"{code}<NtryDtls><TxDtls>{before}{tax}</TxDtls></NtryDtls>"
    statement = read_camt(camt(stmt(extra=ntry(8_500, inner), moved=8_500)))
    assert [amount for _day, amount in moved(statement)] == [10_000, -1_500]
    assert [line.description for line in statement.lines] == ["Interest", "Withholding tax"]


def test_what_is_not_booked_does_not_count():
    pending = ntry(700).replace("BOOK", "PDNG")
    reversal = ntry(-500).replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
    statement = read_camt(camt(stmt(extra=pending + reversal, moved=-500)))
    assert moved(statement) == [(TUESDAY, -500)]
    assert statement.lines[0].description.startswith("Reversal")


def test_structured_references():
    inner = (
        "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Pty>"
        "<Nm>สมชาย ใจดี</Nm></Pty></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf>"
        f"<Ref>{REFERENCE}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
    )
    line = read_camt(camt(stmt(extra=ntry(500, inner), moved=500))).lines[0]
    assert line.detail == f"{REFERENCE} from สมชาย ใจดี"


BOMB = '<!DOCTYPE a [<!ENTITY x "yyyyyyyyyy"><!ENTITY z "&x;&x;&x;&x;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (camt(stmt()).replace("<Document", f"{BOMB}<Document"), "doctype"),
        (camt(stmt()).replace("<Document", f"{OUTSIDE}<Document"), "doctype"),
        (camt(stmt()).replace("<Document", '<!DOCTYPE a SYSTEM "http://x"><Document'), "doctype"),
        (camt(stmt()).replace("053.001.08", "053.001.99"), "not_camt053"),
        (camt(stmt())[:-20], "bad_xml"),
        (camt(stmt()).replace("CLBD", "XXXX"), "no_balance"),
        (camt(stmt([Booked(500)])).replace('"THB">5.00', '"USD">5.00'), "currency"),
        (
            camt(stmt([Booked(500)])).replace("5.00<", "5.001<", 1).replace("BOOK", "BOOK"),
            "bad_amount",
        ),
        (camt(stmt()).replace("UTF-8", "ISO-8859-1"), "encoding"),
        (camt(stmt()).encode().replace(b"<Id>S", b"<Id>\xff"), "encoding"),
        (camt(stmt()).replace("<Id>S", "<Id>&nbsp;"), "bad_xml"),
        ("<a>" * 1000, "too_many_elements"),
        ("<a>" + "<a/>" * 400_000, "too_many_elements"),
        (b"<a>" + b" " * MAX_BYTES, "too_large"),
        (b"", "empty"),
    ],
)
def test_camt_refused_whole(data, code):
    begun = time.process_time()
    assert code_of(data, parse_camt053) == code
    assert time.process_time() - begun < 10


def test_thai_encodings_of_xml():
    text = camt(stmt([Booked(500, "ค่าเล่าเรียน")]))
    thai = text.replace("UTF-8", "windows-874").encode("cp874")
    assert read_camt(thai).lines == read_camt(text).lines
    assert (
        read_camt(text.replace("UTF-8", "UTF-16").encode("utf-16")).lines[0].detail == "ค่าเล่าเรียน"
    )


DAYS = st.dates(MONDAY, LAST)
WORDS = st.text("กขคงจABCxyz0123456789 .-", max_size=40)
ENTRIES = st.lists(
    st.builds(
        Booked,
        st.integers(-10**9, 10**9).filter(bool),
        WORDS.map(lambda text: " ".join(text.split())),
        DAYS,
    ),
    min_size=1, max_size=12,
).map(lambda entries: sorted(entries, key=lambda entry: entry.day))  # fmt: skip


@given(ENTRIES, st.integers(-(10**9), 10**9))
def test_a_statement_is_the_same_in_every_format(entries, opening):
    swift = read(mt940(entries, opening=opening))
    xml = read_camt(camt(stmt(entries, opening=opening)))
    moves = [Move(entry.satang, entry.detail, entry.day) for entry in entries]
    table = parse_statement(statement_file(moves, opening=opening), KTB)
    assert [each.opening_satang for each in (swift, xml)] == [table.opening_satang] * 2
    assert [each.closing_satang for each in (swift, xml)] == [table.closing_satang] * 2
    expected = [(line.booked_on, line.balance_satang, line.detail) for line in table.lines]
    for statement in (swift, xml):
        found = [(line.booked_on, line.balance_satang, line.detail) for line in statement.lines]
        assert found == expected


@given(st.data())
def test_a_changed_file_is_read_or_refused(data):
    entries = data.draw(ENTRIES)
    parse, text = data.draw(
        st.sampled_from([(parse_mt940, mt940(entries)), (parse_camt053, camt(stmt(entries)))])
    )
    raw = bytearray(text.encode())
    for _change in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        kind = data.draw(st.sampled_from(["cut", "byte", "drop", "copy"]))
        if kind == "cut":
            del raw[place + 1 :]
        elif kind == "byte":
            raw[place] = data.draw(st.integers(0, 255))
        elif kind == "drop":
            del raw[place : place + data.draw(st.integers(1, 40))]
        else:
            raw[place:place] = raw[place : place + data.draw(st.integers(1, 40))]
        raw = raw or bytearray(b"x")
    try:
        found = parse(bytes(raw))
    except StatementRejected:
        return
    for statement in found:
        moved_in = sum(line.deposit_satang - line.withdrawal_satang for line in statement.lines)
        assert statement.opening_satang + moved_in == statement.closing_satang
