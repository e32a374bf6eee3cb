"""Consents that stay as they were signed."""

from alembic import op

from fundapp.db import rules

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "e2c25bf2b139f007"


def upgrade() -> None:
    """Bring the rules in."""
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Take them out; the older migration has none of its own any more."""
    rules.take_out(op.get_bind())
