"""No cell of an export is a formula, numbers stay numbers, and every text can be restored."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.csv_safety import baht_cell, csv_lines, is_dangerous, plain_text, safe_cell

ATTACKS = [
    "=1+1",
    "+66",
    "-1+1|cmd",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "  =1",
    "\u00a0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    " ＝1",
    "'=1",
    "'' =1",
    "\t",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_a_possible_formula_gets_an_apostrophe(text):
    assert safe_cell(text) == "'" + text
    assert plain_text(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["", "ทุนการศึกษา", "a=b", "1 + 1", "'quoted'", "1,000.50", "(5)"])
def test_other_text_is_unchanged(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("number", [0, -5, 10**12, Decimal("-0.05")])
def test_numbers_stay_numbers(number):
    assert safe_cell(number) is number


@given(st.text(alphabet=st.sampled_from("=+-@'\t\r\n\x00 ＝aก1"), max_size=8))
def test_every_text_can_be_restored(text):
    cell = safe_cell(text)
    assert plain_text(cell) == text
    assert cell == text or cell.startswith("'")
    assert not is_dangerous(text) or cell.startswith("'")


@given(
    st.lists(
        st.one_of(
            st.integers(),
            st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\x00")),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_row_is_read_back_unchanged(cells):
    text = "".join(csv_lines(["h"], [cells]))
    _header, row = csv.reader(io.StringIO(text, newline=""))
    assert [plain_text(cell) for cell in row] == [str(cell) for cell in cells]


def test_baht_is_exact():
    assert [str(baht_cell(satang)) for satang in (0, 5, -5, 123_450)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1234.50",
    ]
