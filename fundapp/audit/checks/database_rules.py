"""Checks of what guards the tables: triggers and constraints, asked of the database's catalogue."""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, inspect

from fundapp.audit.checks.base import Check, Violation, rows
from fundapp.db import Base, db, is_postgresql
from fundapp.markers import N_

#: Tables of which no row is ever changed or removed.
APPEND_ONLY = (
    "allocations", "approvals", "audit_events", "child_reads", "designations", "journal_entries",
    "payouts", "postings", "statements",
)  # fmt: skip
#: Table and endings of its other triggers: what seals entries and keeps balances, counts receipts,
#: and freezes the facts of a row whose state may change.
KEEPERS = {
    "accounts": ("type_insert", "type_update"),
    "disbursement_requests": ("frozen",),
    "funds": ("open_balance",),
    "journal_entries": ("seal",),
    "matches": ("kept_delete", "kept_update"),
    "payments": ("frozen", "kept"),
    "receipt_counters": ("frozen", "kept"),
    "receipts": ("counted", "frozen", "kept"),
    "request_lines": ("frozen",),
    "statement_lines": ("kept_delete", "kept_update"),
}
#: Where one database needs a trigger of its own: SQLite could replace a row without deleting it.
ONLY_SQLITE = {
    **dict.fromkeys(
        (
            *APPEND_ONLY, "disbursement_requests", "matches", "payments", "receipts",
            "statement_lines",
        ),
        ("no_replace",),
    ),
    "postings": ("balance", "no_replace"),
    "request_lines": ("frozen_delete", "no_replace"),
}  # fmt: skip
ONLY_POSTGRESQL = {
    **dict.fromkeys(APPEND_ONLY, ("no_truncate",)),
    **dict.fromkeys(("payments", "receipt_counters", "receipts"), ("kept_whole",)),
    "periods": ("wait",),
}


def wanted_triggers() -> set[tuple[str, str]]:
    """Table and name of every trigger that the database in use must have."""
    append_only = dict.fromkeys(APPEND_ONLY, ("no_update", "no_delete"))
    own = ONLY_POSTGRESQL if is_postgresql() else ONLY_SQLITE
    return {
        (table, f"{table}_{ending}")
        for group in (append_only, KEEPERS, own)
        for table, endings in group.items()
        for ending in endings
    }


def triggers_in_force() -> Iterator[Violation]:
    """Every trigger that keeps the books append-only and balanced exists and is switched on."""
    for table, name in sorted(wanted_triggers() - enabled_triggers()):
        yield Violation(name, f"the trigger is missing on {table}, or switched off")


def enabled_triggers() -> set[tuple[str, str]]:
    """Table and name of every trigger that is in force, from the catalogue."""
    if is_postgresql():
        catalogue = """
            SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
        """
    else:
        catalogue = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    return {(table, name) for table, name in rows(catalogue)}


def constraints_in_force() -> Iterator[Violation]:
    """Every named CHECK, UNIQUE and foreign key of the tables' models is in the database."""
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
        triggers_in_force,
    ),
    Check(
        "guards.constraints",
        N_("Every rule of the tables is in force in the database."),
        constraints_in_force,
    ),
)
