"""Statement files: parsed whole in every encoding, or rejected with all of their errors."""

import csv
import io
from datetime import date, time
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fundapp.banking.statement_files.cells import MAX_ROWS
from fundapp.banking.statement_files.decoding import MAX_BYTES
from fundapp.banking.statement_files.parsed import (
    ParsedLine,
    ParsedStatement,
    StatementRejected,
)
from fundapp.banking.statement_files.parsing import parse_statement
from fundapp.giving.references import find_references
from tests.factories.profiles import KBANK, KTB

DATA = Path(__file__).parent / "data"
KTB_FILE = (DATA / "ktb.csv").read_bytes()
KBANK_FILE = (DATA / "kbank.csv").read_bytes()
KTB_TEXT = KTB_FILE.decode("utf-8-sig")
KBANK_TEXT = KBANK_FILE.decode()


def errors_of(data, profile):
    """The errors that a file is rejected for."""
    with pytest.raises(StatementRejected) as rejected:
        parse_statement(data, profile)
    return rejected.value.errors


def only_error(data, profile):
    """The only error that a file is rejected for."""
    errors = errors_of(data, profile)
    assert len(errors) == 1, errors
    return errors[0]


def changed(text, *pairs):
    """A statement with pieces replaced, as bytes; each piece must occur in it."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def outcome(data, profile):
    """The statement or the rejection; any other exception fails the test."""
    try:
        return parse_statement(data, profile)
    except StatementRejected as rejected:
        return rejected


class TestWholeFiles:
    """Files as the banks write them."""

    def test_a_thai_statement_in_the_buddhist_era(self):
        statement = parse_statement(KTB_FILE, KTB)
        assert statement.account_number == "9876543210"
        assert (statement.from_on, statement.to_on) == (date(2024, 2, 1), date(2024, 2, 29))
        assert (statement.opening_satang, statement.closing_satang) == (5_821_075, 5_698_501)
        assert [line.row_number for line in statement.lines] == [7, 8, 9, 10, 11, 12, 13, 14]
        assert statement.lines[0] == ParsedLine(
            row_number=7,
            booked_on=date(2024, 2, 1),
            booked_time=time(8, 5),
            description="รับชำระค่าสินค้าและบริการ",
            detail="Ref1 YL8RTQ3W6NZ Ref2 GEN",
            channel="Bill Payment",
            withdrawal_satang=0,
            deposit_satang=125_000,
            balance_satang=5_946_075,
        )

    def test_an_english_statement_with_short_years(self):
        statement = parse_statement(KBANK_FILE, KBANK)
        assert statement.account_number is None
        assert (statement.from_on, statement.to_on) == (date(2026, 3, 1), date(2026, 3, 31))
        assert (statement.opening_satang, statement.closing_satang) == (900_450, 850_145)
        assert [line.deposit_satang - line.withdrawal_satang for line in statement.lines] == [
            50_000, 200_000, -300_000, -1_000, 75, 620,
        ]  # fmt: skip
        assert statement.lines[2].booked_time == time(16, 45, 10)

    @pytest.mark.parametrize(("name", "profile"), [("ktb", KTB), ("kbank", KBANK)])
    def test_both_encodings_read_the_same(self, name, profile):
        in_utf8 = parse_statement((DATA / f"{name}.csv").read_bytes(), profile)
        assert parse_statement((DATA / f"{name}.cp874.csv").read_bytes(), profile) == in_utf8

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_marks_and_line_ends_make_no_difference(self, mark, newline):
        data = mark + KTB_TEXT.replace("\r\n", newline).encode()
        assert parse_statement(data, KTB) == parse_statement(KTB_FILE, KTB)

    def test_the_references_of_bill_payments_can_be_found(self):
        lines = parse_statement(KTB_FILE, KTB).lines
        references = [reference for line in lines for reference in find_references(line.detail)]
        assert references == ["YL8RTQ3W6NZ", "YL5WQ8RZ3FX"]

    def test_a_cell_like_a_formula_is_text(self):
        assert parse_statement(KBANK_FILE, KBANK).lines[4].detail == "=1+1"

    def test_columns_may_be_in_another_order(self):
        rows = [row[::-1] for row in csv.reader(io.StringIO(KBANK_TEXT))]
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        expected = parse_statement(KBANK_FILE, KBANK)
        assert parse_statement(text.getvalue().encode(), KBANK) == expected

    def test_unknown_columns_are_ignored(self):
        lines = KBANK_TEXT.splitlines()
        text = "\n".join([f"{lines[0]},Branch"] + [f"{line},Yala" for line in lines[1:]])
        expected = parse_statement(KBANK_FILE, KBANK)
        assert parse_statement(text.encode(), KBANK) == expected

    def test_a_month_without_movements(self):
        data = changed(KBANK_TEXT, (KBANK_TEXT[KBANK_TEXT.index("02-03") :], ""))
        data += b'31-03-26,,Ending Balance,,,"9,004.50",CF,\r\n'
        assert parse_statement(data, KBANK).lines == ()

    def test_an_overdrawn_account(self):
        data = (
            b"Date,Time,Descriptions,Withdrawal,Deposit,Outstanding Balance,Channel,Details\n"
            b"01-03-26,,Beginning Balance,,,(10.00),,\n"
            b"02-03-26,,Fee,5.00,-,-15.00,,\n"
            b"03-03-26,,Transfer,0.00,20.00,5.00,,\n"
            b"31-03-26,,Ending Balance,,,5.00,,\n"
        )
        statement = parse_statement(data, KBANK)
        assert statement.opening_satang == -1_000
        assert [line.balance_satang for line in statement.lines] == [-1_500, 500]


class TestFilesThatAreNoStatement:
    """Rejected before any row is parsed."""

    @pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b",,,\n,,\n"])
    def test_empty(self, data):
        assert only_error(data, KTB).code == "empty"

    @pytest.mark.parametrize(
        "data",
        [
            b"%PDF-1.7\n",
            b"PK\x03\x04 a spreadsheet",
            b"\xd0\xcf\x11\xe0 an old spreadsheet",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            KBANK_FILE[:200] + b"\x00" + KBANK_FILE[200:],
            KBANK_FILE.replace(b"Fee", b"F\x07e"),
            KBANK_FILE.replace(b"Fee", "F\u0085e".encode()),
            bytes(range(256)),
        ],
        ids=range(9),
    )
    def test_binary(self, data):
        error = only_error(data, KBANK)
        assert error.code == "binary"
        assert "CSV" in error.remedy_text

    def test_larger_than_five_megabytes(self):
        error = only_error(b"a" * (MAX_BYTES + 1), KTB)
        assert error.code == "too_large"
        assert error.problem_text == "The file is larger than 5 MB."

    @pytest.mark.parametrize(
        ("tail", "code"),
        [
            (b"\n" * 1_600_000, "too_many_rows"),
            (b",,\r\n" * 1_600_000, "too_many_rows"),
            (b",,,,,,,\r\n" * 1_600_000, "too_many_rows"),
            (b"," * 100_000_000, "too_many_rows"),
            (b"," * 4_000_000, "too_many_columns"),
            (b"x" * 4_000_000, "too_long"),
            (b'"' + b"x" * 4_000_000, "too_long"),
            (b"\x00" * 4_000_000, "binary"),
            (b'"' + b"x,\n" * 20_000, "malformed"),
        ],
        ids=range(9),
    )
    def test_huge_files_are_refused_at_once(self, tail, code):
        started = process_time()
        assert only_error(KTB_FILE + tail, KTB).code == code
        assert process_time() - started < 2

    def test_fifty_megabytes(self):
        assert only_error(KBANK_FILE * (50 * 1024 * 1024 // len(KBANK_FILE)), KBANK).code == (
            "too_large"
        )

    def test_more_columns_than_a_statement_has(self):
        """Empty ones too: a million of them is no statement."""
        for text in (KTB_TEXT + "," * 1_000_000, "a" + "," * 101 + "\n" + KTB_TEXT):
            error = only_error(text.encode(), KTB)
            assert error.code == "too_many_columns"
        assert error.row == 1

    def test_more_rows_than_a_statement_has(self):
        header = KBANK_TEXT.splitlines()[0] + "\n"
        row = "02-03-26,07:58,Bill Payment,,1.00,2.00,Bill,x\n"
        assert only_error((header + row * MAX_ROWS).encode(), KBANK).code == "too_many_rows"

    @pytest.mark.parametrize(
        "data",
        [
            KTB_TEXT.encode().replace("ยอดยกมา".encode(), b"\xe0\xb8\xff"),
            b"\xef\xbb\xbf" + KTB_TEXT.encode("cp874"),
            KBANK_TEXT.encode("cp874").replace(b"Fee", b"F\xfce"),
        ],
        ids=["broken-utf8", "mark-of-another-encoding", "no-such-cp874"],
    )  # fmt: skip
    def test_characters_that_cannot_be_read(self, data):
        assert only_error(data, KTB).code == "encoding"

    def test_cut_in_the_middle_of_a_character(self):
        cut = KTB_FILE.index("สาขายะลา".encode()) + 4
        assert only_error(KTB_FILE[:cut], KTB).code == "truncated"

    def test_cut_in_the_middle_of_a_quoted_cell(self):
        cut = KBANK_FILE.index(b"11,504.50") + 4
        error = only_error(KBANK_FILE[:cut], KBANK)
        assert (error.code, error.row) == ("malformed", 4)

    def test_a_cell_that_never_ends(self):
        error = only_error(KBANK_FILE + b"x" * 200_000, KBANK)
        assert (error.code, error.row) == ("too_long", 10)

    def test_missing_headings_are_named(self):
        data = changed(KTB_TEXT, ("ถอนเงิน,", ""), ("ช่องทาง", "ที่มา"))
        error = only_error(data, KTB)
        assert (error.code, error.row) == ("headings", 5)
        assert error.problem_text == "These headings are missing: ถอนเงิน, ช่องทาง."

    def test_the_other_banks_file_lacks_all_headings(self):
        error = only_error(KTB_FILE, KBANK)
        assert (error.code, error.row) == ("headings", None)
        assert "Outstanding Balance" in error.problem_text

    def test_a_repeated_heading(self):
        error = only_error(changed(KBANK_TEXT, ("Details", "Details,Deposit")), KBANK)
        assert error.problem_text == "These headings stand twice: Deposit."


class TestRowsThatAreWrong:
    """Each is named with its row and column; all of them at once."""

    def test_a_broken_running_balance(self):
        error = only_error(changed(KTB_TEXT, ("300.00", "30.00")), KTB)
        assert (error.code, error.row) == ("running_balance", 8)
        assert error.problem_text == (
            "The balance is 59,760.75; the row before and this amount give 59,490.75."
        )

    def test_a_row_left_out(self):
        row = KTB_TEXT.splitlines(keepends=True)[8]
        error = only_error(changed(KTB_TEXT, (row, "")), KTB)
        assert (error.code, error.row) == ("running_balance", 9)

    def test_a_repeated_row(self):
        row = KTB_TEXT.splitlines(keepends=True)[8]
        error = only_error(changed(KTB_TEXT, (row, row + row)), KTB)
        assert (error.code, error.row) == ("running_balance", 10)

    def test_a_closing_balance_that_does_not_follow(self):
        data = changed(KBANK_TEXT, ('Ending Balance,,,"8,501.45"', 'Ending Balance,,,"8,501.46"'))
        error = only_error(data, KBANK)
        assert (error.code, error.row) == ("running_balance", 9)

    @pytest.mark.parametrize(("text", "profile"), [(KTB_TEXT, KTB), (KBANK_TEXT, KBANK)])
    def test_a_file_cut_after_any_of_its_rows(self, text, profile):
        rows = text.splitlines(keepends=True)
        for count in range(1, len(rows)):
            codes = {error.code for error in errors_of("".join(rows[:count]).encode(), profile)}
            assert codes & {"truncated", "headings"}

    def test_a_file_without_its_beginning(self):
        row = KBANK_TEXT.splitlines(keepends=True)[1]
        error = only_error(changed(KBANK_TEXT, (row, "")), KBANK)
        assert (error.code, error.row) == ("no_opening", 2)

    def test_two_statements_in_one_file(self):
        rows = KBANK_TEXT.splitlines(keepends=True)
        error = errors_of("".join(rows + rows[1:]).encode(), KBANK)[0]
        assert (error.code, error.row) == ("second_statement", 10)

    @pytest.mark.parametrize(
        "day",
        ["29/02/2568", "29/02/2024", "03/02/67", "2024-02-03", "31/02/2567", "", "3 ก.พ. 2567"],
    )
    def test_a_date_that_is_none_in_the_thai_style(self, day):
        error = only_error(changed(KTB_TEXT, ("03/02/2567", day)), KTB)
        assert (error.code, error.row, error.column) == ("bad_date", 8, "วันที่")
        assert error.remedy.endswith(".")

    @pytest.mark.parametrize("day", ["29-02-25", "04-03-69", "04-03-2026", "04/03/26", "4 Mar 26"])
    def test_a_date_that_is_none_in_the_english_style(self, day):
        error = only_error(changed(KBANK_TEXT, ("04-03-26", day)), KBANK)
        assert (error.code, error.row, error.column) == ("bad_date", 4, "Date")

    @pytest.mark.parametrize("amount", ["1e3", "--300.00", "300.005", '"3,00"', "๓๐๐เหรียญ", "=300"])
    def test_an_amount_that_is_none(self, amount):
        error = only_error(changed(KTB_TEXT, (",300.00,", f",{amount},")), KTB)
        assert (error.code, error.row, error.column) == ("bad_amount", 8, "ฝากเงิน")

    @pytest.mark.parametrize("balance", ["", "-", "()", "--1", "(-1.00)", "9" * 40])
    def test_a_balance_that_is_none(self, balance):
        error = only_error(changed(KTB_TEXT, ('"59,760.75"', balance)), KTB)
        assert (error.code, error.row, error.column) == ("bad_amount", 8, "ยอดเงินคงเหลือ")

    def test_both_a_withdrawal_and_a_deposit(self):
        error = only_error(changed(KTB_TEXT, ("25.00,,", "25.00,1.00,")), KTB)
        assert (error.code, error.row) == ("both_sides", 11)

    def test_neither_a_withdrawal_nor_a_deposit(self):
        error = only_error(changed(KTB_TEXT, ("25.00,,", "0.00,,")), KTB)
        assert (error.code, error.row) == ("no_amount", 11)

    def test_a_row_of_balance_that_moves_money(self):
        error = only_error(changed(KTB_TEXT, ("ยอดยกไป,,,", "ยอดยกไป,,5.00,")), KTB)
        assert (error.code, error.row) == ("moving_balance", 15)

    def test_errors_come_in_the_order_of_the_rows(self):
        broken = (('"59,760.75"', '"59,760.76"'), ("25.00,,", "25.00,1.00,"))
        rows = [error.row for error in errors_of(changed(KTB_TEXT, *broken), KTB)]
        assert rows[0] == 8
        assert rows == sorted(rows)

    def test_thousands_without_quotation_marks(self):
        errors = errors_of(changed(KTB_TEXT, ('"1,250.00","59,460.75"', "1,250.00,59,460.75")), KTB)
        assert ("extra_cells", 7) in [(error.code, error.row) for error in errors]

    def test_a_row_that_stops_early(self):
        data = changed(KTB_TEXT, (',,300.00,"59,760.75",X7781 น.ส. สมมติ เอื้อเฟื้อ,PromptPay', ""))
        error = only_error(data, KTB)
        assert (error.code, error.row) == ("running_balance", 9)

    @pytest.mark.parametrize("clock", ["24:00", "8.05", "08:60", "08:05:99", "noon"])
    def test_a_time_that_is_none(self, clock):
        error = only_error(changed(KTB_TEXT, ("08:05", clock)), KTB)
        assert (error.code, error.row, error.column) == ("bad_time", 7, "เวลา")

    def test_a_text_that_is_too_long(self):
        error = only_error(changed(KTB_TEXT, ("จ่ายทุน", "ก" * 501)), KTB)
        assert (error.code, error.row, error.column) == ("too_long", 10, "รายละเอียด")

    def test_a_day_outside_the_declared_period(self):
        error = only_error(changed(KTB_TEXT, ("20/02/2567", "20/03/2567")), KTB)
        assert (error.code, error.row) == ("out_of_period", 12)

    def test_a_day_outside_the_first_and_last_row(self):
        error = only_error(changed(KBANK_TEXT, ("17-03-26", "17-04-26")), KBANK)
        assert (error.code, error.row) == ("out_of_period", 7)

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("บัญชีเลขที่ 987-6-54321-0", "สาขายะลา", "no_account"),
            ("ระหว่างวันที่", "วันที่พิมพ์", "no_period"),
            ("- 29/02/2567", "- 30/02/2567", "bad_period"),
            ("01/02/2567 -", "01/03/2567 -", "bad_period"),
        ],
    )
    def test_lines_above_the_headings_that_are_wrong(self, old, new, code):
        assert only_error(changed(KTB_TEXT, (old, new)), KTB).code == code

    def test_several_errors_are_reported_at_once(self):
        data = changed(
            KTB_TEXT, ("05/02/2567", "29/02/2568"), ("25.00,,", "x,,"), ("333.34", "333.33")
        )
        assert [(error.code, error.row) for error in errors_of(data, KTB)] == [
            ("bad_date", 9),
            ("bad_amount", 11),
            ("running_balance", 12),
        ]

    def test_the_same_error_in_many_rows_is_told_once(self):
        data = KTB_TEXT.replace("/2567,", "/2024,").encode()
        error = only_error(data, KTB)
        assert (error.code, error.row, error.more_rows) == ("bad_date", 6, 9)

    def test_every_error_tells_what_is_wrong_and_what_to_do(self):
        data = changed(KTB_TEXT, ("05/02/2567", "100%"), ("25.00,,", "%(text)s,,"))
        for error in errors_of(data, KTB):
            assert error.problem_text
            assert error.remedy_text.endswith(".")
        assert "%(text)s" in errors_of(data, KTB)[1].problem_text


def sums_up(statement):
    """Whether the movements of a statement lead from its opening to its closing balance."""
    moved = sum(line.deposit_satang - line.withdrawal_satang for line in statement.lines)
    return statement.opening_satang + moved == statement.closing_satang


PROFILE = st.sampled_from([KTB, KBANK])
FILES = st.sampled_from(
    [KTB_FILE, KBANK_FILE, (DATA / "ktb.cp874.csv").read_bytes(),
     (DATA / "kbank.cp874.csv").read_bytes()]
)  # fmt: skip


def is_verdict(result):
    """Whether parsing ended in a statement that adds up or in a rejection with errors."""
    if isinstance(result, ParsedStatement):
        return sums_up(result)
    return len(result.errors) >= 1 and all(
        error.problem_text and error.remedy_text for error in result.errors
    )


@given(st.binary(max_size=600), PROFILE)
@example(b'"', KTB)
@example(b"\r", KTB)
@example(b"\xe0\xb8", KTB)
@example(b"\xa0\xa0", KTB)
def test_any_bytes_end_in_a_verdict(data, profile):
    assert is_verdict(outcome(data, profile))


@given(st.text(max_size=600), PROFILE)
def test_any_text_ends_in_a_verdict(text, profile):
    assert is_verdict(outcome(text.encode("utf-8", "surrogatepass"), profile))


@given(FILES, PROFILE, st.integers(0, 2_000), st.integers(0, 20), st.binary(max_size=20))
def test_a_file_with_any_piece_replaced_ends_in_a_verdict(file, profile, at, length, piece):
    at %= len(file)
    assert is_verdict(outcome(file[:at] + piece + file[at + length :], profile))


@given(FILES, PROFILE, st.integers(0, 2_000))
def test_a_file_cut_anywhere_ends_in_a_verdict(file, profile, at):
    assert is_verdict(outcome(file[: at % len(file)], profile))


CELL = st.text(max_size=12) | st.sampled_from(
    ["01-03-26", "29-02-26", "1.00", "2.00", "-1.00", "1e3", "Beginning Balance",
     "Ending Balance", "08:00", "=1+1", "999999999999999", "1,0", '"', "%s", ""]
)  # fmt: skip


@given(st.lists(st.lists(CELL, max_size=10), max_size=12))
def test_any_table_under_the_right_headings_ends_in_a_verdict(table):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(KBANK_TEXT.splitlines()[0].split(","))
    writer.writerows(table)
    assert is_verdict(outcome(text.getvalue().encode("utf-8", "surrogatepass"), KBANK))


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(-(10**9), 10**9).filter(bool), max_size=30),
)
def test_a_statement_written_by_the_rules_is_read_as_written(opening, moves):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(KBANK_TEXT.splitlines()[0].split(","))
    writer.writerow(["01-03-26", "", "Beginning Balance", "", "", baht(opening), "", ""])
    balance = opening
    for move in moves:
        balance += move
        sides = ["", baht(move)] if move > 0 else [baht(-move), ""]
        writer.writerow(["02-03-26", "", "Transfer", *sides, baht(balance), "ก", "ข"])
    writer.writerow(["31-03-26", "", "Ending Balance", "", "", baht(balance), "", ""])
    statement = parse_statement(text.getvalue().encode(), KBANK)
    read = [line.deposit_satang - line.withdrawal_satang for line in statement.lines]
    assert (statement.opening_satang, read, statement.closing_satang) == (opening, moves, balance)


def baht(satang):
    """An amount as this bank writes it."""
    sign = "-" if satang < 0 else ""
    return f"{sign}{abs(satang) // 100:,}.{abs(satang) % 100:02d}"
