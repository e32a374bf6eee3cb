"""Rotating the field keys: every encrypted value of every package is encrypted again, in batches.

What is encrypted is found by its name (`encrypted_columns`), so an encrypted column that a package
adds is included. What is decrypted here is shown to nobody and so is no read; and because the rows
say the same as before, under the key that each value names, nothing is written to the trail.
"""

from datetime import date

from sqlalchemy import Table, select, update

from fundapp.access.actors import Actor, require
from fundapp.children.encryption import (
    associated_data,
    decrypt,
    lookup_id_number,
    lookup_person,
)
from fundapp.children.models import Child
from fundapp.children.policy import may_rotate_keys
from fundapp.crypto import keyring
from fundapp.db import Base, db

#: Rows that one batch looks at.
BATCH = 200


def reencrypt_rows(
    table_name: str, columns: list[str], after: int = 0, *, actor: Actor
) -> int | None:
    """Encrypt with the newest key what the next rows after id ``after`` hold under older keys.

    Returns the last row id looked at, or None when there are no more rows. Raises ForbiddenError,
    and KeyringError when no key decrypts a value; nothing of the batch is changed then.
    """
    require(may_rotate_keys(actor))
    table = Base.metadata.tables[table_name]
    chosen = [table.c.id, *(table.c[name] for name in columns)]
    statement = select(*chosen).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    rows = db.session.execute(statement.with_for_update()).mappings().all()
    for row in rows:
        changed = {
            name: _reencrypted(row[name], associated_data(table_name, name, row["id"]))
            for name in columns
            if row[name] is not None and not keyring().is_newest(row[name])
        }
        if changed:
            _write(table, row["id"], changed)
    return int(rows[-1]["id"]) if rows else None


def renew_lookups(after: int = 0, *, actor: Actor) -> int | None:
    """Compute the look-up values of the next children again, with the key that look-ups use now.

    As long as the oldest key stays listed they do not change; once it is taken away, this makes
    children findable again. Returns and raises as `reencrypt_rows`.
    """
    require(may_rotate_keys(actor))
    statement = select(Child).where(Child.id > after).order_by(Child.id).limit(BATCH)
    children = db.session.scalars(statement.with_for_update(of=Child)).all()
    for child in children:
        if child.id_number_encrypted is not None:
            child.id_number_lookup = lookup_id_number(decrypt(child, "id_number_encrypted"))
        child.person_lookup = lookup_person(
            decrypt(child, "given_name_encrypted"),
            decrypt(child, "family_name_encrypted"),
            date.fromisoformat(decrypt(child, "birth_on_encrypted")),
        )
    return children[-1].id if children else None


def _reencrypted(encrypted: bytes, associated: str) -> bytes:
    return keyring().encrypt(keyring().decrypt(encrypted, associated), associated)


def _write(table: Table, row_id: int, changed: dict[str, bytes]) -> None:
    db.session.execute(update(table).where(table.c.id == row_id).values(changed))
