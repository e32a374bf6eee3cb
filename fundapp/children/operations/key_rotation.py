"""Rotating the field keys: every encrypted value of every package is encrypted again, in batches.

What is encrypted is found by its name (`encrypted_columns`), so an encrypted column that a package
adds is included. What is decrypted here is shown to nobody and so is no read; and because the rows
say the same as before, under the key that each value names, nothing is written to the trail.
"""

from sqlalchemy import Table, select, update

from fundapp.access.actors import Actor, require
from fundapp.children.encryption import associated_data
from fundapp.children.errors import KeysInUseError
from fundapp.children.policy import may_rotate_keys
from fundapp.crypto import forget_old_keys, keyring
from fundapp.db import Base, connection_of_work, db
from fundapp.db.encrypted_columns import key_ids_in_use

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


def retire_old_keys(*, actor: Actor) -> str:
    """Take away the proofs of all keys but the newest, so that FIELD_KEYS need not name them any
    more; returns the newest one's id. Raises ForbiddenError, and KeysInUseError when a value is
    still encrypted with an older one.
    """
    require(may_rotate_keys(actor))
    newest = keyring().newest_id
    others = key_ids_in_use(connection_of_work()) - {newest}
    if others:
        raise KeysInUseError(params={"keys": ", ".join(sorted(others)), "newest": newest})
    forget_old_keys()
    return newest


def _reencrypted(encrypted: bytes, associated: str) -> bytes:
    return keyring().encrypt(keyring().decrypt(encrypted, associated), associated)


def _write(table: Table, row_id: int, changed: dict[str, bytes]) -> None:
    db.session.execute(update(table).where(table.c.id == row_id).values(changed))
