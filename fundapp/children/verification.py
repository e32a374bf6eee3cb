"""Whether encrypted values can be opened, and whether look-ups are those of what is encrypted.

Values are decrypted here, but none leaves this module: it answers with names of rows, so no read of
a child is recorded. Of a table with more than `MOST` rows, `MOST` rows that follow each other are
opened, from a place chosen at random each time; of smaller ones every row.
"""

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, func, select

from fundapp.children.births import stored_birth
from fundapp.children.encryption import (
    associated_data,
    decrypt,
    decrypt_optional,
    lookup_id_number,
    lookup_name,
    lookup_person,
)
from fundapp.children.models import Child, ChildNameKey
from fundapp.children.name_keys import word_keys
from fundapp.crypto import KeyringError, keyring
from fundapp.db import Base, db
from fundapp.db.encrypted_columns import encrypted_columns

#: Rows of a table that are opened in one check: seconds, however large the table is.
MOST = 20_000
#: Children whose look-ups are computed again in one check.
MOST_LOOKUPS = 2_000
#: Rows in memory at once.
_AT_ONCE = 500


def find_unreadable_values(most: int = MOST) -> Iterator[str]:
    """``table.column.row id`` of each value that is not encrypted, or not for its own row and
    column, or with no key of FIELD_KEYS.
    """
    ring = keyring()
    for name, columns in encrypted_columns().items():
        for row in rows_to_open(Base.metadata.tables[name], ["id", *columns], most):
            for column in columns:
                where = associated_data(name, column, row["id"])
                if row[column] is None:
                    continue
                try:
                    ring.decrypt(row[column], where)
                except (KeyringError, UnicodeDecodeError):
                    yield where


def find_wrong_lookups(most: int = MOST_LOOKUPS) -> Iterator[str]:
    """The code of each child who is not found by its own number, by its own names and birth date,
    or by its own names. A child whose values cannot be opened is left out:
    `find_unreadable_values` names them.
    """
    columns = [column.name for column in Child.__table__.columns]
    for row in rows_to_open(Base.metadata.tables[Child.__tablename__], columns, most):
        child = Child(**row)
        try:
            number = decrypt_optional(child, "id_number_encrypted")
            given_name = decrypt(child, "given_name_encrypted")
            family_name = decrypt(child, "family_name_encrypted")
            birth_on = stored_birth(decrypt(child, "birth_on_encrypted")).on
        except (KeyringError, ValueError):
            continue
        by_number = lookup_id_number(number) if number else None
        by_person = lookup_person(given_name, family_name, birth_on)
        stored = (child.id_number_lookup, child.person_lookup)
        by_name = (None, lookup_name(given_name, family_name))
        is_found = _is_found_by(child.id, word_keys(given_name, family_name))
        if stored != (by_number, by_person) or child.name_lookup not in by_name or not is_found:
            yield child.code


def _is_found_by(child_id: int, wanted: set[bytes]) -> bool:
    """Whether the keys of the child's names are stored; one that has none yet gets them later."""
    keys = select(ChildNameKey.key).where(ChildNameKey.child_id == child_id)
    stored = set(map(bytes, db.session.scalars(keys)))
    return not stored or wanted <= stored


def rows_to_open(table: Table, columns: list[str], most: int) -> Iterator[Any]:
    """At most ``most`` rows of the table in the order of their ids, from a place that is chosen at
    random when there are more.
    """
    counted = select(func.count(), func.min(table.c.id), func.max(table.c.id))
    count, first, last = db.session.execute(counted.select_from(table)).one()
    if not count:
        return
    begin = first if count <= most else random.randint(first, last)  # noqa: S311 - no secret
    chosen = select(*(table.c[column] for column in columns)).order_by(table.c.id)
    left = most
    for part in (table.c.id >= begin, table.c.id < begin):
        after = 0
        while left > 0:
            page = chosen.where(part, table.c.id > after).limit(min(left, _AT_ONCE))
            rows = db.session.execute(page).mappings().all()
            if not rows:
                break
            yield from rows
            after, left = rows[-1]["id"], left - len(rows)
