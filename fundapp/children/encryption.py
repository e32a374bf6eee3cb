"""Encrypted columns: what names a person is encrypted for its own table, column and row.

A value is bound to ``table.column.row id`` with the column's full name, for every package:
``children.given_name_encrypted.123``. A value moved to another row or column cannot be decrypted.
Every column whose name ends in ``_encrypted`` keeps to this; `encrypted_columns` finds them all, so
that keys can be rotated by one command.
"""

import hashlib
import re
import unicodedata
from datetime import date
from typing import Any

from fundapp.crypto import keyring
from fundapp.db import Base

SUFFIX = "_encrypted"

_TITLES = re.compile(
    r"^(เด็กชาย|เด็กหญิง|ด\.?\s?[ชญ]\.?|นางสาว|น\.?\s?ส\.?|นาย|นาง"
    r"|master |miss |mr\.? |ms\.? )\s*(?=\S)"
)


def place(table: str, column: str, row_id: int) -> str:
    """What an encrypted value is bound to."""
    return f"{table}.{column}.{row_id}"


def encrypt(model: type[Base], column: str, row_id: int, text: str) -> bytes:
    """``text`` encrypted for one column of one row."""
    return keyring().encrypt(text, place(model.__tablename__, column, row_id))


def decrypt(row: Any, column: str) -> str:
    """What the column of this row holds; KeyringError when it was encrypted for another
    column, row or key.
    """
    return keyring().decrypt(getattr(row, column), place(row.__tablename__, column, row.id))


def decrypt_optional(row: Any, column: str) -> str:
    """As `decrypt`; the empty text where the column is NULL."""
    return decrypt(row, column) if getattr(row, column) is not None else ""


def version_of(child: Any) -> str:
    """Which writing of a file this is: all facts are encrypted anew together, with fresh nonces, so
    another writing never looks the same. It tells nothing of the child.
    """
    return hashlib.sha256(child.given_name_encrypted).hexdigest()[:32]


def lookup_id_number(number: str) -> bytes:
    """The keyed hash by which a normalised identity number is found."""
    return keyring().lookup(number, "children.id_number_lookup")


def lookup_person(given_name: str, family_name: str, birth_on: date) -> bytes:
    """The keyed hash by which one child registered twice is noticed: the same names and birth date.

    Titles, spaces and capitals make no difference.
    """
    names = "\x1f".join(_folded(name) for name in (given_name, family_name))
    return keyring().lookup(f"{names}\x1f{birth_on.isoformat()}", "children.person_lookup")


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).casefold().strip()
    return re.sub(r"\s+", "", _TITLES.sub("", plain))


def encrypted_columns() -> dict[str, list[str]]:
    """Every table with encrypted columns, and their names."""
    found = {
        table.name: [column.name for column in table.columns if column.name.endswith(SUFFIX)]
        for table in Base.metadata.sorted_tables
    }
    return {table: columns for table, columns in found.items() if columns}
