"""A closed month is opened again by two people; fiscal years are closed by entries of their own."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, checks, is_postgresql, rules

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "042a1c34ee9dcf22"

_KINDS = (
    "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
    " 'bank_interest', 'transfer', 'suspense', 'reversal', 'gift_returned', 'gift_refunded',"
    " 'refund_paid', 'gift_taken', 'card_payout', 'advance')"
)
_KINDS_WITH_YEARS = _KINDS.replace("'advance'", "'advance', 'year_end'")


def upgrade() -> None:
    """Create the table, add the kind of entry and bring the rules in."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_period_reopenings()
    _replace_kinds(_KINDS, _KINDS_WITH_YEARS)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Take them back; a closed fiscal year stops this on SQLite."""
    rules.take_out(op.get_bind())
    _replace_kinds(_KINDS_WITH_YEARS, _KINDS)
    op.drop_table("period_reopenings")


def _replace_kinds(before: str, after: str) -> None:
    connection = op.get_bind()
    # On PostgreSQL a trigger keeps it.
    if not is_postgresql(connection):
        name = "ck_journal_entries_kind_known"
        checks.replace_check(connection, "journal_entries", name, before, after)


def _create_period_reopenings() -> None:
    op.create_table(
        "period_reopenings",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("starts_on", Day(), nullable=False, comment="the month"),
        sa.Column("closed_at", UtcDateTime(), nullable=False, comment="the closing that it undoes"),
        sa.Column("closed_by", sa.Text(), nullable=False, comment="who had closed it"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "proposal_id",
            BigInt,
            nullable=False,
            comment="confirmed by another person than its proposer",
        ),
        sa.Column("reopened_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("closed_by <> ''", name=op.f("ck_period_reopenings_closed_by_somebody")),
        sa.CheckConstraint(
            "reason IN ('late_paper', 'mistake', 'audit')",
            name=op.f("ck_period_reopenings_reason_known"),
        ),
        sa.CheckConstraint(
            "reopened_at >= closed_at", name=op.f("ck_period_reopenings_reopened_after_closed")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_period_reopenings_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["starts_on"], ["periods.starts_on"], name=op.f("fk_period_reopenings_starts_on")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_reopenings")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_period_reopenings_proposal_id")),
        sa.UniqueConstraint("starts_on", "closed_at", name=op.f("uq_period_reopenings_closing")),
        sqlite_strict=True,
    )
