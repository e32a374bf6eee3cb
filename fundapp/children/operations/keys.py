"""Rotating the field keys: every sealed value of every package is encrypted anew, in batches.

What is sealed is found by its name (`sealing.sealed_columns`), so a package that adds a sealed
column is included without saying so.
"""

from datetime import date

from sqlalchemy import Table, select, update

from fundapp.children.models import Child
from fundapp.children.sealing import lookup_id_number, lookup_person, place, unseal
from fundapp.crypto import keyring
from fundapp.db import Base, db

BATCH = 200


def rotate_batch(table_name: str, columns: list[str], after: int = 0) -> int | None:
    """Seal with the newest key what the next rows after id ``after`` hold under older ones.

    Gives back the last row id looked at, or None when there are no more rows. Raises KeyringError
    when a value opens with no key; nothing of the batch is changed then.
    """
    table = Base.metadata.tables[table_name]
    chosen = [table.c.id, *(table.c[name] for name in columns)]
    statement = select(*chosen).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    rows = db.session.execute(statement.with_for_update()).mappings().all()
    for row in rows:
        changed = {
            name: _reseal(row[name], place(table_name, name, row["id"]))
            for name in columns
            if row[name] is not None and not keyring().is_newest(row[name])
        }
        if changed:
            _write(table, row["id"], changed)
    return int(rows[-1]["id"]) if rows else None


def rotate_lookups(after: int = 0) -> int | None:
    """Make the look-up values of the next children anew, with the key that look-ups use now.

    As long as the oldest key stays listed they come out the same; once it is taken away, this is
    what makes children findable again.
    """
    statement = select(Child).where(Child.id > after).order_by(Child.id).limit(BATCH)
    children = db.session.scalars(statement.with_for_update(of=Child)).all()
    for child in children:
        if child.id_number_sealed is not None:
            child.id_number_lookup = lookup_id_number(unseal(child, "id_number_sealed"))
        child.person_lookup = lookup_person(
            unseal(child, "given_name_sealed"),
            unseal(child, "family_name_sealed"),
            date.fromisoformat(unseal(child, "birth_on_sealed")),
        )
    return children[-1].id if children else None


def _reseal(sealed: bytes, where: str) -> bytes:
    return keyring().seal(keyring().open(sealed, where), where)


def _write(table: Table, row_id: int, changed: dict[str, bytes]) -> None:
    db.session.execute(update(table).where(table.c.id == row_id).values(changed))
