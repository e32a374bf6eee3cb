"""Encrypted columns of every package: their list, the keys they need, and their CHECKs.

A column whose name ends in ``_encrypted`` holds ``key id ‖ 0x00 ‖ nonce(12) ‖ ciphertext and tag``
(`fundapp.crypto`). `fundapp.db.columns` gives each the CHECK of `ENCRYPTED_RULES`: a text that
somebody writes there by hand has no zero byte after at most 16 characters, and is refused.
"""

from sqlalchemy import ColumnElement, Connection, LargeBinary, func, literal, select

from fundapp.db import checks
from fundapp.db.columns import ENCRYPTED_RULES, Base, is_encrypted
from fundapp.db.engines import is_postgresql

#: What ends the key's id in an encrypted value.
_END_OF_ID = b"\x00"


def encrypted_columns() -> dict[str, list[str]]:
    """Every table with encrypted columns, and their names."""
    by_table = {
        table.name: [column.name for column in table.columns if is_encrypted(column)]
        for table in Base.metadata.sorted_tables
    }
    return {table: columns for table, columns in by_table.items() if columns}


def key_ids_in_use(connection: Connection) -> set[str]:
    """The ids of the keys of every encrypted column; one statement for each, no value is fetched
    but the id.
    """
    found = set()
    for name, columns in encrypted_columns().items():
        for column in (Base.metadata.tables[name].columns[each] for each in columns):
            length = _position_of_end(connection, column)
            ids = select(func.substr(column, 1, length - 1)).where(length > 1).distinct()
            found |= {bytes(each).decode("ascii", "replace") for each in connection.scalars(ids)}
    return found


def key_id_of(encrypted: bytes) -> str | None:
    """The id of the key that encrypted a value or a file; None for one that is not encrypted."""
    key_id, end, _rest = encrypted[:64].partition(_END_OF_ID)
    text = key_id.decode("ascii", "replace")
    return text if end and text.isascii() and text.isalnum() else None


def require_encryption(connection: Connection, table: str, *columns: str) -> None:
    """For migrations: give columns of a table that holds data the CHECK that their models have."""
    for column in columns:
        checks.add_check(connection, table, *_rule(connection, table, column))


def allow_anything(connection: Connection, table: str, *columns: str) -> None:
    """For migrations: take the CHECKs of `require_encryption` away, in its order."""
    for column in reversed(columns):
        checks.drop_check(connection, table, *_rule(connection, table, column))


def _rule(connection: Connection, table: str, column: str) -> tuple[str, str]:
    return f"ck_{table}_{column}", ENCRYPTED_RULES[connection.dialect.name].format(column)


def _position_of_end(connection: Connection, column: ColumnElement[bytes]) -> ColumnElement[int]:
    end = literal(_END_OF_ID, LargeBinary)
    if is_postgresql(connection):
        return func.position(end.op("IN")(column))
    return func.instr(column, end)
