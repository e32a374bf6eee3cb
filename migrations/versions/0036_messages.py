"""Statements may be messages of a bank (MT940, camt.053) beside files in an entered style."""

from alembic import op

from fundapp.db import rules

revision = "0036"
down_revision = "0032"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "581847544e8442bd"


def upgrade() -> None:
    """Bring the rules in."""
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Take them out."""
    rules.take_out(op.get_bind())
