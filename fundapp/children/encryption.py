"""Encrypted columns: what names a child, a guardian or a payee is encrypted for its own row.

The associated data of a value is ``table.column.row id`` with the column's full name, in every
package: ``children.given_name_encrypted.123``. A value moved to another row or column cannot be
decrypted. This holds for every column whose name ends in ``_encrypted``
(`fundapp.db.encrypted_columns`), so that keys can be rotated by one command. To read one, use
`fundapp.children.reader`.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from fundapp.crypto import keyring
from fundapp.db import Base
from fundapp.thai.folding import fold_text
from fundapp.thai.names import fold_name
from fundapp.thai.names_in_text import bare_name

#: Bytes; most names, codes and numbers are shorter.
BLOCK = 64
#: The same for names of schools: a child without one shall look like the others.
SCHOOL_BLOCK = 256
#: The same for what people write in sentences.
WORDS_BLOCK = 1024


def associated_data(table: str, column: str, row_id: int) -> str:
    """What an encrypted value is bound to: it can be decrypted with this alone."""
    return f"{table}.{column}.{row_id}"


def encrypt(model: type[Base], column: str, row_id: int, text: str, *, block: int = BLOCK) -> bytes:
    """``text``, which holds no NUL, encrypted for one column of one row.

    It is filled up to a multiple of ``block`` bytes: an encrypted value is as long as its text, and
    the values of a list, such as the target groups, would be told apart by their lengths.
    """
    filled = text + "\0" * (-len(text.encode("utf-8")) % block or block * (not text))
    return keyring().encrypt(filled, associated_data(model.__tablename__, column, row_id))


def decrypt(row: Any, column: str) -> str:
    """What the column of this row holds; KeyringError when it was encrypted for another
    column, row or key.
    """
    associated = associated_data(row.__tablename__, column, row.id)
    return keyring().decrypt(getattr(row, column), associated).rstrip("\0")


def decrypt_optional(row: Any, column: str) -> str:
    """As `decrypt`; the empty text where the column is NULL."""
    return decrypt(row, column) if getattr(row, column) is not None else ""


def version_of(child: Any) -> str:
    """Version token of a file for optimistic locking; it says nothing about the child.

    Every correction encrypts all facts again with fresh nonces, so the token changes each time.
    """
    return hashlib.sha256(child.given_name_encrypted).hexdigest()[:32]


def lookup_id_number(number: str) -> bytes:
    """The keyed hash by which a normalised identity number is found."""
    return keyring().lookup(number, "children.id_number_lookup")


def lookup_person(given_name: str, family_name: str, birth_on: date) -> bytes:
    """The keyed hash of names and birth date by which a child registered twice is noticed.

    Titles before the given name, spaces, capitals and ways to type the same letters make no
    difference.
    """
    folded = (fold_name(given_name), fold_text(family_name))
    names = "\x1f".join(name.replace(" ", "") for name in folded)
    return keyring().lookup(f"{names}\x1f{birth_on.isoformat()}", "children.person_lookup")


def lookup_names(names: Iterable[str]) -> list[bytes]:
    """The keyed hashes by which a text is asked whether it names a child: of full names as
    `bare_name` gives them.
    """
    return keyring().lookups(names, "children.name_lookup")


def lookup_name(given_name: str, family_name: str) -> bytes:
    """The same of one child."""
    return lookup_names([bare_name(f"{given_name} {family_name}")])[0]
