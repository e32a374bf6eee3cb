"""A donor is merged into another."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, UtcDateTime, rules

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "71d5e1478524d84b"


def upgrade() -> None:
    """Create the table, and what finds rows of one name or phone."""
    op.create_table(
        "donor_merges",
        sa.Column("donor_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("into_id", BigInt, nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("donor_id <> into_id", name=op.f("ck_donor_merges_into_another")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_donor_merges_donor_id")),
        sa.ForeignKeyConstraint(["into_id"], ["donors.id"], name=op.f("fk_donor_merges_into_id")),
        sa.PrimaryKeyConstraint("donor_id", name=op.f("pk_donor_merges")),
        sqlite_strict=True,
    )
    op.create_index("ix_donor_merges_into_id", "donor_merges", ["into_id"])
    for column in ("name_key", "phone"):
        op.create_index(f"ix_donors_{column}", "donors", [column])
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop it."""
    rules.take_out(op.get_bind())
    for column in ("name_key", "phone"):
        op.drop_index(f"ix_donors_{column}", "donors")
    op.drop_table("donor_merges")
