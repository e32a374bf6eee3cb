"""Shares of children that came back of a payment whose rest stays paid."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, checks, is_postgresql, rules

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "2c90469c0bceb5d6"

_KINDS = (
    "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
    " 'bank_interest', 'transfer', 'suspense', 'reversal', 'gift_returned', 'gift_refunded',"
    " 'refund_paid', 'gift_taken', 'card_payout', 'advance', 'year_end')"
)
_MORE_KINDS = _KINDS.replace("'assistance_paid'", "'assistance_paid', 'assistance_returned'")


def upgrade() -> None:
    """Add the kind of entry and create the tables."""
    rules.take_out(op.get_bind())
    _replace_kinds(_KINDS, _MORE_KINDS)
    _create_share_returns()
    _create_share_return_lines()
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Take them back, unless a share came back: the books say so."""
    connection = op.get_bind()
    rules.take_out(connection)
    if connection.scalar(sa.text("SELECT count(*) FROM share_returns")):
        raise RuntimeError("shares of payments came back")
    op.drop_table("share_return_lines")
    op.drop_table("share_returns")
    _replace_kinds(_MORE_KINDS, _KINDS)


def _replace_kinds(before: str, after: str) -> None:
    connection = op.get_bind()
    # On PostgreSQL a trigger keeps it.
    if not is_postgresql(connection):
        name = "ck_journal_entries_kind_known"
        checks.replace_check(connection, "journal_entries", name, before, after)


def _create_share_returns() -> None:
    op.create_table(
        "share_returns",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("payout_id", BigInt, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("returned_on", Day(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False, comment="sum of its lines"),
        sa.Column("journal_entry_id", BigInt, nullable=False, comment="takes it back to the fund"),
        sa.Column(
            "reason_digest", Bytes(), nullable=False, comment="of the words, which are a remark"
        ),
        sa.Column("recorded_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_share_returns_amount_positive")),
        sa.CheckConstraint("cause IN ('bank', 'payee')", name=op.f("ck_share_returns_cause_known")),
        sa.CheckConstraint(
            "length(reason_digest) = 32", name=op.f("ck_share_returns_reason_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_share_returns_journal_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payouts.id"], name=op.f("fk_share_returns_payout_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_share_returns_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_returns")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_share_returns_journal_entry_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_share_returns_payout_id", "share_returns", ["payout_id"])


def _create_share_return_lines() -> None:
    op.create_table(
        "share_return_lines",
        sa.Column("line_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("return_id", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_share_return_lines_amount_positive")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["request_lines.id"], name=op.f("fk_share_return_lines_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["share_returns.id"],
            name=op.f("fk_share_return_lines_return_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_share_return_lines")),
        sqlite_strict=True,
    )
    op.create_index("ix_share_return_lines_return_id", "share_return_lines", ["return_id"])
