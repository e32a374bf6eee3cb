"""Codes can be read aloud, and one wrong character is noticed."""

import pytest

from fundapp.children.codes import new_code, parse_code


def test_codes_are_readable_and_differ():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 9 and code.startswith("C-") for code in codes)
    assert not {letter for code in codes for letter in code[2:]} & set("ILOU*")


@pytest.mark.parametrize("write", [str, str.lower, lambda c: c.replace("-", ""), lambda c: c[2:]])
def test_codes_are_read_as_people_write_them(write):
    for _ in range(50):
        code = new_code()
        assert parse_code(write(code)) == code


def test_one_wrong_letter_is_noticed():
    code = new_code()
    for index in range(2, 9):
        for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            changed = code[:index] + letter + code[index + 1 :]
            assert changed == code or parse_code(changed) is None


@pytest.mark.parametrize("text", ["", "C-", "1234545678781", "C-1234567890", "' OR 1=1", "ก"])
def test_other_texts_are_no_codes(text):
    assert parse_code(text) is None
