"""An index of whom each case manager was responsible for, and is not any more."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import rules

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "074fe9353a18c442"
_PAST = sa.text("until_at IS NOT NULL")


def upgrade() -> None:
    """Add it."""
    connection = op.get_bind()
    op.create_index(
        "ix_child_managers_past",
        "child_managers",
        ["manager_id", "child_id"],
        sqlite_where=_PAST,
        postgresql_where=_PAST,
    )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_child_managers_past", table_name="child_managers")
