"""Thai digits, both ways."""

from hypothesis import given
from hypothesis import strategies as st

from fundapp.thai.digits import to_arabic, to_thai


def test_thai_digits_become_arabic_and_nothing_else_changes():
    assert to_arabic("เลขที่ ๐๑๒๓๔๕๖๗๘๙/2569") == "เลขที่ 0123456789/2569"


def test_arabic_digits_become_thai_and_nothing_else_changes():
    assert to_thai("1,234.50 บาท") == "๑,๒๓๔.๕๐ บาท"


def test_digits_of_other_scripts_are_left_alone():
    assert to_arabic("１２٣४") == "１２٣४"


@given(st.integers(min_value=0))
def test_there_and_back(number):
    assert to_arabic(to_thai(str(number))) == str(number)
