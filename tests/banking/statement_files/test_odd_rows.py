"""Statement files as banks and spreadsheets really write them, one oddity at a time."""

from dataclasses import replace
from datetime import date, time

import pytest

from fundapp.banking.models import DayForm, Era
from fundapp.banking.statement_files.account_numbers import find_number, is_same_number
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.parsing import parse_statement
from tests.factories.profiles import KBANK, KTB, NAMED_MONTHS, SHORT_BUDDHIST

ABOVE = "บัญชีเลขที่ 987-6-54321-0\nระหว่างวันที่ 01/11/2569 - 27/11/2569\n\n"
HEADINGS = "วันที่,เวลา,รายการ,ถอนเงิน,ฝากเงิน,ยอดเงินคงเหลือ,รายละเอียด,ช่องทาง\n"
OPENING = '01/11/2569,,ยอดยกมา,,,"10,000.00",,BF\n'
IN = '05/11/2569,09:00,รับโอน,,500.00,"10,500.00",X1003,PromptPay\n'
OUT = '05/11/2569,15:00,โอนออก,"2,000.00",,"8,500.00",จ่ายทุน,Internet\n'
FEE = '05/11/2569,15:00,ค่าธรรมเนียม,25.00,,"8,475.00",,Internet\n'
BACK = '06/11/2569,10:00,คืนค่าธรรมเนียม,-25.00,,"8,500.00",,System\n'
CLOSING = '27/11/2569,,ยอดยกไป,,,"8,475.00",,CF\n'
MOVES = [50_000, -200_000, -2_500]


def statement(*rows, above=ABOVE, headings=HEADINGS):
    return (above + headings + "".join(rows)).encode()


def moves(data, profile=KTB):
    """The signed amounts that are read."""
    lines = parse_statement(data, profile).lines
    return [line.deposit_satang - line.withdrawal_satang for line in lines]


def errors(data, profile=KTB):
    """Code and row of what a file is refused for."""
    with pytest.raises(StatementRejected) as rejected:
        parse_statement(data, profile)
    for error in rejected.value.errors:
        assert error.problem_text.endswith((".", "”."))
        assert error.remedy_text.endswith(".")
    return [(error.code, error.row) for error in rejected.value.errors]


WHOLE = (OPENING, IN, OUT, FEE, CLOSING)


@pytest.mark.parametrize(
    "rows",
    [
        WHOLE,
        WHOLE[::-1],
        (OPENING, FEE, OUT, IN, CLOSING),
        (CLOSING, IN, OUT, FEE, OPENING),
        (OPENING, CLOSING, IN, OUT, FEE),
        (IN, OUT, FEE),
        (FEE, OUT, IN),
        (OPENING, OUT, FEE, IN, CLOSING),
    ],
    ids=[
        "oldest first", "newest first", "days up, rows down", "closing at the top",
        "both balances at the top", "no carried balances", "newest first without them", "sorted",
    ],
)  # fmt: skip
def test_the_balances_prove_the_order(rows):
    parsed = parse_statement(statement(*rows), KTB)
    assert [line.deposit_satang - line.withdrawal_satang for line in parsed.lines] == MOVES
    assert [line.balance_satang for line in parsed.lines] == [1_050_000, 850_000, 847_500]
    assert (parsed.opening_satang, parsed.closing_satang) == (1_000_000, 847_500)
    # Without them nothing is proved but the days of the movements.
    last = date(2026, 11, 27) if OPENING in rows else date(2026, 11, 5)
    first = date(2026, 11, 1) if OPENING in rows else date(2026, 11, 5)
    assert (parsed.from_on, parsed.to_on) == (first, last)


