"""Named CHECKs and other rules of tables that hold data, added or changed by a migration.

PostgreSQL alters the table. SQLite cannot, and copying a table that others refer to would break
their foreign keys, so the text of the table is changed where SQLite keeps it, as its manual
describes for CHECKs (https://www.sqlite.org/lang_altertable.html). Rows are not looked at there: a
migration whose rule is narrower than before looks itself.
"""

import re

from sqlalchemy import Connection

from fundapp.db.engines import is_postgresql


def replace_check(connection: Connection, table: str, name: str, old: str, new: str) -> None:
    """Let the CHECK ``name`` of ``table`` say ``new`` instead of ``old``; ValueError when SQLite
    has it in other words.
    """
    if is_postgresql(connection):
        _execute(connection, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        _execute(connection, f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({new})")
        return
    replace_text(connection, table, _rule(name, old), _rule(name, new))


def add_check(connection: Connection, table: str, name: str, rule: str) -> None:
    """Give ``table`` the CHECK ``name``."""
    if is_postgresql(connection):
        _execute(connection, f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})")
        return
    _append(connection, table, _rule(name, rule))


def drop_check(connection: Connection, table: str, name: str, rule: str) -> None:
    """Take the CHECK ``name`` that `add_check` gave away again."""
    if is_postgresql(connection):
        _execute(connection, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        return
    replace_text(connection, table, f", \n\t{_rule(name, rule)}", "")


def allow_null(connection: Connection, table: str, column: str, kind: str) -> None:
    """Let ``column``, which is of the SQLite type ``kind``, hold NULL."""
    if is_postgresql(connection):
        _execute(connection, f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
        return
    replace_text(connection, table, f"{column} {kind} NOT NULL,", f"{column} {kind},")


def require_value(connection: Connection, table: str, column: str, sqlite_type: str) -> None:
    """Let ``column``, which has a value in every row, be NOT NULL from now on."""
    if is_postgresql(connection):
        _execute(connection, f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")
        return
    # A column "id" is none of the columns whose names end in it.
    (named,) = re.findall(rf"[^_a-z]{column} {sqlite_type}\b", _text(connection, table))
    replace_text(connection, table, named, f"{named} NOT NULL")


def add_clause(connection: Connection, table: str, clause: str) -> None:
    """Give ``table`` another constraint; ``clause`` begins with its name."""
    if is_postgresql(connection):
        _execute(connection, f"ALTER TABLE {table} ADD {clause}")
        return
    _append(connection, table, clause)


def drop_clause(connection: Connection, table: str, name: str, clause: str) -> None:
    """Take the constraint ``name``, which says ``clause``, away."""
    if is_postgresql(connection):
        _execute(connection, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        return
    replace_text(connection, table, f", \n\t{clause}", "")


def replace_text(connection: Connection, table: str, old: str, new: str) -> None:
    """Let the text of an SQLite table say ``new`` instead of ``old``; ValueError when it does not
    say that once.
    """
    text = _text(connection, table)
    if text.count(old) != 1:
        raise ValueError(f"{table} is not as this migration expects: {old}")
    _write(connection, table, text.replace(old, new))


def _append(connection: Connection, table: str, clause: str) -> None:
    end = _text(connection, table).rpartition(")")
    _write(connection, table, f"{end[0].rstrip()}, \n\t{clause}\n){end[2]}")


def _rule(name: str, rule: str) -> str:
    return f"CONSTRAINT {name} CHECK ({rule})"


def _text(connection: Connection, table: str) -> str:
    query = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?"
    text: str = connection.exec_driver_sql(query, (table,)).scalar_one()
    return text


def _write(connection: Connection, table: str, text: str) -> None:
    _execute(connection, "PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (text, table)
    )
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    _execute(connection, f"PRAGMA schema_version = {version + 1}")
    _execute(connection, "PRAGMA writable_schema = RESET")


def _execute(connection: Connection, sql: str) -> None:
    connection.exec_driver_sql(sql, execution_options={"no_parameters": True})
