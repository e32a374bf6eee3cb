"""What forms make of text before anything looks at it."""

import pytest

from fundapp.web.fields import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("  มะลิ \t ดอกไม้ ", "มะลิ ดอกไม้"),
        ("e\u0301", "\u00e9"),
        ("a\u202eb\u2066c\u2069", "abc"),  # would read as another name
        ("نور\u200cا", "نور\u200cا"),  # joins letters, turns nothing
    ],
)
def test_text_is_one_composed_line_that_reads_as_it_is_stored(typed, kept):
    assert clean_text(typed) == kept
