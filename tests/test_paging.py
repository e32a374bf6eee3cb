"""Keys of pages, as addresses carry them."""

from datetime import date

import pytest

from fundapp.paging import day_key, day_key_text, int_key, page_of

DAY = date(2026, 11, 24)


def test_the_extra_row_gives_the_key_of_the_next_page():
    page = page_of([1, 2, 3], 2, lambda row: row)
    assert (page.rows, page.next_key) == ([1, 2], "2")
    assert page_of([1, 2], 2, lambda row: row).next_key is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("0", 0),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("9" * 30, None),
        ("-1", None),
        ("๑", None),
        ("", None),
        (None, None),
    ],
)
def test_a_row_id(text, key):
    assert int_key(text) == key


def test_a_day_and_a_row_id():
    assert day_key(day_key_text(DAY, 123)) == (DAY, 123)


@pytest.mark.parametrize(
    "text",
    [None, "", "123", "2026-11-24", "2026-11-24.", ".1", "2026-11-31.1", "2026-11-24.-1",
     "2026-11-24." + "9" * 30, "x.1"],
)  # fmt: skip
def test_anything_else_is_the_first_page(text):
    assert day_key(text) is None
