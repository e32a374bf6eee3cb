"""The checks of the night begin after a mark, up to which everything was proved."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, rules

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "6cdd573f81b19c8f"


def upgrade() -> None:
    """Create the table; the worker sets the first mark in its next night."""
    op.create_table(
        "check_marks",
        sa.Column(
            "entry_id",
            BigInt,
            autoincrement=False,
            nullable=False,
            comment="no entry after it was read",
        ),
        sa.Column("entry_count", BigInt, nullable=False, comment="of the books up to there"),
        sa.Column(
            "leaves_sha256",
            Bytes(),
            nullable=False,
            comment="of the digest of the mark before and the leaf hashes since",
        ),
        sa.Column("proof", Bytes(), nullable=False, comment="keyed hash of what the mark says"),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("entry_count > 0", name=op.f("ck_check_marks_has_entries")),
        sa.CheckConstraint(
            "length(leaves_sha256) = 32", name=op.f("ck_check_marks_leaves_sha256_length")
        ),
        sa.CheckConstraint("length(proof) = 32", name=op.f("ck_check_marks_proof_length")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_check_marks")),
        sqlite_strict=True,
    )
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop it."""
    rules.take_out(op.get_bind())
    op.drop_table("check_marks")
