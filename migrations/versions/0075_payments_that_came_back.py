"""Payments of help that came back, and what a request is paid with after that."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, checks, rules

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "9634c7d1839dd618"
_RANGE = ("ck_payouts_attempt_in_range", "attempt BETWEEN 1 AND 9")
_COLUMN = "DEFAULT '1' NOT NULL"
_STATES = "state IN ('waiting', 'paid', 'failed', 'withdrawn')"
_MORE_STATES = "state IN ('waiting', 'paid', 'failed', 'withdrawn', 'returned')"
#: Table, name and columns of a unique constraint before and since.
_UNIQUE = (
    ("payouts", "uq_payouts_request_id", "request_id", "request_id, attempt"),
    ("paid_stops", "uq_paid_stops_reason", "request_id, reason", "request_id, reason, attempt"),
)
_STOPS_KEY = "fk_paid_stops_request_id"
_OLD_KEY = "FOREIGN KEY(request_id) REFERENCES payouts (request_id)"
_NEW_KEY = "FOREIGN KEY(request_id, attempt) REFERENCES payouts (request_id, attempt)"


def upgrade() -> None:
    """Number the payments of a request, and create the table of what came back."""
    connection = op.get_bind()
    rules.take_out(connection)
    type_ = BigInt.compile(dialect=connection.dialect)
    op.execute(f"ALTER TABLE payouts ADD COLUMN attempt {type_} {_COLUMN}")
    op.execute(f"ALTER TABLE paid_stops ADD COLUMN attempt {type_} {_COLUMN}")
    if connection.dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN payouts.attempt IS 'which payment of the request'")
        op.execute("COMMENT ON COLUMN paid_stops.attempt IS 'of the payout'")
    checks.add_check(connection, "payouts", *_RANGE)
    _change_keys(connection, _OLD_KEY, _NEW_KEY, to_new=True)
    name = "ck_payout_batch_lines_state_known"
    checks.replace_check(connection, "payout_batch_lines", name, _STATES, _MORE_STATES)
    op.create_table(
        "payout_returns",
        sa.Column("payout_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("returned_on", Day(), nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False, comment="undoes that of the payout"),
        sa.Column(
            "reason_digest", Bytes(), nullable=False, comment="of the words, which are a remark"
        ),
        sa.Column("recorded_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('bank', 'payee')", name=op.f("ck_payout_returns_cause_known")
        ),
        sa.CheckConstraint(
            "length(reason_digest) = 32", name=op.f("ck_payout_returns_reason_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_payout_returns_journal_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payouts.id"], name=op.f("fk_payout_returns_payout_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_payout_returns_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("payout_id", name=op.f("pk_payout_returns")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_payout_returns_journal_entry_id")),
        sqlite_strict=True,
    )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop it. Refused by the index when something was paid again: that had no place before."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.drop_table("payout_returns")
    name = "ck_payout_batch_lines_state_known"
    op.execute("UPDATE payout_batch_lines SET state = 'paid' WHERE state = 'returned'")
    checks.replace_check(connection, "payout_batch_lines", name, _MORE_STATES, _STATES)
    _change_keys(connection, _NEW_KEY, _OLD_KEY, to_new=False)
    checks.drop_check(connection, "payouts", *_RANGE)
    op.drop_column("paid_stops", "attempt")
    op.drop_column("payouts", "attempt")


def _change_keys(connection: sa.Connection, old_key: str, new_key: str, *, to_new: bool) -> None:
    """Let the unique keys and the foreign key that refers to one hold the number of the payment, or
    not. SQLite keeps the index of a constraint: it is built again for what the text says now.
    """
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE paid_stops DROP CONSTRAINT {_STOPS_KEY}")
    for table, name, old, new in _UNIQUE:
        before, after = (old, new) if to_new else (new, old)
        if connection.dialect.name == "postgresql":
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({after})")
        else:
            head = f"CONSTRAINT {name} UNIQUE"
            checks.replace_text(connection, table, f"{head} ({before})", f"{head} ({after})")
            op.execute(f"REINDEX {table}")
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE paid_stops ADD CONSTRAINT {_STOPS_KEY} {new_key}")
    else:
        checks.replace_text(connection, "paid_stops", old_key, new_key)
