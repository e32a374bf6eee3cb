"""Encrypted values are decrypted only with their key and for their field."""

import base64

import pytest

from fundapp.crypto import Keyring, KeyringError

OLD = "k1:" + base64.b64encode(b"1" * 32).decode()
NEW = "k2:" + base64.b64encode(b"2" * 32).decode()
WHERE = "children.given_name_encrypted.7"


def test_a_value_is_decrypted_for_its_field_only():
    ring = Keyring.parse(OLD)
    encrypted = ring.encrypt("ฟาตีมะห์", WHERE)
    assert ring.decrypt(encrypted, WHERE) == "ฟาตีมะห์"
    assert "ฟาตีมะห์".encode() not in encrypted
    with pytest.raises(KeyringError):
        ring.decrypt(encrypted, "children.given_name_encrypted.8")


def test_equal_texts_are_encrypted_differently():
    ring = Keyring.parse(OLD)
    assert ring.encrypt("x", WHERE) != ring.encrypt("x", WHERE)


def test_the_newest_key_encrypts_and_older_ones_still_decrypt():
    encrypted = Keyring.parse(OLD).encrypt("x", WHERE)
    both = Keyring.parse(f"{NEW},{OLD}")
    assert both.decrypt(encrypted, WHERE) == "x"
    assert both.encrypt("x", WHERE).startswith(b"k2\x00")
    assert both.lookup("x", "children.id") == Keyring.parse(OLD).lookup("x", "children.id")


def test_a_missing_key_is_named_and_no_key_is_shown():
    encrypted = Keyring.parse(OLD).encrypt("x", WHERE)
    with pytest.raises(KeyringError, match="k1") as caught:
        Keyring.parse(NEW).decrypt(encrypted, WHERE)
    assert OLD.partition(":")[2] not in str(caught.value)


@pytest.mark.parametrize("text", ["", "k1", "k1:", "k1:AAAA", "k-1:" + OLD[3:], ":::", "k1:!!"])
def test_unreadable_keys_are_refused(text):
    with pytest.raises(KeyringError):
        Keyring.parse(text)