@pytest.mark.parametrize(
    "extra",
    [
        '10/11/2569,23:59,ยกเว้นค่าธรรมเนียม,0.00,,"8,475.00",,System\n',
        '10/11/2569,23:59,ดอกเบี้ยรับ,,0.00,"8,475.00",,System\n',
        '10/11/2569,23:59,ดอกเบี้ยรับ,-,0.00,"8,475.00",,System\n',
        '10/11/2569,23:59,แจ้งเตือน,,,"8,475.00",,System\n',
        "10/11/2569,23:59,ยกเว้นค่าธรรมเนียม,0.00,,,,System\n",
        "10/11/2569,,เปลี่ยนสมุดบัญชี,,,,,\n",
        ",,ต่อจากรายการก่อน,,,,นาย ทดลอง,\n",
        ",,รวมรายการถอน 2 รายการ,\"2,025.00\",,,,\n",
        ",,รวม,\"2,025.00\",500.00,\"8,475.00\",,\n",
        "05/11/2569,,รวมประจำวัน,\"2,025.00\",500.00,\"8,475.00\",,\n",
        "05/11/2569,,รวมถอนประจำวัน,\"2,025.00\",,\"8,475.00\",,\n",
        "05/11/2569,,Subtotal,\"2,025.00\",500.00,,,\n",
        "รวม 3 รายการ,,,\"2,025.00\",500.00,\"8,475.00\",,\n",
        f"หน้า 2\n{ABOVE}{HEADINGS}",
        "หน้า 2,,,,,,,,,,\n",
        f"27/11/2569,,ยอดยกไป,,,\"8,475.00\",,\n{HEADINGS}01/11/2569,,ยอดยกมา,,,\"8,475.00\",,\n",
        "\f\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_turned", [False, True])
def test_rows_that_move_nothing_are_left_out(extra, is_turned):
    rows = [OPENING, IN, OUT, FEE, extra, CLOSING]
    if is_turned and "ยอดยก" in extra:
        return
    assert moves(statement(*(rows[::-1] if is_turned else rows))) == MOVES


@pytest.mark.parametrize(
    "below",
    [
        "เอกสารนี้จัดทำโดยระบบอัตโนมัติ ไม่ต้องลงนาม\n",
        ',,รวมรายการถอน 2 รายการ,"2,025.00",,,,\n,,รวมรายการฝาก 1 รายการ,,500.00,,,\n',
        "พิมพ์เมื่อ 28/11/2569 09:00\nหมายเหตุ,1,2,3,4,5,6,7,8,9\n",
        "Total,,,2025.00,500.00,8475.00,,\n",
        '28/11/2569,10:00,ยอดคงเหลือปัจจุบัน,,,"9,999.00",,\n',
        '28/11/2569,,สรุปยอดถอน,"2,025.00",,,,\n',
        "\x1a",
    ],
)
def test_what_stands_after_the_closing_row_is_left_out(below):
    assert moves(statement(*WHOLE, below)) == MOVES


@pytest.mark.parametrize("amount", ["-25.00", "(25.00)", "25.00-", "\u221225.00", "25.00 DR"])
def test_a_fee_given_back_is_a_deposit(amount):
    back = BACK.replace("-25.00", amount)
    closing = CLOSING.replace("8,475.00", "8,500.00")
    assert moves(statement(OPENING, IN, OUT, FEE, back, closing)) == [*MOVES, 2_500]


def test_a_deposit_taken_back_is_a_withdrawal():
    back = '06/11/2569,10:00,เช็คคืน,,(500.00),"7,975.00",,\n'
    closing = CLOSING.replace("8,475.00", "7,975.00")
    assert moves(statement(OPENING, IN, OUT, FEE, back, closing)) == [*MOVES, -50_000]


def test_one_signed_column():
    headings = HEADINGS.replace("ถอนเงิน,ฝากเงิน", "จำนวนเงิน")
    rows = [
        OPENING.replace(",,,", ",,"),
        IN.replace(",,500.00", ",500.00"),
        OUT.replace('"2,000.00",,', '"-2,000.00",'),
        FEE.replace("25.00,,", "25.00-,"),
        CLOSING.replace(",,,", ",,"),
    ]
    assert moves(statement(*rows, headings=headings)) == MOVES
    unsigned = [row.replace("-", "") for row in rows]
    assert errors(statement(*unsigned, headings=headings)) == [("running_balance", 7)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            ['05/11/2569,,ค่าธรรมเนียม,-25.00,,"8,475.00",,\n'],
            [("sign", 5)],
        ),
        (
            [
                '05/11/2569,,ฝาก,,500.00,"10,500.00",,\n',
                '05/11/2569,,ถอน,500.00,,"10,000.00",,\n',
            ],
            [("order", None)],
        ),
    ],
)  # fmt: skip
def test_what_no_balance_proves_is_refused(rows, found):
    assert errors(statement(*rows)) == found
    day, balance = "01/11/2569", '"8,500.00"' if len(rows) == 1 else '"10,000.00"'
    closing = rows[-1].rsplit('"', 2)[1]
    opens = f"{day},,ยอดยกมา,,,{balance},,\n"
    closes = f'27/11/2569,,ยอดยกไป,,,"{closing}",,\n'
    assert len(moves(statement(opens, *rows, closes))) == len(rows)


def test_times_tell_the_order_where_balances_allow_both():
    early = '05/11/2569,09:00,ฝาก,,500.00,"10,500.00",,\n'
    late = '05/11/2569,10:00,ถอน,500.00,,"10,000.00",,\n'
    assert moves(statement(early, late)) == moves(statement(late, early)) == [50_000, -50_000]


