"""E-mail addresses: one reading for forms, commands and look-ups."""

import pytest

from fundapp.email_addresses import comparable_email, read_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Aminah.Sani@Example.ORG ", "aminah.sani@example.org"),
        ("a+b@example.co.th", "a+b@example.co.th"),
        ("info@กองทุน.ไทย", "info@กองทุน.ไทย"),
    ],
)
def test_an_address_in_its_stored_form(text, address):
    assert read_email(text) == comparable_email(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "aminah", "a@b", "a b@example.org", "a@@example.org", "a@example..org", "ก@example.org",
     "a@example.org\nBcc: b@example.org", "a" * 243 + "@example.org"],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="This is not an e-mail address"):
        read_email(text)


def test_text_that_is_not_an_address_can_still_be_compared():
    assert comparable_email(" Somebody ") == "somebody"
