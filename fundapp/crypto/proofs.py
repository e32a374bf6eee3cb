"""The proof that ``FIELD_KEYS`` names the keys of this database.

Each field key encrypts a known text before it encrypts anything else; the row stays until a
rotation has left nothing under the key. At the start, and in ``/readyz`` and ``audit check`` again,
every stored proof must be decrypted, so a wrong or missing key is noticed before a value is read or
written with it.
"""

import logging
from base64 import b64encode

from flask import Flask, current_app
from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.crypto.digest_key import make_digest_key, open_digest_key
from fundapp.crypto.errors import KeyringError
from fundapp.crypto.keyring import Keyring, decode_key
from fundapp.crypto.models import FieldKeyProof
from fundapp.crypto.strength import find_weakness_of_secret
from fundapp.db import db, has_file, insert_if_new, is_writing, unit_of_work

_TEXT = "this database is encrypted with this key"
_PROVED = "proved_keyring"

_log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Read the keys once, at start-up. Raises KeyringError, which names the setting."""
    ring, secret = Keyring.parse(app.config["FIELD_KEYS"]), app.config["SECRET_KEY"]
    weakness = find_weakness_of_secret(secret)
    if weakness:
        raise KeyringError(f"SECRET_KEY {weakness}; make a new one at random (docs/operations.md)")
    # Whoever serves the pages need not have the key that signs.
    given = app.config["LEDGER_SIGNING_KEY"]
    signing = [decode_key("LEDGER_SIGNING_KEY", given)] if given else []
    if set(signing) & set(ring.keys.values()):
        raise KeyringError("LEDGER_SIGNING_KEY is one of FIELD_KEYS; each needs a key of its own")
    if secret in {b64encode(key).decode() for key in (*signing, *ring.keys.values())}:
        raise KeyringError("SECRET_KEY is one of the other keys; each needs a value of its own")
    app.extensions["keyring"] = ring


def prove_at_start(app: Flask) -> None:
    """Prove the keys against the database, if it is there and has the tables. Raises KeyringError.

    A database that is away is proved at the first use of a key.
    """
    with app.app_context():
        if not has_file(db.engine):
            return
        try:
            with db.engine.connect() as connection:
                is_migrated = inspect(connection).has_table(FieldKeyProof.__tablename__)
            if is_migrated:
                prove_keys()
        except (DBAPIError, OSError):
            _log.warning("the database does not answer, so the keys are proved later")
        finally:
            # A server may fork after this, and no connection may be shared.
            db.session.remove()
            db.engine.dispose()


def configured_key_ids() -> set[str]:
    """The ids of FIELD_KEYS, whether or not they fit the database."""
    return set(_configured().keys)


def keyring() -> Keyring:
    """The keys of the running application. Raises KeyringError when they are not the database's."""
    ring = _configured()
    if current_app.extensions.get(_PROVED) is not ring:
        if is_writing():
            _begin_use(ring)
        else:
            prove_keys()
    return ring


def prove_keys() -> None:
    """KeyringError unless ``FIELD_KEYS`` names the keys of this database; a key that is used for
    the first time gets its proof, in a unit of work.
    """
    ring = _configured()
    if ring.newest_id not in _proved_ids(ring):
        unit_of_work(_begin_use, ring)
    current_app.extensions[_PROVED] = ring


def find_wrong_keys() -> list[str]:
    """What is wrong with the keys of the running application, in sentences."""
    try:
        _proved_ids(_configured())
    except KeyringError as error:
        return [str(error)]
    return []


def forget_old_keys() -> None:
    """Forget the proofs of all keys but the newest: a rotation has left nothing under them. Part of
    the caller's unit of work.
    """
    newest = keyring().newest_id
    db.session.execute(delete(FieldKeyProof).where(FieldKeyProof.key_id != newest))


def _configured() -> Keyring:
    ring: Keyring = current_app.extensions["keyring"]
    return ring


def _begin_use(ring: Keyring) -> None:
    """Store the proof of the newest key where it is missing, with the very first one the digest key
    too; part of the unit of work that runs.
    """
    proved = _proved_ids(ring)
    if ring.newest_id in proved:
        return
    if not proved:
        make_digest_key(ring)
    proof = ring.encrypt(_TEXT, _where(ring.newest_id))
    insert_if_new(FieldKeyProof, key_id=ring.newest_id, proof=proof, first_used_at=clock.now())
    # Another process may have been first, with another key under this id.
    _proved_ids(ring)


def _proved_ids(ring: Keyring) -> set[str]:
    """The ids of the keys that have a proof; KeyringError when one of them is missing or wrong, or
    the digest key is.
    """
    proofs = db.session.execute(select(FieldKeyProof.key_id, FieldKeyProof.proof)).all()
    for key_id, proof in proofs:
        if key_id not in ring.keys:
            raise KeyringError(
                f"This database holds values encrypted with the key {key_id}, which FIELD_KEYS "
                "does not name. Set the FIELD_KEYS of this database, with every key it has used "
                "since the last finished `keys rotate`."
            )
        if not _is_proof(ring, key_id, proof):
            raise KeyringError(
                f"The key {key_id} of FIELD_KEYS is not the one that encrypted this database. "
                "Set the FIELD_KEYS of this database, or name its own database in DATABASE_URL."
            )
    if proofs:
        open_digest_key(ring)
    return {key_id for key_id, _ in proofs}


def _is_proof(ring: Keyring, key_id: str, proof: bytes) -> bool:
    try:
        is_own = proof.startswith(key_id.encode("ascii") + b"\x00")
        return is_own and ring.decrypt(proof, _where(key_id)) == _TEXT
    except KeyringError:
        return False


def _where(key_id: str) -> str:
    return f"{FieldKeyProof.__tablename__}.proof.{key_id}"