def test_days_that_go_back_are_refused():
    """Day and month of a file exchanged, for example."""
    rows = [IN, OUT.replace("05/11", "04/11"), FEE]
    assert errors(statement(OPENING, *rows, CLOSING)) == [("day_order", 7)]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (FEE.replace(",25.00,", ",52.00,"), [("running_balance", 8)]),
        (FEE.replace(",25.00,", ",,"), [("no_amount", 8)]),
        (FEE.replace("05/11/2569", ""), [("bad_date", 8)]),
        (FEE.replace("05/11/2569", "31/11/2569"), [("bad_date", 8)]),
        (FEE.replace('"8,475.00"', ""), [("bad_amount", 8)]),
        (FEE.replace("05/11/2569", "05/12/2569"), [("out_of_period", 8)]),
        ("", [("running_balance", 8)]),
        (FEE + FEE, [("running_balance", 9)]),
    ],
)
def test_one_wrong_row_has_one_cause(row, found):
    more = "".join(
        f'{day:02d}/11/2569,,ฝาก,,1.00,"{8_475 + day - 10:,}.00",,\n' for day in range(11, 20)
    )
    closing = CLOSING.replace("8,475.00", "8,484.00")
    rows = (OPENING, IN, OUT, row, more, closing)
    assert errors(statement(*rows)) == found


def test_movements_after_the_closing_row_are_another_statement():

    assert errors(statement(*WHOLE, FEE)) == [("second_statement", 10)]
    assert errors(statement(*WHOLE, *WHOLE)) == [("second_statement", 10)]


def test_a_file_without_one_of_its_carried_balances_is_not_whole():
    assert errors(statement(OPENING, IN, OUT, FEE)) == [("truncated", None)]
    assert errors(statement(IN, OUT, FEE, CLOSING)) == [("no_opening", 5)]
    only_opening = replace(KTB, closing_words=())
    assert moves(statement(OPENING, IN, OUT, FEE), only_opening) == MOVES


def test_an_account_of_another_page_is_another_statement():
    other = ABOVE.replace("987-6", "111-2")
    rows = (OPENING, IN, other + HEADINGS, OUT, FEE, CLOSING)
    assert errors(statement(*rows)) == [("second_statement", 7)]


def test_an_account_number_in_a_text_is_no_page():
    rows = [row.replace("จ่ายทุน", "โอนเข้าบัญชีเลขที่ 111-2-22222-2") for row in WHOLE]
    assert moves(statement(*rows)) == MOVES


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("987-6-54321-0", "9876543210"),
        ("987 6 54321 0", "9876543210"),
        (": ๙๘๗-๖-๕๔๓๒๑-๐", "9876543210"),
        ("987-6-54321-0 28/11/2569", "9876543210"),
        ("987-6-54321-0,001", "9876543210"),
        ("xxx-x-x4321-x", "xxxxx4321x"),
        ("Xxx-X-54321-X (THB)", "xxxx54321x"),
        ("***-*-**321-0", "xxxxxxx3210"[1:]),
    ],
)
def test_account_numbers_as_banks_show_them(text, shown):
    assert find_number(text) == shown
    assert is_same_number(shown, "9876543210")
    assert not is_same_number(shown, "1112333334")
    data = statement(*WHOLE, above=ABOVE.replace("987-6-54321-0", text))
    parsed = parse_statement(data, KTB)
    assert parsed.may_be_of("9876543210")
    assert not parsed.may_be_of("9876549999")


def test_a_mask_that_shows_too_little_proves_nothing():
    assert not is_same_number("xxxxxxxx10", "9876543210")
    assert is_same_number("xx3210", "9876543210")


