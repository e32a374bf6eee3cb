"""Invitations on paper have two sheets, and the e-mail address of an account stays."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import checks, rules

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "a9594d1055f6e0a8"

_CHECK = "ck_invitations_second_sheet"
_RULE = (
    "second_sha256 IS NULL AND second_by IS NULL"
    " OR length(second_sha256) = 32 AND second_by IS NOT NULL AND second_by <> made_by"
    " AND delivery = 'paper'"
)


def upgrade() -> None:
    """Add what the second sheet needs. An invitation that a person printed and nobody has used yet
    needs a second sheet from now on.
    """
    rules.take_out(op.get_bind())
    op.add_column(
        "invitations",
        sa.Column(
            "second_sha256",
            sa.LargeBinary(),
            comment="of the code on the second sheet of paper",
        ),
    )
    op.add_column(
        "invitations",
        sa.Column(
            "second_by",
            sa.Text(),
            comment="public id of the administrator who printed the second sheet",
        ),
    )
    checks.add_check(op.get_bind(), "invitations", _CHECK, _RULE)
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop it. What waits for its second sheet is cancelled, so that one sheet opens nothing."""
    rules.take_out(op.get_bind())
    op.execute(
        "UPDATE invitations SET cancelled_at = made_at WHERE used_at IS NULL"
        " AND cancelled_at IS NULL AND delivery = 'paper' AND made_by <> 'command-line'"
    )
    checks.drop_check(op.get_bind(), "invitations", _CHECK, _RULE)
    op.drop_column("invitations", "second_by")
    op.drop_column("invitations", "second_sha256")
