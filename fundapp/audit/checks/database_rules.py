"""Checks of what guards the tables, asked of the database's catalogue: the rules of the .sql files,
and the models' constraints.
"""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, inspect

from fundapp.audit.checks.base import Check, Violation
from fundapp.db import Base, db
from fundapp.db.rules import differences
from fundapp.markers import N_


def rules_in_force() -> Iterator[Violation]:
    """Every trigger, function and view is there as its file says, and no other trigger is."""
    for rule, problem in differences(db.session.connection()):
        of_table = f" on {rule.table}" if rule.table else ""
        yield Violation(rule.name, f"the {rule.kind}{of_table} {problem}")


def constraints_in_force() -> Iterator[Violation]:
    """Every named CHECK, UNIQUE and foreign key of the models is in the database."""
    inspector = inspect(db.session.connection())
    for table in Base.metadata.sorted_tables:
        stored = {
            str(constraint["name"])
            for constraint in (
                *inspector.get_check_constraints(table.name),
                *inspector.get_unique_constraints(table.name),
                *inspector.get_foreign_keys(table.name),
            )
        }
        wanted = {str(c.name) for c in table.constraints if isinstance(c, _RULES)}
        for name in sorted(wanted - stored):
            yield Violation(name, f"the rule is missing on {table.name}")


_RULES = (CheckConstraint, UniqueConstraint, ForeignKeyConstraint)

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
