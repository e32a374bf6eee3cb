"""Entries are sealed in a Merkle tree, whose root is signed."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, rules

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "03241ef75821195a"

_NUMBER = "of the log; see log_beginnings"


def upgrade() -> None:
    """Create the tables; the first leaves come with the next round of the worker."""
    _create_leaves_and_tiles()
    _create_checkpoints()
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in ("log_checkpoints", "log_beginnings", "log_tiles", "log_leaves"):
        op.drop_table(table)


def _create_leaves_and_tiles() -> None:
    op.create_table(
        "log_leaves",
        sa.Column("leaf_index", BigInt, autoincrement=False, nullable=False),
        sa.Column("entry_id", BigInt, nullable=False),
        sa.CheckConstraint("leaf_index >= 0", name=op.f("ck_log_leaves_index_from_zero")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entries.id"], name=op.f("fk_log_leaves_entry_id")
        ),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_log_leaves")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_log_leaves_entry_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "log_tiles",
        sa.Column("level", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.Column("hashes", Bytes, nullable=False, comment="32 bytes each, from the left"),
        sa.CheckConstraint("level BETWEEN 0 AND 7", name=op.f("ck_log_tiles_level_in_range")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_log_tiles_position_from_zero")),
        sa.CheckConstraint(
            "length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0",
            name=op.f("ck_log_tiles_whole_hashes"),
        ),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_tiles")),
        sqlite_strict=True,
    )


def _create_checkpoints() -> None:
    op.create_table(
        "log_beginnings",
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("size", BigInt, nullable=False, comment="leaves that both logs have"),
        sa.Column(
            "last_note", sa.Text(), nullable=False, comment="the last checkpoint of the log before"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="public, no personal data"),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 2", name=op.f("ck_log_beginnings_number_from_two")),
        sa.CheckConstraint(
            "reason <> '' AND last_note <> '' AND maker <> ''",
            name=op.f("ck_log_beginnings_explained"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_log_beginnings_size_from_zero")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_beginnings")),
        sqlite_strict=True,
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("number", BigInt, autoincrement=False, nullable=False, comment=_NUMBER),
        sa.Column("size", BigInt, autoincrement=False, nullable=False),
        sa.Column("root", Bytes, nullable=False),
        sa.Column(
            "note", sa.Text(), nullable=False, comment="the signed note (C2SP tlog-checkpoint)"
        ),
        sa.Column("vkey", sa.Text(), nullable=False, comment="the verifier key of the note"),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_log_checkpoints_number_from_one")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_log_checkpoints_size_from_zero")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_log_checkpoints_root_sha256")),
        sa.CheckConstraint("note <> '' AND vkey <> ''", name=op.f("ck_log_checkpoints_signed")),
        sa.PrimaryKeyConstraint("number", "size", name=op.f("pk_log_checkpoints")),
        sqlite_strict=True,
    )
