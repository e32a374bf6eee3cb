"""Witnesses cosign checkpoints, and holders are mailed them."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, UtcDateTime, rules

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "c2ca08a4da11ef5e"


def upgrade() -> None:
    """Create the tables, all empty."""
    _create_witnesses()
    _create_mailings()
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in (
        "checkpoint_mailings", "checkpoint_holders", "log_cosignatures", "log_witnesses",
    ):  # fmt: skip
        op.drop_table(table)


def _create_witnesses() -> None:
    op.create_table(
        "log_witnesses",
        sa.Column("name", sa.Text(), nullable=False, comment="that of its key"),
        sa.Column("url", sa.Text(), nullable=False, comment="before /add-checkpoint"),
        sa.Column("vkey", sa.Text(), nullable=False, comment="its verifier key (C2SP, 0x04)"),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "name <> '' AND url <> '' AND vkey <> ''", name=op.f("ck_log_witnesses_described")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_log_witnesses")),
        sqlite_strict=True,
    )
    op.create_table(
        "log_cosignatures",
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("size", BigInt, autoincrement=False, nullable=False),
        sa.Column("witness_name", sa.Text(), nullable=False),
        sa.Column(
            "line",
            sa.Text(),
            nullable=False,
            comment="the signature below the note (cosignature/v1)",
        ),
        sa.Column("cosigned_at", UtcDateTime(), nullable=False, comment="what the witness says"),
        sa.CheckConstraint("line <> ''", name=op.f("ck_log_cosignatures_signed")),
        sa.ForeignKeyConstraint(
            ["number", "size"],
            ["log_checkpoints.number", "log_checkpoints.size"],
            name=op.f("fk_log_cosignatures_checkpoint"),
        ),
        sa.ForeignKeyConstraint(
            ["witness_name"], ["log_witnesses.name"], name=op.f("fk_log_cosignatures_witness_name")
        ),
        sa.PrimaryKeyConstraint("number", "size", "witness_name", name=op.f("pk_log_cosignatures")),
        sqlite_strict=True,
    )


def _create_mailings() -> None:
    op.create_table(
        "checkpoint_holders",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("address <> ''", name=op.f("ck_checkpoint_holders_addressed")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_checkpoint_holders")),
        sqlite_strict=True,
    )
    op.create_table(
        "checkpoint_mailings",
        sa.Column(
            "occasion",
            sa.Text(),
            nullable=False,
            comment="the day, or the month and when it was closed",
        ),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("size", BigInt, nullable=False),
        sa.Column("copies", BigInt, nullable=False),
        sa.Column("mailed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("copies > 0", name=op.f("ck_checkpoint_mailings_to_somebody")),
        sa.CheckConstraint("occasion <> ''", name=op.f("ck_checkpoint_mailings_for_an_occasion")),
        sa.ForeignKeyConstraint(
            ["number", "size"],
            ["log_checkpoints.number", "log_checkpoints.size"],
            name=op.f("fk_checkpoint_mailings_checkpoint"),
        ),
        sa.PrimaryKeyConstraint("occasion", name=op.f("pk_checkpoint_mailings")),
        sqlite_strict=True,
    )
