"""Sealed fields open only with their key, at their place."""

import base64

import pytest

from fundapp.crypto import Keyring, KeyringError

OLD = "k1:" + base64.b64encode(b"1" * 32).decode()
NEW = "k2:" + base64.b64encode(b"2" * 32).decode()
WHERE = "children.given_name_sealed.7"


def test_what_is_sealed_opens_at_its_place_only():
    ring = Keyring.parse(OLD)
    sealed = ring.seal("ฟาตีมะห์", WHERE)
    assert ring.open(sealed, WHERE) == "ฟาตีมะห์"
    assert "ฟาตีมะห์".encode() not in sealed
    with pytest.raises(KeyringError):
        ring.open(sealed, "children.given_name_sealed.8")


def test_the_same_text_never_looks_the_same():
    ring = Keyring.parse(OLD)
    assert ring.seal("x", WHERE) != ring.seal("x", WHERE)


def test_a_newer_key_seals_and_the_older_one_still_opens():
    sealed = Keyring.parse(OLD).seal("x", WHERE)
    both = Keyring.parse(f"{NEW},{OLD}")
    assert both.open(sealed, WHERE) == "x"
    assert both.seal("x", WHERE).startswith(b"k2\x00")
    assert both.lookup("x", "children.id") == Keyring.parse(OLD).lookup("x", "children.id")


def test_a_missing_key_is_named_and_none_is_shown():
    sealed = Keyring.parse(OLD).seal("x", WHERE)
    with pytest.raises(KeyringError, match="k1") as caught:
        Keyring.parse(NEW).open(sealed, WHERE)
    assert OLD.partition(":")[2] not in str(caught.value)


@pytest.mark.parametrize("text", ["", "k1", "k1:", "k1:AAAA", "k-1:" + OLD[3:], ":::", "k1:!!"])
def test_other_texts_are_no_keyring(text):
    with pytest.raises(KeyringError):
        Keyring.parse(text)
