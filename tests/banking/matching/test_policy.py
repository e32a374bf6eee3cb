"""What the bank's own text on a line says."""

import pytest

from fundapp.banking.matching.policy import (
    charge_of,
    method_of,
    names_payer,
    return_of,
    shares_number,
    vouchers_in,
)
from fundapp.banking.models import StatementLine
from fundapp.giving.models import Method
from tests.factories.banking import written_words


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("X7781 น.ส. สมมติ เอื้อเฟื้อ", "นางสาวสมมติ เอื้อเฟื้อ", True),
        ("X7781 น.ส. สมมติ เอื้อ++", "สมมติ เอื้อเฟื้อ", True),
        ("FROM MR. SOMCHAI JAI", "Somchai Jaidee", True),
        ("FROM SOMCHAI", "Somchai Jaidee", False),
        ("FROM NOSOMCHAI JAIDEE", "Somchai Jaidee", False),
        ("anything", "", False),
        ("a b", "A B", False),
        ("X1200 MRS. AMINAH TOKDENG", "Mrs. Aminah Tokdeng", True),
        ("X7781 นายสมชาย ทดลองดี", "สมชาย ทดลองดี", True),
        ("X7784 ดร. สุดา ทดลองกล้า", "ดร.สุดา ทดลองกล้า", True),
        ("X7785 นายวีสมชาย ทดลองดี", "สมชาย ทดลองดี", False),
        ("X7785 วีสมชาย ทดลองดี", "สมชาย ทดลองดี", False),
        ("X7785 นายสมชายดี ทดลองดี", "สมชาย ทดลองดี", False),
        ("พ.ต.ท.หญิงสุดา ทดลองกล้า", "นางสุดา ทดลองกล้า", True),
        ("X1 รศ.ดร.สุดา ทดลองกล้า", "สุดา ทดลองกล้า", True),
        ("X1 ฮัจยีมะ สาและ", "มะ สาและ", True),
        ("HAJI MA SALEH", "Ma Saleh", True),
        ("X1 มะ สาและ", "ฮัจยี สาและ", False),
        ("X1 เเวฮามีด ทดลองวงศ์", "แวฮามีด ทดลองวงศ์", True),
        ("X1 น.ส.นํ้าฝน ทดลองวงศ์", "น้ำฝน ทดลองวงศ์", True),
        ("X1 นายสมชาย\u00a0ทดลองดี", "\u200bสมชาย  ทดลองดี", True),
        ("X1 อามีเนาะ ทดลองวงศ์", "อามีนะห์ ทดลองวงศ์", False),
        ("X1 สมชาย ทดลองกล้า", "สมชาย ทดลองดี", False),
        ("X1 สมชาย ทดลอง", "สมชาย ทดลองดี", True),
        ("X1 สมชาย ทดลองดีมาก", "สมชาย ทดลองดี", False),
        ("X1 สมชาย ทด++", "สมชาย ทดลองดี", False),
        ("WAN NOR AINI TOK", "Wan Nor Aini Tokdeng", True),
        ("WAN NOR SURYA", "Wan Nor Aini Tokdeng", False),
        ("ＭＲ．ＳＯＭＣＨＡＩ　ＪＡＩＤＥＥ", "Somchai Jaidee", True),
    ],
)
def test_names_in_a_text(text, name, named):
    assert names_payer(text, name) is named


def line(description, channel="", *, satang=100):
    deposit, withdrawal = (satang, 0) if satang > 0 else (0, -satang)
    words = written_words(1, description=description, channel=channel)
    return StatementLine(
        id=1,
        words_encrypted=words["words_encrypted"],
        deposit_satang=deposit,
        withdrawal_satang=withdrawal,
    )


@pytest.mark.sqlite
@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("description", "satang", "charge"),
    [
        ("ค่าธรรมเนียม", -100, "fee"),
        ("ภาษีหัก ณ ที่จ่าย", -100, "tax"),
        ("Service Charge", -100, "fee"),
        ("ค่าธรรมเนียม", 100, None),
        ("รับชำระค่าสินค้าและบริการ", 100, None),
        ("โอนเงินออก", -100, None),
        ("ดอกเบี้ยรับ", 100, "interest"),
        ("Interest", 100, "interest"),
        ("Interest", -100, None),
    ],
)
def test_what_the_bank_books_by_itself(description, satang, charge):
    assert charge_of(line(description, satang=satang)) == charge


@pytest.mark.sqlite
@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("description", "satang", "reason"),
    [
        ("เช็คคืน", -100, "cheque"),
        ("คืนเช็ค 00012345", -100, "cheque"),
        ("Returned cheque", -100, "cheque"),
        ("CHQ RETURN", -100, "cheque"),
        ("Chargeback", -100, "chargeback"),
        ("กลับรายการ", -100, "correction"),
        ("Reversal", -100, "correction"),
        ("ค่าธรรมเนียมเช็คคืน", -100, None),
        ("เช็คคืน", 100, None),
        ("โอนเงินออก", -100, None),
        ("ถอนเงินด้วยเช็ค", -100, None),
    ],
)
def test_what_the_bank_takes_back(description, satang, reason):
    assert return_of(line(description, satang=satang)) == reason


@pytest.mark.parametrize(
    ("text", "other", "shared"),
    [
        ("เช็ค 00012345", "Cheque 12345", True),
        ("เช็ค 00012345", "เช็ค 00012346", False),
        ("เช็ค 1234", "เช็ค 1234", False),
        ("00000", "00000", False),
        ("", "", False),
    ],
)
def test_a_number_in_both_texts(text, other, shared):
    assert shares_number(text, other) is shared


@pytest.mark.sqlite
@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("description", "channel", "method"),
    [
        ("รับโอนพร้อมเพย์", "PromptPay", Method.PROMPTPAY),
        ("รับชำระค่าสินค้าและบริการ", "Bill Payment", Method.PROMPTPAY),
        ("ฝากเช็ค", "Branch", Method.CHEQUE),
        ("ฝากเงินสด", "CDM", Method.TRANSFER),
        ("Transfer Deposit", "Internet", Method.TRANSFER),
    ],
)
def test_how_money_came(description, channel, method):
    assert method_of(line(description, channel)) is method


def test_vouchers_in_a_text():
    voucher = "PV0CND336YPX4XY"
    assert vouchers_in(f"pay {voucher.lower()} and {voucher}") == [voucher]
    assert vouchers_in("PV123") == []
