"""The requests of a fund in a district are found by an index."""

from alembic import op

from fundapp.db import rules

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "074fe9353a18c442"


def upgrade() -> None:
    """Add the index: what the help of a district is published with asks for each month."""
    rules.bring_in(op.get_bind(), RULES)
    op.create_index(
        "ix_disbursement_requests_fund_district",
        "disbursement_requests",
        ["fund_code", "district_code", "id"],
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_disbursement_requests_fund_district", "disbursement_requests")
