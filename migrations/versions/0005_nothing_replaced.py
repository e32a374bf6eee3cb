"""Triggers that keep `INSERT OR REPLACE` from changing what may not change; SQLite only.

A row that REPLACE pushes aside is deleted without its DELETE trigger being asked, unless the
connection has set ``recursive_triggers``; ours do, any other program's do not. So an insert is
refused where one of its keys is taken, whatever was to become of the row that has it. For the same
reason, and because another program may leave ``foreign_keys`` off, no posting joins an entry that
is there already. PostgreSQL knows no REPLACE and always keeps its foreign keys.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Every key of a row that may not be replaced; a condition behind ``|`` is that of a partial index.
KEYS = {
    "allocations": ("payment_id, instalment_id",),
    "approvals": ("id", "request_id, version"),
    "audit_events": ("id",),
    "child_reads": ("id",),
    "designations": ("payment_id, fund_code",),
    "disbursement_requests": ("id", "public_id", "number", "approval_entry_id"),
    "journal_entries": ("id", "idempotency_key", "reverses_entry_id"),
    "matches": (
        "id", "line_id|undone_at IS NULL", "payment_id|undone_at IS NULL",
        "payout_id|undone_at IS NULL", "journal_entry_id|undone_at IS NULL",
    ),
    "payments": (
        "id", "public_id", "journal_entry_id", "reversal_entry_id",
        "external_ref|status = 'received'",
    ),
    "payouts": ("id", "public_id", "voucher", "request_id", "journal_entry_id"),
    "receipts": ("id", "code", "fiscal_year, number", "payment_id"),
    "request_lines": ("id", "request_id, child_id"),
    "statement_lines": ("id", "public_id", "bank_account_code, fingerprint"),
    "statements": ("id", "public_id", "bank_account_code, file_sha256"),
}  # fmt: skip

_SEALED = """
CREATE TRIGGER postings_no_replace BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM journal_entries WHERE id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'ledger: the entry is sealed, no posting joins it'); END
"""


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "postgresql":
        return
    op.execute(_SEALED)
    for table, keys in KEYS.items():
        refusals = " ".join(_refusal(table, key) for key in keys)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} BEGIN {refusals} END"
        )


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "postgresql":
        return
    for table in ("postings", *KEYS):
        op.execute(f"DROP TRIGGER {table}_no_replace")


def _refusal(table: str, key: str) -> str:
    columns, _, condition = key.partition("|")
    same = [f"{column} = NEW.{column}" for column in columns.split(", ")]
    where = " AND ".join([*same, condition] if condition else same)
    # In SQLite's own words, which say the same and are known to who reads them.
    named = ", ".join(f"{table}.{column}" for column in columns.split(", "))
    taken = f"UNIQUE constraint failed: {named} (no row is replaced)"
    return f"SELECT RAISE(ABORT, '{taken}') WHERE EXISTS (SELECT 1 FROM {table} WHERE {where});"
