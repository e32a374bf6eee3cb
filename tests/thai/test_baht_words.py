"""Amounts in words, against the compared vectors and by their own rules."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.thai.baht_words import baht_in_words


def vectors():
    with (Path(__file__).parent / "data" / "baht_words.csv").open(encoding="utf-8") as file:
        return [(int(row["satang"]), row["words"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("satang", "words"), vectors())
def test_an_amount_reads_as_a_receipt_writes_it(satang, words):
    assert baht_in_words(satang) == words


def test_a_final_one_after_a_higher_digit_is_et():
    assert baht_in_words(101_00) == "หนึ่งร้อยเอ็ดบาทถ้วน"


def test_below_one_baht_there_is_no_zero_baht():
    assert baht_in_words(25) == "ยี่สิบห้าสตางค์"


@given(st.integers(1, 10**14))
def test_words_close_with_thuan_exactly_when_no_satang_are_left(satang):
    words = baht_in_words(satang)
    assert words.endswith("ถ้วน") == (satang % 100 == 0)
    assert words.endswith("สตางค์") == (satang % 100 != 0)


@given(st.integers(1, 10**14))
def test_a_negative_amount_is_the_same_words_after_lop(satang):
    assert baht_in_words(-satang) == "ลบ" + baht_in_words(satang)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_amounts_never_read_the_same(one, other):
    assert (baht_in_words(one) == baht_in_words(other)) == (one == other)
