"""Stops of payouts in batches: a file is not taken over one, and what the bank paid is noted."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, UtcDateTime, rules

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "62e4915721076771"
_REASONS = "reason IN ('died', 'closed', 'consent', 'guardian', 'changed')"


def upgrade() -> None:
    """Create the table."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.create_table(
        "paid_stops",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noticed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(_REASONS, name=op.f("ck_paid_stops_reason_known")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["payouts.request_id"], name=op.f("fk_paid_stops_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_stops")),
        sa.UniqueConstraint("request_id", "reason", name="uq_paid_stops_reason"),
        sqlite_strict=True,
    )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop it."""
    rules.take_out(op.get_bind())
    op.drop_table("paid_stops")
