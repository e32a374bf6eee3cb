"""Encrypted values are decrypted only with their key and for their field; keys are strong, and are
those of the database.
"""

import base64
import hashlib
import json

import pytest
from sqlalchemy import text

from config import SettingError
from fundapp import create_app
from fundapp.crypto import Keyring, KeyringError, keyring
from fundapp.crypto.strength import find_weakness
from fundapp.db import db, unit_of_work
from fundapp.db.encrypted_columns import key_ids_in_use
from tests.conftest import dispose, made_up_key, make_app, settings

OLD, NEW = f"k1:{made_up_key('old')}", f"k2:{made_up_key('new')}"
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


def test_a_missing_key_is_named_and_no_key_is_shown():
    encrypted = Keyring.parse(OLD).encrypt("x", WHERE)
    with pytest.raises(KeyringError, match="k1") as caught:
        Keyring.parse(NEW).decrypt(encrypted, WHERE)
    assert OLD.partition(":")[2] not in str(caught.value)


def in_base64(content):
    return base64.b64encode(content).decode()


#: What is wrong with FIELD_KEYS, and how the sentence says it.
WRONG_KEYS = {
    "": "FIELD_KEYS holds no key",
    " , ": "FIELD_KEYS holds no key",
    "k1": "FIELD_KEYS needs items of the form id:base64",
    made_up_key("old"): "FIELD_KEYS needs items of the form id:base64",
    "k1:AAAA": "the key k1 of FIELD_KEYS is 3 bytes long; it must be base64 of 32 bytes",
    "k1:!!": "the key k1 of FIELD_KEYS is not base64 of 32 bytes",
    ":::": "FIELD_KEYS needs items of the form id:base64",
    f"k-1:{made_up_key('old')}": "FIELD_KEYS needs items of the form id:base64",
    f"๑:{made_up_key('old')}": "FIELD_KEYS needs items of the form id:base64",
    f"{'k' * 17}:{made_up_key('old')}": "an id is 1 to 16 letters and digits",
    f"k1:{in_base64(bytes(32))}": "the key k1 of FIELD_KEYS is all zero",
    f"k1:{in_base64(b'z' * 32)}": "the key k1 of FIELD_KEYS repeats itself",
    f"k1:{in_base64(b'fund2026' * 4)}": "the key k1 of FIELD_KEYS repeats itself",
    f"k1:{in_base64(bytes(range(32)))}": "the key k1 of FIELD_KEYS only counts",
    f"k1:{in_base64(b'Children of Yala, secret of 2026')}": "is text that somebody typed",
    f"{OLD},k2:{made_up_key('old')}": "FIELD_KEYS names the same key twice, once as k2",
    f"{OLD},k1:{made_up_key('new')}": "FIELD_KEYS names two keys k1",
    f"{NEW},k1:{in_base64(bytes(32))}": "the key k1 of FIELD_KEYS is all zero",
}


@pytest.mark.parametrize("keys", WRONG_KEYS)
def test_wrong_and_weak_field_keys_stop_the_start(keys, tmp_path):
    wrong = {**settings("sqlite://", tmp_path), "FIELD_KEYS": keys}
    with pytest.raises(SettingError) as caught:
        create_app(wrong)
    assert WRONG_KEYS[keys] in str(caught.value)
    assert made_up_key("old") not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is shorter than 32 characters"),
        ("SECRET_KEY", "abcabcabc" * 6, "SECRET_KEY repeats itself"),
        ("SECRET_KEY", "change-me-to-a-long-and-random-value", "SECRET_KEY is an example"),
        ("LEDGER_SIGNING_KEY", "AA==", "LEDGER_SIGNING_KEY is 1 bytes long"),
        ("LEDGER_SIGNING_KEY", in_base64(bytes(32)), "LEDGER_SIGNING_KEY is all zero"),
        ("LEDGER_SIGNING_KEY", made_up_key("k1"), "LEDGER_SIGNING_KEY is one of FIELD_KEYS"),
        ("SECRET_KEY", made_up_key("k1"), "SECRET_KEY is one of the other keys"),
        ("SECRET_KEY", made_up_key("ledger"), "SECRET_KEY is one of the other keys"),
    ],
)
def test_other_weak_secrets_stop_the_start(name, value, sentence, tmp_path):
    with pytest.raises(SettingError) as caught:
        create_app({**settings("sqlite://", tmp_path), name: value})
    assert str(caught.value).startswith(sentence)


