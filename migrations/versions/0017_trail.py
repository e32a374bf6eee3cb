"""The trail keeps the values before and after a change; balances are kept as their owner."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import rules

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "56eec34fab201d28"


def upgrade() -> None:
    """Add the column, empty for what was changed before, and the order of time."""
    op.add_column(
        "audit_events",
        sa.Column(
            "changes",
            sa.Text(),
            nullable=False,
            server_default="{}",
            comment="what was changed: name -> [before, after]; no personal data",
        ),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at", "id"])
    op.create_index("ix_child_reads_at", "child_reads", ["at", "id"])
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_child_reads_at", "child_reads")
    op.drop_index("ix_audit_events_at", "audit_events")
    op.drop_column("audit_events", "changes")
