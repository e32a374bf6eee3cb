"""Thai digits as they are typed."""

from hypothesis import given
from hypothesis import strategies as st

from fundapp.thai.digits import to_arabic
from tests.factories.digits import in_thai_digits


def test_thai_digits_become_arabic_and_nothing_else_changes():
    assert to_arabic("เลขที่ ๐๑๒๓๔๕๖๗๘๙/2569") == "เลขที่ 0123456789/2569"


def test_digits_of_other_scripts_are_left_alone():
    assert to_arabic("１２٣४") == "１２٣४"


@given(st.integers(min_value=0))
def test_every_number_reads_the_same_in_thai_digits(number):
    assert to_arabic(in_thai_digits(str(number))) == str(number)
