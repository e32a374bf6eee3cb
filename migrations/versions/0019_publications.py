"""Figures about children are published month by month, once and for all."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, rules

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "4e8404dad295e492"


def upgrade() -> None:
    """Create the tables; the worker publishes the months that are over."""
    op.create_table(
        "publications",
        sa.Column("month_on", Day(), nullable=False, comment="first day of the month"),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column(
            "published_by",
            sa.Text(),
            nullable=False,
            comment="public id of a user, or the name of a process",
        ),
        sa.Column("figure_count", BigInt, nullable=False),
        sa.Column(
            "figures_sha256",
            Bytes(),
            nullable=False,
            comment="of its figures and of the digest of the month before (publication_digest)",
        ),
        sa.CheckConstraint("figure_count > 0", name=op.f("ck_publications_has_figures")),
        sa.CheckConstraint(
            "length(figures_sha256) = 32", name=op.f("ck_publications_figures_sha256_length")
        ),
        sa.PrimaryKeyConstraint("month_on", name=op.f("pk_publications")),
        sqlite_strict=True,
    )
    op.create_table(
        "published_figures",
        sa.Column("month_on", Day(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False, comment="empty: of all funds"),
        sa.Column("district_code", sa.Text(), nullable=False, comment="empty: without a district"),
        sa.Column("value", BigInt, comment="satang, or children"),
        sa.Column("rose_in", Day(), comment="first day of the month in which it last rose"),
        sa.CheckConstraint(
            "kind IN ('help_paid', 'bank_fees', 'children_helped')",
            name=op.f("ck_published_figures_kind_known"),
        ),
        sa.CheckConstraint(
            "(value IS NULL) = (rose_in IS NULL)",
            name=op.f("ck_published_figures_shown_since_a_month"),
        ),
        sa.CheckConstraint("rose_in <= month_on", name=op.f("ck_published_figures_rose_by_then")),
        sa.CheckConstraint(
            "kind = 'bank_fees' OR value > 10", name=op.f("ck_published_figures_not_small")
        ),
        sa.ForeignKeyConstraint(
            ["month_on"],
            ["publications.month_on"],
            name=op.f("fk_published_figures_month_on"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint(
            "month_on", "kind", "fund_code", "district_code", name=op.f("pk_published_figures")
        ),
        sqlite_strict=True,
    )
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_table("published_figures")
    op.drop_table("publications")
