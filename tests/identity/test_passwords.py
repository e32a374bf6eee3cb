"""Which passwords are accepted, and how they are stored."""

import unicodedata

import pytest

from fundapp.access.permissions import Role
from fundapp.identity import passwords
from fundapp.identity.passwords import WeakPasswordError
from tests.factories.identity import make_user, sign_in_by_form

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    "password",
    [
        "mangosteen tractor 41 lantern",
        "ช้างเผือกเดินข้ามสะพานไม้ตอนเย็น",
        "839201938475610",
        "x" + "ab cd ef gh ij kl" * 7,
        "กระท้อนหวานปลายสวน",
    ],
)
def test_accepted(password):
    passwords.check_rules(password, about=("siti@example.org", "Siti Yala"))


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "fourteen chars",
        "x" * 15,
        "abababababababababab",
        "password12345678",
        "Yala Fund 2569 Password",
        "กองทุนเด็กยะลา2569",
        "qwertyuiopasdfghjkl",
        "siti@example.org 2569",
        "a" * 64 + "b" * 65,
        "               ",
    ],
)
def test_refused(password):
    with pytest.raises(WeakPasswordError):
        passwords.check_rules(password, about=("siti@example.org", "Siti"))


def test_a_hash_holds_its_salt_and_cost(session):
    first, second = (passwords.hash_password("mangosteen tractor") for _ in range(2))
    assert first != second
    assert first.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert passwords.verify_password(first, "mangosteen tractor")
    assert not passwords.verify_password(first, "mangosteen tractos")


def test_composed_and_decomposed_text_is_the_same_password(session):
    kept = passwords.hash_password(unicodedata.normalize("NFC", "crème brûlée à la carte"))
    assert passwords.verify_password(kept, unicodedata.normalize("NFD", "crème brûlée à la carte"))


def test_no_hash_and_damaged_hashes_match_no_password(session):
    assert not passwords.verify_password(None, "the password of nobody at all")
    assert not passwords.verify_password("", "")
    assert not passwords.verify_password("not a hash", "not a hash")


def test_a_hash_of_another_cost_is_renewed_when_signing_in(app, client, session):
    user = make_user(Role.AUDITOR)
    app.config["ARGON2_TIME_COST"] = 2
    assert passwords.needs_rehash(user.password_hash)
    sign_in_by_form(client, user)
    session.expire_all()
    assert "t=2" in user.password_hash
    sign_in_by_form(client, user)
