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


@pytest.mark.parametrize("text", ["123-4-56789-0", "๑๒๓๔๕๖๗๘๙๐", " 123 4 567890 "])
def test_an_account_number_is_kept_as_digits(text):
    assert check_account_number(text) == "1234567890"


@pytest.mark.parametrize("digits", [10, 15])
def test_an_account_number_has_10_to_15_digits(digits):
    assert check_account_number("1" * digits) == "1" * digits


@pytest.mark.parametrize(
    "text", ["", "123", "1" * 9, "1" * 16, "12345abcde", "１２３４５６７８９０"]
)
def test_what_is_no_account_number_is_refused(text):
    with pytest.raises(ValueError, match="10 to 15 digits"):
        check_account_number(text)


def test_promptpay_takes_mobile_and_identity_numbers():
    assert check_promptpay_number("081-234-5678") == "0812345678"
    assert check_promptpay_number("1-1017-00230-70-8") == "1101700230708"


@pytest.mark.parametrize("text", ["", "021234567", "0512345678", "08123456789", "1" * 14])
def test_other_promptpay_numbers_are_refused(text):
    with pytest.raises(ValueError, match="mobile number \\(10 digits\\) or an id number"):
        check_promptpay_number(text)


def test_a_promptpay_id_number_has_its_check_digit():
    with pytest.raises(ValueError, match="is not right"):
        check_promptpay_number("1101700230704")
