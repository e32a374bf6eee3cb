"""The bytes for the bank against the records of the layout, byte by byte; no database."""

from datetime import date

import pytest

from fundapp.payouts.bank_files import bank_file
from fundapp.payouts.errors import BankReasonError, ResultFileError, VoucherTwiceError
from fundapp.payouts.models import BankFileKind, BankOutcome
from fundapp.payouts.results import read_results
from fundapp.payouts.smart import LAYOUT, BankAccountNumber, SmartTransfer, UnfitError, smart_file

SENDER = BankAccountNumber("006", "9090000001")
NAME = "กองทุนเพื่อเด็กยากจนฯ ยะลา"
DAY = date(2026, 12, 15)
TRANSFERS = [
    SmartTransfer(BankAccountNumber("014", "1230000011"), "เด็กตัวอย่าง หนึ่ง", 200_000),
    SmartTransfer(BankAccountNumber("030", "120000000012"), "เด็กตัวอย่าง สอง", 150_000),
    SmartTransfer(BankAccountNumber("034", "210000000013"), "MR SAMPLE THREE", 150_050),
]
#: Invented payees; what stands before the names, and the letters of each name.
HEADS = (
    "102000001014012301230000011006090909090000001151220260400000000200000",
    "102000001030000120000000012006090909090000001151220260400000000150000",
    "102000001034000210000000013006090909090000001151220260400000000150050",
)


def records():
    for number, (head, transfer) in enumerate(zip(HEADS, TRANSFERS, strict=True), start=1):
        name = transfer.name.encode("tis_620")
        sender = NAME.encode("tis_620")
        yield (
            head.encode()
            + name
            + b" " * (60 - len(name))
            + sender
            + b" " * (60 - len(sender) + 100)
            + f"{number:06}".encode()
            + b" " * 20
            + f"{number:05}".encode()
            + b"\r\n"
        )


def test_a_smart_file_is_the_layout_byte_by_byte():
    content = smart_file(TRANSFERS, sender=SENDER, sender_name=NAME, pay_on=DAY)
    assert content == b"".join(records())
    assert {len(line) for line in content.split(b"\r\n")[:-1]} == {320}
    assert sum(width for _name, width, _kind in LAYOUT) == 320
    noted = smart_file(
        [SmartTransfer(SENDER, "ก" * 70, 1, "PV123")], sender=SENDER, sender_name=NAME, pay_on=DAY
    )
    assert len(noted) == 322
    assert noted[69:129] == "ก".encode("tis_620") * 60
    assert noted[189:289].rstrip() == b"PV123"


@pytest.mark.parametrize(
    "transfer",
    [
        SmartTransfer(BankAccountNumber("014", "1" * 16), "A", 1),
        SmartTransfer(BankAccountNumber("014", "12-3"), "A", 1),
        SmartTransfer(SENDER, "A", 10**12),
        SmartTransfer(SENDER, "名前", 1),
        SmartTransfer(SENDER, "A\r\n102", 1),
    ],
)
def test_what_does_not_fit_is_refused_with_its_number(transfer):
    with pytest.raises(UnfitError) as refused:
        smart_file([TRANSFERS[0], transfer], sender=SENDER, sender_name=NAME, pay_on=DAY)
    assert refused.value.args == (2,)


def test_the_csv_file_has_a_row_for_each_and_no_formula():
    noted = [SmartTransfer(SENDER, "=1+1", 150_050, "PV1")]
    content = bank_file(
        BankFileKind.CSV, noted, sender=SENDER, sender_name=NAME, pay_on=DAY
    ).decode("utf-8-sig")
    assert content.splitlines() == [
        "voucher,pay_on,bank,account,name,amount_baht,from_account",
        "PV1,2026-12-15,006,9090000001,'=1+1,1500.50,9090000001",
    ]


def test_a_result_file_is_read_or_refused_by_line():
    content = "\ufeffvoucher,state,reason\r\npv1,PAID,\r\n\r\nPV2,failed,ปิดบัญชี\r\n".encode()
    one, two = read_results(content)
    assert (one.voucher, one.outcome, two.line) == ("PV1", BankOutcome.PAID, 4)
    assert two.reason == "ปิดบัญชี"
    for bad, error, line in (
        (b"PV1,paid,\nPV1,failed,x", VoucherTwiceError, 2),
        (b"PV1,paid,\nPV2,failed,", BankReasonError, 2),
        (b"PV1,perhaps,", ResultFileError, 1),
        (b"PV1", ResultFileError, 1),
        (b"\xa1\xa2,paid,", ResultFileError, 1),
        (b'PV1,"paid', ResultFileError, 1),
        (b"voucher,state,reason\n", ResultFileError, 1),
        (b"", ResultFileError, 1),
    ):
        with pytest.raises(error) as refused:
            read_results(bad)
        assert refused.value.params["line"] == line
