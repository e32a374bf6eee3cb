"""Checks of what guards the tables, asked of the database's catalogue: the rules of the .sql files,
and the models' constraints.
"""

import re
from collections.abc import Iterator

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, text

from fundapp.audit.checks.base import Check, Violation
from fundapp.db import Base, db, is_kept_on, is_postgresql
from fundapp.db.rules import differences
from fundapp.markers import N_


def rules_in_force() -> Iterator[Violation]:
    """Every trigger, function and view is there as its file says, and no other trigger is."""
    for rule, problem in differences(db.session.connection()):
        of_table = f" on {rule.table}" if rule.table else ""
        yield Violation(rule.name, f"the {rule.kind}{of_table} {problem}")


def constraints_in_force() -> Iterator[Violation]:
    """Every named CHECK, UNIQUE and foreign key of the models is in the database."""
    stored = _stored_constraints()
    for table in Base.metadata.sorted_tables:
        wanted = {
            (table.name, str(constraint.name), kind)
            for constraint in table.constraints
            if is_kept_on(constraint, db.engine.dialect.name)
            for kind, kinds in _KINDS.items()
            if isinstance(constraint, kinds)
        }
        for _, name, _ in sorted(wanted - stored):
            yield Violation(name, f"the rule is missing on {table.name}")


def _stored_constraints() -> set[tuple[str, str, str]]:
    """Table, name and kind of each constraint that the database knows: one question, where
    SQLAlchemy's inspector asks and reads three for each table.
    """
    rows = db.session.execute(text(_STORED[db.engine.dialect.name]))
    if is_postgresql():
        return {(table, name, kind) for table, name, kind in rows}
    return {
        (table, name, kind) for table, statement in rows for name, kind in _NAMED.findall(statement)
    }


_KINDS = {
    "CHECK": CheckConstraint,
    "UNIQUE": UniqueConstraint,
    "FOREIGN KEY": ForeignKeyConstraint,
}
_STORED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL",
    "postgresql": (
        "SELECT t.relname, c.conname, CASE c.contype WHEN 'c' THEN 'CHECK'"
        " WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END"
        " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
        " WHERE c.contype IN ('c', 'u', 'f') AND t.relnamespace = current_schema()::regnamespace"
    ),
}
#: A constraint in the statement that made a table, which is how SQLite remembers it.
_NAMED = re.compile(r'CONSTRAINT\s+"?(\w+)"?\s+(CHECK|UNIQUE|FOREIGN KEY)')

CHECKS = (
    Check(
        "guards.triggers",
        N_("The triggers that keep the books append-only are in force."),
        rules_in_force,
    ),
    Check(
        "guards.constraints",
        N_("Every rule of the tables is in force in the database."),
        constraints_in_force,
    ),
)
