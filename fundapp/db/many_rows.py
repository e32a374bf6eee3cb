"""Many rows of one table, written at once: COPY on PostgreSQL, one prepared statement on SQLite.

Triggers and constraints look at each row as they do after any INSERT. What is left out is the
work of SQLAlchemy, the driver and PostgreSQL on a statement for each row, which is several times
that of the row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table

#: What makes of a value of Python one that the driver takes.
_Converter = Callable[[Any], Any]


def write_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ``rows`` in their order; all have the keys of the first. A column that is not among
    them gets the default of the database, never that of the model.

    Errors are the driver's own: the database refuses all rows, or on SQLite those from the first
    that it refuses; the unit of work must end then.
    """
    if not rows:
        return
    names = list(rows[0])
    converters = [_converter(connection, table, name) for name in names]
    values = (
        [
            value if convert is None or value is None else convert(value)
            for convert, value in zip(converters, map(row.__getitem__, names), strict=True)
        ]
        for row in rows
    )
    write_values(connection, table.name, names, values)


def write_values(
    connection: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """The same for values in the order of the columns ``names``, as the driver takes them."""
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(names)
    # Names of tables and columns are the program's own.
    if connection.dialect.name == "postgresql":
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(names))
        driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def _converter(connection: Connection, table: Table, name: str) -> _Converter | None:
    kind = table.c[name].type.dialect_impl(connection.dialect)
    return kind.bind_processor(connection.dialect)
