"""Triggers that keep payments and receipts as they were written, on both databases.

* What a payment was laid on and which fund it went to never changes; a payment may only be reversed,
  a receipt only be made void, each once; nothing of them is ever deleted.
* A receipt takes the number that its year's counter stands at, and a counter goes on one by one.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("allocations", "designations")

_PAYMENT_FACTS = (
    "id", "public_id", "method", "amount_satang", "received_on", "external_ref", "journal_entry_id",
    "recorded_by", "recorded_at",
)  # fmt: skip

_RECEIPT_FACTS = (
    "id", "code", "fiscal_year", "number", "payment_id", "issued_on", "issued_at", "donor_name",
    "fund_code", "method", "amount_satang", "received_on",
)  # fmt: skip


def _same(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in columns)


#: Table: what must hold for an UPDATE, and what the refusal says.
KEPT = {
    "payments": (
        f"{_same(_PAYMENT_FACTS)} AND (OLD.status <> 'reversed'"
        f" OR ({_same(('status', 'reversal_entry_id'))}))",
        "the facts of a payment are frozen",
    ),
    "receipts": (
        f"{_same(_RECEIPT_FACTS)} AND (OLD.voided_at IS NULL"
        f" OR ({_same(('voided_at', 'void_reason'))}))",
        "the facts of a receipt are frozen",
    ),
    "receipt_counters": (
        "NEW.fiscal_year = OLD.fiscal_year AND NEW.last_number = OLD.last_number + 1",
        "receipts are counted one by one",
    ),
}

_COUNTED = "(SELECT last_number FROM receipt_counters WHERE fiscal_year = NEW.fiscal_year)"
_NOT_COUNTED = "a receipt takes the number that was counted"


def upgrade() -> None:
    """Make the triggers and functions."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _postgresql() if postgresql else _sqlite():
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, name in _triggers(postgresql):
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION require_counted_receipt()")
        op.execute("DROP FUNCTION refuse_removal()")
        for table in KEPT:
            op.execute(f"DROP FUNCTION refuse_{table}_change()")


def _triggers(postgresql: bool) -> list[tuple[str, str]]:
    """Table and name of every trigger made here."""
    removals = ("kept", "kept_whole") if postgresql else ("kept",)
    named = [(table, f"{table}_{end}") for table in KEPT for end in ("frozen", *removals)]
    events = ("update", "delete", "truncate") if postgresql else ("update", "delete")
    named += [(table, f"{table}_no_{event}") for table in APPEND_ONLY for event in events]
    return [*named, ("receipts", "receipts_counted")]


def _sqlite() -> list[str]:
    statements = [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for event in ("update", "delete")
    ]
    for table, (holds, refusal) in KEPT.items():
        statements += [
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN NOT ({holds}) "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are kept for ever'); END",
        ]
    return [
        *statements,
        "CREATE TRIGGER receipts_counted BEFORE INSERT ON receipts "
        f"WHEN NEW.number IS DISTINCT FROM {_COUNTED} "
        f"BEGIN SELECT RAISE(ABORT, '{_NOT_COUNTED}'); END",
    ]


def _postgresql() -> list[str]:
    # The function refuse_change() is that of the books' own append-only tables.
    statements = [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"FOR EACH {'STATEMENT' if event == 'truncate' else 'ROW'} EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
        for event in ("update", "delete", "truncate")
    ]
    statements.append(
        """
        CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% are kept for ever', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END $$
        """
    )
    for table, (holds, refusal) in KEPT.items():
        statements += [
            _check(f"refuse_{table}_change", f"NOT ({holds})", refusal),
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}_change()",
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_removal()",
            f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()",
        ]
    return [
        *statements,
        _check("require_counted_receipt", f"NEW.number IS DISTINCT FROM {_COUNTED}", _NOT_COUNTED),
        "CREATE TRIGGER receipts_counted BEFORE INSERT ON receipts "
        "FOR EACH ROW EXECUTE FUNCTION require_counted_receipt()",
    ]


def _check(name: str, wrong: str, refusal: str) -> str:
    """A trigger function that refuses a row for which ``wrong`` is true."""
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {wrong} THEN
                RAISE EXCEPTION '{refusal}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
    """
