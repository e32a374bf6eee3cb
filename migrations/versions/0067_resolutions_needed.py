"""From which amount on a request needs a resolution, which its approval cites; and interests that
approvers declare in a request.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, rules

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "dfb3535e43abf316"


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_interests()
    _create_rules()
    _create_citations()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in ("resolution_citations", "committee_rules", "request_interests"):
        op.drop_table(table)


def _create_interests() -> None:
    op.create_table(
        "request_interests",
        sa.Column("request_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("interest", sa.Text(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "interest IN ('relative', 'work', 'payee', 'other')",
            name=op.f("ck_request_interests_interest_known"),
        ),
        sa.CheckConstraint(
            "user_id <> requested_by_id", name=op.f("ck_request_interests_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_request_interests_asker",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_request_interests_user_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_request_interests")),
        sqlite_strict=True,
    )


def _create_rules() -> None:
    op.create_table(
        "committee_rules",
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("from_satang", BigInt, nullable=False),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "from_satang BETWEEN 1 AND 100000000000000",
            name=op.f("ck_committee_rules_amount_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_committee_rules_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_committee_rules_proposal_id")
        ),
        sa.PrimaryKeyConstraint("starts_on", name=op.f("pk_committee_rules")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_committee_rules_proposal_id")),
        sqlite_strict=True,
    )


def _create_citations() -> None:
    op.create_table(
        "resolution_citations",
        sa.Column("approval_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("item_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_resolution_citations_approval_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["committee_resolutions.item_id"],
            name=op.f("fk_resolution_citations_item_id"),
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_resolution_citations")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_resolution_citations_item_id"), "resolution_citations", ["item_id"])