def test_random_keys_are_not_taken_for_weak_ones():
    for number in range(2000):
        assert find_weakness(hashlib.sha256(str(number).encode()).digest()) is None


@pytest.fixture
def start(app, tmp_path):
    """Starts the program again on the test's database, with these field keys."""
    started = []

    def run(field_keys):
        values = settings(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
        started.append(make_app({**values, "FIELD_KEYS": field_keys}))
        return started[-1]

    yield run
    for each in started:
        dispose(each)


def own_keys(app):
    return app.config["FIELD_KEYS"]


@pytest.mark.one_case
@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (f"k1:{made_up_key('other')}", "The key k1 of FIELD_KEYS is not the one that encrypted"),
        (NEW, "holds values encrypted with the key k1, which FIELD_KEYS does not name"),
        (f"{NEW},k1:{made_up_key('other')}", "The key k1 of FIELD_KEYS is not the one"),
    ],
)
def test_the_program_does_not_start_with_keys_of_another_database(start, keys, sentence):
    with pytest.raises(SettingError) as caught:
        start(keys)
    assert sentence in str(caught.value)
    assert made_up_key("other") not in str(caught.value)


@pytest.mark.sqlite
def test_a_refused_start_leaves_the_database_as_it_was(app, start, client):
    with pytest.raises(SettingError):
        start(NEW)
    again = start(own_keys(app))
    assert again.test_client().get("/readyz").status_code == 200


@pytest.mark.sqlite
def test_a_new_key_is_proved_before_it_encrypts(app, start):
    """From then on the program does not start without it."""
    start(f"{NEW},{own_keys(app)}")
    with pytest.raises(SettingError, match="the key k2"):
        start(own_keys(app))


@pytest.mark.sqlite
def test_a_running_program_says_that_the_keys_do_not_fit(app, client, runner):
    """The database was changed under it."""
    assert client.get("/readyz").status_code == 200
    with app.app_context():
        wrong = Keyring.parse(f"k1:{made_up_key('other')}")
        proof = wrong.encrypt(
            "this database is encrypted with this key", "field_key_proofs.proof.k1"
        )
        change = text("UPDATE field_key_proofs SET proof = :proof")
        unit_of_work(lambda: db.session.execute(change, {"proof": proof}))
        db.session.remove()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["keys"]) == (503, "not those of this database")
    checks = json.loads(runner.invoke(args=["audit", "check", "--format", "json"]).output)["checks"]
    (found,) = [check for check in checks if check["name"] == "children.keys"]
    assert not found["green"]
    assert "k1 of FIELD_KEYS is not the one" in found["offences"][0]["problem"]


@pytest.mark.sqlite
def test_a_proof_moved_to_another_key_proves_nothing(app, start):
    """A thief who puts his own key in cannot make the old proof stand for it."""
    with app.app_context():
        change = text("UPDATE field_key_proofs SET key_id = 'k2'")
        unit_of_work(lambda: db.session.execute(change))
        db.session.remove()
    with pytest.raises(SettingError, match="The key k2 of FIELD_KEYS is not the one"):
        start(f"k2:{own_keys(app).partition(':')[2]}")


def test_the_digest_key_is_made_once_and_survives_every_key(app, start, runner):
    with app.app_context():
        first = keyring().lookup("x", "children.id")
        db.session.remove()
    both = start(f"{NEW},{own_keys(app)}")
    assert both.test_cli_runner().invoke(args=["keys", "rotate"]).exit_code == 0
    with start(NEW).app_context():
        assert keyring().lookup("x", "children.id") == first
        assert keyring().lookup("x", "children.other") != first
        assert key_ids_in_use(db.session.connection()) == {"k2"}
        db.session.remove()


def test_a_lost_digest_key_is_not_made_anew_unseen(app, start, client):
    """Under another one every request would be unpayable and every child a stranger."""
    with app.app_context():
        unit_of_work(lambda: db.session.execute(text("DELETE FROM digest_keys")))
        with pytest.raises(KeyringError, match="lost its digest key"):
            unit_of_work(lambda: keyring().lookup("x", "children.id"))
        db.session.remove()
    assert client.get("/readyz").status_code == 503
    with pytest.raises(SettingError, match="lost its digest key"):
        start(own_keys(app))


def test_a_database_without_tables_does_not_hinder_the_start(databases, tmp_path):
    """Else nobody could migrate it."""
    with databases.empty() as url:
        dispose(make_app(settings(url, tmp_path)))
