"""Bands of approval and caps of a fiscal year, as two administrators confirmed them."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, rules

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "c703af30380b73ab"


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_help_rules()
    _create_approval_bands()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_table("approval_bands")
    op.drop_table("help_rules")


def _create_help_rules() -> None:
    op.create_table(
        "help_rules",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column(
            "starts_on",
            Day(),
            nullable=False,
            comment="from this day they replace the rules before",
        ),
        sa.Column("band_count", BigInt, nullable=False),
        sa.Column(
            "child_cap_satang",
            BigInt,
            nullable=True,
            comment="of one child in a fiscal year; NULL: no cap",
        ),
        sa.Column(
            "household_cap_satang",
            BigInt,
            nullable=True,
            comment="of all children of one guardian in a fiscal year; NULL: no cap",
        ),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("band_count BETWEEN 0 AND 4", name=op.f("ck_help_rules_bands_in_range")),
        sa.CheckConstraint("child_cap_satang > 0", name=op.f("ck_help_rules_child_cap_positive")),
        sa.CheckConstraint(
            "household_cap_satang > 0", name=op.f("ck_help_rules_household_cap_positive")
        ),
        sa.CheckConstraint(
            "household_cap_satang >= child_cap_satang",
            name=op.f("ck_help_rules_household_cap_larger"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_help_rules_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_help_rules_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_rules")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_help_rules_starts_on")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_help_rules_proposal_id")),
        sqlite_strict=True,
    )


def _create_approval_bands() -> None:
    op.create_table(
        "approval_bands",
        sa.Column("rules_id", BigInt, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("from_satang", BigInt, nullable=False),
        sa.Column("approvers", BigInt, nullable=False),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 4", name=op.f("ck_approval_bands_number_in_range")
        ),
        sa.CheckConstraint("from_satang > 0", name=op.f("ck_approval_bands_from_positive")),
        sa.CheckConstraint(
            "approvers BETWEEN 2 AND 5", name=op.f("ck_approval_bands_approvers_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["rules_id"], ["help_rules.id"], name=op.f("fk_approval_bands_rules_id")
        ),
        sa.PrimaryKeyConstraint("rules_id", "number", name=op.f("pk_approval_bands")),
        sqlite_strict=True,
    )
