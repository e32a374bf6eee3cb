"""Donors are reminded, once of each due date before and after it, and may stop reminders."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, Flag, UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and the two columns."""
    op.create_table(
        "reminders",
        sa.Column("instalment_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", Day(), nullable=False, comment="the due date it named"),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('before', 'after')", name=op.f("ck_reminders_kind_known")),
        sa.ForeignKeyConstraint(
            ["instalment_id"],
            ["instalments.id"],
            name=op.f("fk_reminders_instalment_id"),
        ),
        sa.PrimaryKeyConstraint("instalment_id", "kind", "due_on", name=op.f("pk_reminders")),
        sqlite_strict=True,
    )
    wanted = sa.Column(
        "wants_reminders",
        Flag(),
        nullable=False,
        server_default=sa.true(),
        comment="no: only receipts, and answers to what the donor asks",
    )
    op.add_column("donors", wanted)
    stop = sa.Column(
        "stop_url",
        sa.Text(),
        nullable=False,
        server_default="",
        comment="where messages of this kind are stopped",
    )
    op.add_column("mail_messages", stop)


def downgrade() -> None:
    """Drop them."""
    op.drop_column("mail_messages", "stop_url")
    op.drop_column("donors", "wants_reminders")
    op.drop_table("reminders")
