"""An insider with the whole database: switches off a table's guards, changes rows, hides it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from fundapp.db import begin_to_write, db, is_postgresql, unit_of_work


def tamper(table: str, *statements: str) -> None:
    """Run raw SQL with triggers, CHECKs and foreign keys of ``table`` out of force, and commit."""

    def work() -> None:
        if is_postgresql() and _passes_checks(statements):
            return
        with unguarded(table):
            for statement in statements:
                db.session.execute(text(statement))

    if is_postgresql():
        unit_of_work(work)
    else:
        with without_foreign_keys():
            unit_of_work(work)
    db.session.expire_all()


#: The table that a statement writes.
_TABLE = re.compile(r"(?:UPDATE|INSERT INTO|DELETE FROM) (\w+)")


@contextmanager
def tampered(*statements: str) -> Iterator[None]:
    """The same for as long as the context lasts: nothing of it is committed."""
    with nullcontext() if is_postgresql() else without_foreign_keys():
        db.session.rollback()
        begin_to_write(db.session().held_connection)
        for statement in statements:
            with unguarded(_TABLE.match(statement)[1]):
                db.session.execute(text(statement))
        db.session.expire_all()
        yield
        db.session.rollback()


@contextmanager
def without_foreign_keys() -> Iterator[None]:
    """SQLite changes this between transactions only, so it is done whenever one begins."""

    def switch_off(connection) -> None:
        connection.connection.execute("PRAGMA foreign_keys = OFF")

    event.listen(db.engine, "begin", switch_off)
    yield
    event.remove(db.engine, "begin", switch_off)
    db.session.remove()
    db.engine.dispose()


def _passes_checks(statements: tuple[str, ...]) -> bool:
    """Run them on PostgreSQL without triggers and foreign keys, if no CHECK refuses them: so its
    tables stay as they are, and the next test need not have a new database (`KeptDatabase`).
    """
    try:
        with db.session.begin_nested():
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                db.session.execute(text(statement))
            db.session.execute(text("SET LOCAL session_replication_role = DEFAULT"))
    except IntegrityError:
        return False
    return True


def unguarded(table: str):
    """No triggers and no CHECKs on the table; inside a unit of work."""
    return _postgresql(table) if is_postgresql() else _sqlite(table)


@contextmanager
def _sqlite(table: str) -> Iterator[None]:
    connection = db.session.connection()
    triggers = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    yield
    db.session.flush()
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


@contextmanager
def _postgresql(table: str) -> Iterator[None]:
    connection = db.session.connection()
    checks = connection.exec_driver_sql(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid = %s::regclass",
        (table,),
    ).all()
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for name, _definition in checks:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    db.session.flush()
    for name, definition in checks:
        rule = definition.removesuffix(" NOT VALID")
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID".replace("%", "%%")
        )
    connection.exec_driver_sql("SET LOCAL session_replication_role = DEFAULT")
