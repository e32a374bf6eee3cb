"""Bank details that were found not to fit are not found to fit while the request says the same;
runs of the checks that were stored before there were proofs are listed, so that others have one.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, rules

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "976c4b880f968f86"


def upgrade() -> None:
    """Bring the rule in and list the runs; notes on bank details that are there stay as they are."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.create_table(
        "runs_before_proofs",
        sa.Column("run_id", BigInt, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["check_runs.id"], name=op.f("fk_runs_before_proofs_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs_before_proofs")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO runs_before_proofs SELECT id FROM check_runs"
        " WHERE id < coalesce((SELECT min(run_id) FROM check_run_proofs), id + 1)"
    )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop the list."""
    rules.take_out(op.get_bind())
    op.drop_table("runs_before_proofs")
