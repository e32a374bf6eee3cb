"""Bank details that were found not to fit are not found to fit while the request says the same."""

from alembic import op

from fundapp.db import rules

revision = "0082"
down_revision = "0079"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "93221441297267b3"


def upgrade() -> None:
    """Bring the rule in; notes that are there stay as they are."""
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """The rules are those of the files; there is nothing to take back."""
