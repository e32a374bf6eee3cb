"""Remarks also hold what a child's file said before and after a correction."""

from alembic import op

from fundapp.db import checks, rules

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "a9594d1055f6e0a8"

_KIND = "ck_remarks_kind_known"
_OLD = "kind IN ('decision', 'cancellation', 'reversal', 'payment_note', 'line')"
_NEW = "kind IN ('decision', 'cancellation', 'reversal', 'payment_note', 'line', 'child_facts')"


def upgrade() -> None:
    """Allow the kind."""
    rules.take_out(op.get_bind())
    checks.replace_check(op.get_bind(), "remarks", _KIND, _OLD, _NEW)
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """What was corrected is lost: the digests in the trail stay."""
    rules.take_out(op.get_bind())
    op.execute("DELETE FROM remarks WHERE kind = 'child_facts'")
    checks.replace_check(op.get_bind(), "remarks", _KIND, _NEW, _OLD)
