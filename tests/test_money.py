"""Amounts as typed, as shown and as split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.money import (
    MAXIMUM_SATANG,
    MoneyError,
    format_baht,
    parse_baht,
    split_by_weights,
    split_evenly,
)
from tests.factories.digits import in_thai_digits

SATANG = st.integers(1, MAXIMUM_SATANG)


def amount_or_one(text):
    """The amount, or one satang when the text is refused as it should be."""
    try:
        return parse_baht(text)
    except MoneyError:
        return 1


@pytest.mark.parametrize(
    ("text", "satang"),
    [
        ("๑๐๐", 10_000),
        ("1,000.50", 100_050),
        ("๑,๐๐๐.๕๐", 100_050),
        ("100", 10_000),
        ("100.5", 10_050),
        ("100.05", 10_005),
        ("0.01", 1),
        ("  500 ", 50_000),
        ("\u00a0500", 50_000),
        ("007", 700),
        ("1234567.89", 123_456_789),
        ("1,234,567.89", 123_456_789),
        ("99,999,999.99", 9_999_999_999),
        ("500 บาท", 50_000),
        ("500บาท", 50_000),
        ("๕๐๐ บาท", 50_000),
        ("500\u00a0บาทถ้วน", 50_000),
        ("1,000.50 บาท", 100_050),
        ("฿500", 50_000),
        ("฿ 1,000.50", 100_050),
        ("500฿", 50_000),
        ("500 baht", 50_000),
        ("THB 500.00", 50_000),
        ("500.-", 50_000),
        ("1,500.- บาท", 150_000),
        ("５００", 50_000),
        ("１，０００．５０", 100_050),
        ("٥٠٠", 50_000),
        ("۵۰۰", 50_000),
        ("\u200e500\u200b", 50_000),
        ("\ufeff500", 50_000),
    ],
)
def test_an_amount_as_people_type_it(text, satang):
    assert parse_baht(text) == satang


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("1e3", "not_a_number"),
        ("abc", "not_a_number"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("0x10", "not_a_number"),
        ("1_000", "not_a_number"),
        ("1 000", "not_a_number"),
        ("100.", "not_a_number"),
        (".50", "not_a_number"),
        ("1.000.000", "not_a_number"),
        ("1.5,0", "not_a_number"),
        (",100", "not_a_number"),
        ("+5", "not_a_number"),
        ("--5", "not_a_number"),
        ("-", "not_a_number"),
        ("(5)", "not_a_number"),
        ("½", "not_a_number"),
        ("²", "not_a_number"),
        ("฿", "not_a_number"),
        ("บาท", "not_a_number"),
        ("500 บาท 50", "not_a_number"),
        ("500 ดอลลาร์", "not_a_number"),
        ("500 USD", "not_a_number"),
        ("5 00 บาท", "not_a_number"),
        ("9.87654E+09", "not_a_number"),
        ("500.-.-", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("5\x00", "not_a_number"),
        ("5\n5", "not_a_number"),
        ("-1", "negative"),
        ("-0", "negative"),
        ("- 1,000.50", "negative"),
        ("−1", "negative"),
        ("–1", "negative"),
        ("‒1", "negative"),
        ("-฿500", "negative"),
        ("฿-500", "negative"),
        ("－500 บาท", "negative"),
        ("0", "zero"),
        ("0.00", "zero"),
        ("๐", "zero"),
        ("100.005", "too_precise"),
        ("1.000", "too_precise"),
        ("1000000000000", "too_large"),
        ("1,000,000,000,000", "too_large"),
        ("100000000", "too_large"),
        ("9" * 100_000, "too_large"),
        ("1,00", "bad_grouping"),
        ("1,0000", "bad_grouping"),
        ("1000,000", "bad_grouping"),
        ("1,,000", "bad_grouping"),
        ("1,000,", "bad_grouping"),
        ("0,100", "bad_grouping"),
        ("10,00.50", "bad_grouping"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text, code):
    with pytest.raises(MoneyError) as refusal:
        parse_baht(text)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


def test_zero_is_read_where_it_is_allowed():
    assert parse_baht("0", allow_zero=True) == 0


def test_the_caller_sets_the_maximum():
    assert parse_baht("700", maximum_satang=70_000) == 70_000
    with pytest.raises(MoneyError, match="too large"):
        parse_baht("700.01", maximum_satang=70_000)


@given(SATANG)
def test_what_is_shown_reads_back_in_both_kinds_of_digits(satang):
    shown = format_baht(satang)
    assert parse_baht(shown) == parse_baht(in_thai_digits(shown)) == satang
    assert parse_baht(shown.replace(",", "")) == satang


@given(st.text(max_size=60))
def test_any_text_is_an_amount_in_range_or_a_money_error(text):
    assert 0 < amount_or_one(text) <= MAXIMUM_SATANG


@given(st.text(alphabet="0123456789๐๙,.-", max_size=25))
def test_texts_of_digits_and_marks_are_read_or_refused(text):
    assert 0 < amount_or_one(text) <= MAXIMUM_SATANG


@pytest.mark.parametrize(
    ("satang", "shown", "with_symbol"),
    [
        (123_450, "1,234.50", "฿1,234.50"),
        (0, "0.00", "฿0.00"),
        (5, "0.05", "฿0.05"),
        (-5, "-0.05", "-฿0.05"),
        (-123_456_789, "-1,234,567.89", "-฿1,234,567.89"),
    ],
)
def test_amounts_as_figures(satang, shown, with_symbol):
    assert format_baht(satang) == shown
    assert format_baht(satang, symbol=True) == with_symbol


def test_a_thousand_baht_over_three_instalments():
    assert split_evenly(100_000, 3) == [33_334, 33_333, 33_333]


@given(st.integers(0, 10**12), st.integers(1, 400))
def test_even_shares_add_up_and_differ_by_one_satang_at_most(total, parts):
    shares = split_evenly(total, parts)
    assert (len(shares), sum(shares)) == (parts, total)
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize(("total", "parts"), [(100, 0), (100, -1), (-1, 2)])
def test_a_negative_total_or_no_part_is_refused(total, parts):
    with pytest.raises(ValueError, match="split_evenly needs"):
        split_evenly(total, parts)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [2, 1], [67, 33]),
        (10, [1, 0, 1], [5, 0, 5]),
        (1, [1, 3], [0, 1]),
        (0, [5, 5], [0, 0]),
        (3, [1, 1], [2, 1]),
        (5, [1], [5]),
    ],
)
def test_shares_by_weight(total, weights, shares):
    assert split_by_weights(total, weights) == shares


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_weighted_shares_add_up_and_stay_within_a_satang_of_exact(total, weights):
    shares = split_by_weights(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - total * weight) < sum(weights)


@pytest.mark.parametrize(
    ("total", "weights"), [(100, []), (100, [0, 0]), (100, [2, -1]), (-1, [1])]
)
def test_weights_that_cannot_be_used_are_refused(total, weights):
    with pytest.raises(ValueError, match="split_by_weights needs"):
        split_by_weights(total, weights)
