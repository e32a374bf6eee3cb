"""Identity and tax numbers: what is stored, what is refused and with which words."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.thai.folding import bare_number
from fundapp.thai.identity_numbers import (
    IdKind,
    check_id,
    check_tax_id,
    format_pin,
)


def rows(name):
    with (Path(__file__).parent / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def accepted():
    return [row for row in rows("identity_numbers.csv") if row["result"] or not row["why"]]


def refused():
    return [row for row in rows("identity_numbers.csv") if row["why"] and not row["result"]]


@pytest.mark.parametrize("row", accepted(), ids=lambda row: f"{row['kind']}-{row['number']}")
def test_a_right_number_is_stored_without_separators(row):
    assert check_id(IdKind(row["kind"]), row["number"]) == row["result"]


@pytest.mark.parametrize("row", refused(), ids=lambda row: f"{row['kind']}-{row['number']}")
def test_a_wrong_number_is_refused_with_a_sentence(row):
    with pytest.raises(ValueError, match=row["why"]) as refusal:
        check_id(IdKind(row["kind"]), row["number"])
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("row", rows("tax_numbers.csv"), ids=lambda row: row["number"] or "empty")
def test_tax_numbers_of_persons_and_companies(row):
    if row["is_right"] == "yes":
        assert check_tax_id(row["number"]) == bare_number(row["number"])
    else:
        with pytest.raises(ValueError, match="13 digits"):
            check_tax_id(row["number"])


def check_digit(twelve: str) -> str:
    """The last digit by the published sum, written out independently of the library."""
    return str((11 - sum(int(d) * (13 - i) for i, d in enumerate(twelve)) % 11) % 10)


@given(st.from_regex(r"[1-8][0-9]{11}", fullmatch=True))
def test_the_check_digit_is_the_published_sum(twelve):
    number = twelve + check_digit(twelve)
    assert check_id(IdKind.THAI_PIN, format_pin(number)) == number


@given(st.from_regex(r"[0-8][0-9]{11}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_hardly_any_single_wrong_digit_passes(twelve, position, shift):
    number = twelve + check_digit(twelve)
    wrong = (int(number[position]) + shift) % 10
    mistyped = f"{number[:position]}{wrong}{number[position + 1 :]}"
    kind = IdKind.NO_NATIONALITY if number[0] == "0" else IdKind.THAI_PIN
    # The sum is taken modulo 11 but written in one digit, so 0 and 10, 1 and 11 look alike.
    if check_digit(mistyped[:12]) != mistyped[12]:
        with pytest.raises(ValueError):
            check_id(kind, mistyped)


@given(st.sampled_from(IdKind), st.text(max_size=60))
def test_any_text_is_a_number_or_a_value_error(kind, text):
    try:
        number = check_id(kind, text)
    except ValueError:
        return
    assert check_id(kind, number) == number == bare_number(number)


def test_a_pin_is_written_in_the_groups_of_the_card():
    assert format_pin("1234545678781") == "1-2345-45678-78-1"
