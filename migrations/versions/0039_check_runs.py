"""Runs of the checks are stored with their results, and the worker is asked for one."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Flag, Json, UtcDateTime, rules

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "8dd831a3565cbeb5"

_FULL = "false: entries after the last mark"
_WHO = "public id of a user, or the name of a process"


def upgrade() -> None:
    """Create the tables; the first rows come with the next run."""
    _create_orders()
    _create_runs()
    _create_results()
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in ("check_results", "check_runs", "check_orders"):
        op.drop_table(table)


def _create_orders() -> None:
    op.create_table(
        "check_orders",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("is_full", Flag, nullable=False, comment=_FULL),
        sa.Column("asked_by", sa.Text(), nullable=False, comment=_WHO),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("begun_at", UtcDateTime()),
        sa.Column("seen_at", UtcDateTime(), comment="when the worker last said how far it is"),
        sa.Column("checks_done", BigInt, nullable=False),
        sa.Column("entries_done", BigInt, nullable=False),
        sa.Column(
            "ended_at",
            UtcDateTime(),
            comment="with a run, or without one when it could not be carried out",
        ),
        sa.CheckConstraint(
            "(begun_at IS NULL) = (seen_at IS NULL)", name=op.f("ck_check_orders_seen_once_begun")
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR begun_at IS NOT NULL",
            name=op.f("ck_check_orders_ended_once_begun"),
        ),
        sa.CheckConstraint(
            "checks_done >= 0 AND entries_done >= 0", name=op.f("ck_check_orders_done_counted")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_orders")),
        sqlite_strict=True,
    )
    op.create_index("ix_check_orders_ended_at", "check_orders", ["ended_at", "id"])


def _create_runs() -> None:
    op.create_table(
        "check_runs",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("order_id", BigInt, comment="none of a command"),
        sa.Column("is_full", Flag, nullable=False, comment=_FULL),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False, comment=_WHO),
        sa.Column("run_by", sa.Text(), nullable=False, comment="the name of a process"),
        sa.Column("began_after", BigInt, comment="no entry up to this mark was read one by one"),
        sa.Column("proved_to", BigInt, comment="the mark that was set because of it"),
        sa.Column(
            "entry_count", BigInt, nullable=False, comment="of the books, up to its mark too"
        ),
        sa.CheckConstraint(
            "ended_at >= started_at", name=op.f("ck_check_runs_ended_after_started")
        ),
        sa.CheckConstraint("entry_count >= 0", name=op.f("ck_check_runs_entries_counted")),
        sa.CheckConstraint(
            "began_after IS NULL OR NOT is_full", name=op.f("ck_check_runs_full_from_the_first")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["check_orders.id"], name=op.f("fk_check_runs_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["began_after"], ["check_marks.entry_id"], name=op.f("fk_check_runs_began_after")
        ),
        sa.ForeignKeyConstraint(
            ["proved_to"], ["check_marks.entry_id"], name=op.f("fk_check_runs_proved_to")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_runs")),
        sa.UniqueConstraint("order_id", name=op.f("uq_check_runs_order_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_check_runs_full", "check_runs", ["is_full", "id"])


def _create_results() -> None:
    op.create_table(
        "check_results",
        sa.Column("run_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of the check"),
        sa.Column("position", BigInt, nullable=False, comment="in the order of the checks"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "violation_count", BigInt, nullable=False, comment="no more are looked for than 200"
        ),
        sa.Column(
            "violations",
            Json(),
            nullable=False,
            comment="the first rows that break it: what each is called, what is wrong, values",
        ),
        sa.Column("took_ms", BigInt, nullable=False),
        sa.CheckConstraint(
            "state IN ('green', 'yellow', 'red')", name=op.f("ck_check_results_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'green') = (violation_count = 0)", name=op.f("ck_check_results_counted")
        ),
        sa.CheckConstraint("took_ms >= 0", name=op.f("ck_check_results_took_time")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["check_runs.id"], name=op.f("fk_check_results_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "name", name=op.f("pk_check_results")),
        sqlite_strict=True,
    )
