"""Keys of pages are read out of addresses, where anything may be typed."""

from datetime import date

import pytest

from fundapp.paging import Page, day_key, int_key, page_of


@pytest.mark.parametrize(
    ("text", "key"),
    [("17", 17), ("0", 0), (None, None), ("", None), ("-1", None), ("1e3", None), ("9" * 19, None)],
)
def test_the_key_of_a_row(text, key):
    assert int_key(text) == key


@pytest.mark.parametrize("text", [None, "", "17", "2026-11-24", "2026-11-31.1", "2026-11-24.-1"])
def test_what_is_no_key_of_a_day(text):
    assert day_key(text) is None


def test_the_key_of_a_day():
    assert day_key("2026-11-24.17") == (date(2026, 11, 24), 17)


def test_a_page_and_the_key_of_the_next():
    assert page_of([1, 2, 3], 2, lambda row: row) == Page([1, 2], "2")
    assert page_of([1, 2], 2, lambda row: row) == Page([1, 2], None)
