"""Indexes: of requests by fund and district, payments and returns by time, events by kind."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import rules

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "19cf9f1845073204"
RETURNS = ("payout_returns", "share_returns")
NOT_EVERYDAY = (
    "action NOT IN ('giving:donor:register', 'giving:pledge:make', 'giving:payment:receive',"
    " 'giving:receipt:issue', 'banking:line:match')"
)


def upgrade() -> None:
    """Add them: for what gifts became, what a line of the bank may be, and the trail of a kind."""
    rules.bring_in(op.get_bind(), RULES)
    op.create_index(
        "ix_disbursement_requests_fund_district",
        "disbursement_requests",
        ["fund_code", "district_code", "id"],
    )
    op.create_index("ix_payouts_recorded_at", "payouts", ["recorded_at", "request_id"])
    op.create_index(
        "ix_audit_events_kind",
        "audit_events",
        ["subject_type", "at", "id"],
        sqlite_where=sa.text(NOT_EVERYDAY),
        postgresql_where=sa.text(NOT_EVERYDAY),
    )
    for table in RETURNS:
        op.create_index(f"ix_{table}_returned_on", table, ["returned_on", "journal_entry_id"])


def downgrade() -> None:
    """Drop the indexes."""
    for table in RETURNS:
        op.drop_index(f"ix_{table}_returned_on", table)
    op.drop_index("ix_audit_events_kind", "audit_events")
    op.drop_index("ix_payouts_recorded_at", "payouts")
    op.drop_index("ix_disbursement_requests_fund_district", "disbursement_requests")
