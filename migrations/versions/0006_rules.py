"""The rules of the database: triggers, functions and views, as the packages' .sql files say."""

from alembic import op

from fundapp.db import rules

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Digest of the rules that this migration brings in; a later one that changes a rule states its own.
RULES = "25b7aa2c0503597c"


def upgrade() -> None:
    """Make them."""
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