def test_an_account_number_that_a_spreadsheet_shortened_is_told():
    data = statement(*WHOLE, above=ABOVE.replace("987-6-54321-0", "9.87654E+09"))
    assert errors(data) == [("bad_account", 1)]


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("05/11/2569 09:30", time(9, 30)),
        ("5/11/2569 9:30:15", time(9, 30, 15)),
        ("05/11/2569T09:30", time(9, 30)),
        ("05/11/2569 9:30:00 PM", time(21, 30)),
        ('"05/11/2569, 09:30 น."', time(9, 30)),
        ("๐๕/๑๑/๒๕๖๙ ๐๙:๓๐", time(9, 30)),
        ('"=""05/11/2569 09:30"""', time(9, 30)),
        ('="05/11/2569 09:30"', time(9, 30)),
        ("'05/11/2569 09:30", time(9, 30)),
    ],
)
def test_date_and_time_in_one_cell(cell, clock):
    row = IN.replace("05/11/2569,09:00", f"{cell},")
    parsed = parse_statement(statement(OPENING, row, OUT, FEE, CLOSING), KTB)
    line = parsed.lines[0]
    assert (line.booked_on, line.booked_time) == (date(2026, 11, 5), clock)
    rows = [
        OPENING.replace("2569,,", "2569,"),
        IN.replace("05/11/2569,09:00", cell),
        OUT.replace(",15:00", ""),
        FEE.replace(",15:00", ""),
        CLOSING.replace("2569,,", "2569,"),
    ]
    data = statement(*rows, headings=HEADINGS.replace("เวลา,", ""))
    assert parse_statement(data, KTB).lines[0].booked_time == clock


def test_amounts_in_guards_with_commas():
    rows = [
        row.replace('"2,000.00"', '="2,000.00"').replace(",25.00", ',="25.00"') for row in WHOLE
    ]
    assert moves(statement(*rows)) == MOVES


@pytest.mark.parametrize(
    ("profile", "text", "day"),
    [
        (SHORT_BUDDHIST, "05/11/69", date(2026, 11, 5)),
        (SHORT_BUDDHIST, "05/11/26", None),
        (KBANK, "05-11-26", date(2026, 11, 5)),
        (KBANK, "05-11-69", None),
        (KTB, "05/11/2569", date(2026, 11, 5)),
        (KTB, "05/11/2026", None),
        (KTB, "05/11/69", None),
        (NAMED_MONTHS, "5 พ.ย. 2569", date(2026, 11, 5)),
        (NAMED_MONTHS, "๕ พฤศจิกายน ๒๕๖๙", date(2026, 11, 5)),
        (NAMED_MONTHS, "5พ.ย.2569", date(2026, 11, 5)),
        (NAMED_MONTHS, "5 ฮฮฮ 2569", None),
        (replace(KTB, day_form=DayForm.MONTH_FIRST), "11/05/2569", date(2026, 11, 5)),
        (replace(KTB, day_form=DayForm.YEAR_FIRST), "2569-11-05", date(2026, 11, 5)),
        (replace(KTB, era=Era.COMMON), "05/11/2026", date(2026, 11, 5)),
        (replace(KTB, era=Era.COMMON), "05/11/2569", None),
    ],
)
def test_days_are_read_as_the_profile_says_and_never_guessed(profile, text, day):
    assert profile.days.read(text) == day


def test_excel_names_its_separator():
    text = "sep=;\n" + statement(*WHOLE).decode().replace('"', "").replace("0,00", "000")
    rows = text.replace("10,000", "10000").replace("10,500", "10500").replace("2,000", "2000")
    rows = rows.replace("8,500", "8500").replace("8,475", "8475").replace(",", ";")
    assert moves(rows.encode()) == MOVES


def test_a_file_that_a_spreadsheet_opened_in_one_column():
    lines = statement(*WHOLE).decode().splitlines()
    wrapped = "\n".join('"' + line.replace('"', '""') + '"' for line in lines)
    assert moves(wrapped.encode()) == MOVES
    assert errors(wrapped.replace(",25.00", ",26.00").encode()) == [("running_balance", 8)]


def test_times_do_not_tell_money_in_from_money_out():
    """Given back from the top, or paid out from the bottom: the amounts fit both."""
    rows = [
        "02-11-26,10:15,Transfer,-100.00,,600.00,,ATM",
        "02-11-26,09:00,Transfer,-100.00,,700.00,,ATM",
    ]
    text = "Date,Time,Descriptions,Withdrawal,Deposit,Outstanding Balance,Details,Channel"
    with pytest.raises(StatementRejected) as rejected:
        parse_statement("\n".join([text, *rows]).encode(), KBANK)
    assert [error.code for error in rejected.value.errors] == ["sign"]


def test_times_tell_the_order_of_rows_that_fit_both_ways():
    rows = [
        "02-11-26,11:00,Third,,100.00,600.00,,ATM",
        "02-11-26,10:00,Second,100.00,,500.00,,ATM",
        "02-11-26,09:00,First,,100.00,600.00,,ATM",
    ]
    text = "Date,Time,Descriptions,Withdrawal,Deposit,Outstanding Balance,Details,Channel"
    parsed = parse_statement("\n".join([text, *rows]).encode(), KBANK)
    assert [line.description for line in parsed.lines] == ["First", "Second", "Third"]
