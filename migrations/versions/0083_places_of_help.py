"""The requests of a fund in a district, and the newest payments, are found by an index."""

from alembic import op

from fundapp.db import rules

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "45bf14415fdf6c80"


def upgrade() -> None:
    """Add the indexes: what gifts became is asked of each district, and of what is not published."""
    rules.bring_in(op.get_bind(), RULES)
    op.create_index(
        "ix_disbursement_requests_fund_district",
        "disbursement_requests",
        ["fund_code", "district_code", "id"],
    )
    op.create_index("ix_payouts_recorded_at", "payouts", ["recorded_at", "request_id"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_payouts_recorded_at", "payouts")
    op.drop_index("ix_disbursement_requests_fund_district", "disbursement_requests")
