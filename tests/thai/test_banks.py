"""Banks and the numbers of accounts."""

import pytest

from fundapp.thai.banks import banks, check_account_number, check_promptpay_number


def test_the_banks_have_three_digits_and_both_names():
    for code, bank in banks().items():
        assert len(code) == 3
        assert code.isdigit()
        assert bank.name_th
        assert bank.name_en
    assert banks()["006"].symbol == "KTB"
    assert banks()["006"].name_ms == "Krungthai Bank"


@pytest.mark.parametrize(
    "text",
    [
        "123-4-56789-0",
        "๑๒๓๔๕๖๗๘๙๐",
        " 123 4 567890 ",
        "１２３４５６７８９０",
        "٠١٢٣٤٥٦٧٨٩"[1:] + "٠",
        "123\u20114\u201156789\u20110",  # copied from a PDF bank book
        "123\u00a04\u00a056789\u00a00",
        "123\u20134\u2212567890",
        "123.4.56789.0",
        "\u200e1234567890\u200b",
        "\ufeff123\u00ad4567890",
    ],
)
def test_an_account_number_is_kept_as_digits(text):
    assert check_account_number(text) == "1234567890"


@pytest.mark.parametrize("digits", [10, 15])
def test_an_account_number_has_10_to_15_digits(digits):
    assert check_account_number("1" * digits) == "1" * digits


@pytest.mark.parametrize(
    "text", ["", "123", "1" * 9, "1" * 16, "12345abcde", "1234567890/1", "+1234567890"]
)
def test_what_is_no_account_number_is_refused(text):
    with pytest.raises(ValueError, match="10 to 15 digits"):
        check_account_number(text)


@pytest.mark.parametrize("check", [check_account_number, check_promptpay_number])
@pytest.mark.parametrize(
    "text", ["9.87654E+09", "9.87654e+09", "9,87E9", "9876543210.0", "9876543210.00"]
)
def test_what_a_spreadsheet_changed_is_refused(check, text):
    with pytest.raises(ValueError, match="spreadsheet has changed this number"):
        check(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("081-234-5678", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("+66 (0)81 234 5678", "0812345678"),
        ("0066812345678", "0812345678"),
        ("66812345678", "0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"),
        ("081\u2011234\u20115678", "0812345678"),
        ("1-1017-00230-70-8", "1101700230708"),
        ("140000812345678", "140000812345678"),
        ("140-000-812345678", "140000812345678"),
    ],
)
def test_promptpay_takes_mobile_identity_and_e_wallet_numbers(text, number):
    assert check_promptpay_number(text) == number


@pytest.mark.parametrize("text", ["", "021234567", "0512345678", "08123456789", "1" * 14])
def test_other_promptpay_numbers_are_refused(text):
    with pytest.raises(ValueError, match="mobile number \\(10 digits\\), an id number"):
        check_promptpay_number(text)


def test_a_promptpay_id_number_has_its_check_digit():
    with pytest.raises(ValueError, match="is not right"):
        check_promptpay_number("1101700230704")
