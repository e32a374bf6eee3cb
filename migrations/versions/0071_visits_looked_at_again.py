"""A visit after which somebody is to look again is settled, as a follow-up is."""

from alembic import op

from fundapp.db import checks, rules

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "818f3ef1f6a206b8"
_NAME = "ck_case_entries_settled_kinds"
_OLD = "settled_at IS NULL OR kind IN ('need', 'plan', 'flag', 'follow_up')"
_NEW = f"{_OLD} OR (kind = 'visit' AND due_on IS NOT NULL)"


def upgrade() -> None:
    """Let it be settled."""
    connection = op.get_bind()
    rules.take_out(connection)
    checks.replace_check(connection, "case_entries", _NAME, _OLD, _NEW)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Refuse that again; what was settled so is not settled any more."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.execute(
        "UPDATE case_entries SET settled_at = NULL, settled_by_id = NULL, outcome_encrypted = NULL"
        " WHERE kind = 'visit'"
    )
    checks.replace_check(connection, "case_entries", _NAME, _NEW, _OLD)
