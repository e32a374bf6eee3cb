"""One index finds the matches of a line, and those that count among them."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "5fca8649cc7b4d93"


def upgrade() -> None:
    """Let one index answer the question of `count_matches`."""
    op.create_index("ix_matches_line", "matches", ["line_id", "undone_at"])
    op.drop_index("ix_matches_line_id", "matches")


def downgrade() -> None:
    """The index without the day of undoing."""
    op.create_index("ix_matches_line_id", "matches", ["line_id"])
    op.drop_index("ix_matches_line", "matches")
