"""A stored run of the checks carries a keyed hash, so that nobody writes a green one by hand."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, rules

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "24c8863c7a684415"


def upgrade() -> None:
    """Create the table. Runs of before have no proof: the next run of the night has one."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.create_table(
        "check_run_proofs",
        sa.Column("run_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("red_count", BigInt, nullable=False),
        sa.Column("yellow_count", BigInt, nullable=False),
        sa.Column("results_sha256", Bytes(), nullable=False, comment="of the results, by name"),
        sa.Column(
            "proof", Bytes(), nullable=False, comment="keyed hash of the run and these columns"
        ),
        sa.CheckConstraint(
            "red_count >= 0 AND yellow_count >= 0", name=op.f("ck_check_run_proofs_counted")
        ),
        sa.CheckConstraint(
            "length(results_sha256) = 32", name=op.f("ck_check_run_proofs_results_sha256_length")
        ),
        sa.CheckConstraint("length(proof) = 32", name=op.f("ck_check_run_proofs_proof_length")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["check_runs.id"], name=op.f("fk_check_run_proofs_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_check_run_proofs")),
        sqlite_strict=True,
    )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop it."""
    rules.take_out(op.get_bind())
    op.drop_table("check_run_proofs")
