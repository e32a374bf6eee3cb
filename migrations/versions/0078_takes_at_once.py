"""What entries take of funds and accounts is looked at once for each statement, on PostgreSQL."""

from alembic import op

from fundapp.db import rules

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "59ce12f513732458"


def upgrade() -> None:
    """Leave out the function that looked at one entry."""
    connection = op.get_bind()
    rules.bring_in(connection, RULES)
    if connection.dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS keep_accounts_above_zero(bigint)")


def downgrade() -> None:
    """The rules are those of the files; there is nothing to take back."""
