"""Children are found by how their names sound; a file that is merged into another one comes back."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, rules

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "9ab274ec469e6b6b"


def upgrade() -> None:
    """Create the tables. The keys of children who are there already are computed by the program, in
    the rounds of the worker. What was decided to be the same child counts as merged.
    """
    rules.take_out(op.get_bind())
    _comment("ISO day, or the month or year alone", "ISO day")
    _create_name_keys()
    _create_merges()
    op.execute(
        "INSERT INTO child_merges (id, child_id, into_id, merged_by_id, merged_at, reason_digest)"
        " SELECT id, child_id, other_id, decided_by_id, decided_at, decision_digest"
        " FROM duplicate_findings WHERE decision = 'same_child'"
    )
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them; a file that was merged without a finding stays closed."""
    rules.take_out(op.get_bind())
    op.drop_table("child_merges")
    op.drop_table("child_name_keys")
    _comment("ISO day", "ISO day, or the month or year alone")


def _comment(new: str, old: str) -> None:
    """SQLite keeps no comments."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("children", "birth_on_encrypted", comment=new, existing_comment=old)


def _create_name_keys() -> None:
    op.create_table(
        "child_name_keys",
        sa.Column("key", Bytes(), nullable=False),
        sa.Column("child_id", BigInt, autoincrement=False, nullable=False),
        sa.CheckConstraint("length(key) = 16", name=op.f("ck_child_name_keys_key_hashed")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_child_name_keys_child_id")
        ),
        sa.PrimaryKeyConstraint("key", "child_id", name=op.f("pk_child_name_keys")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_name_keys_child_id", "child_name_keys", ["child_id"])


def _create_merges() -> None:
    op.create_table(
        "child_merges",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False, comment="closed by it"),
        sa.Column("into_id", BigInt, nullable=False),
        sa.Column("merged_by_id", BigInt, nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column(
            "reason_digest", Bytes(), nullable=False, comment="of the reason, which is a remark"
        ),
        sa.Column("undone_by_id", BigInt, nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_digest", Bytes(), nullable=True, comment="of a remark"),
        sa.CheckConstraint("child_id <> into_id", name=op.f("ck_child_merges_two_files")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)"
            " AND (undone_at IS NULL) = (undone_digest IS NULL)",
            name=op.f("ck_child_merges_undone_with_reason"),
        ),
        sa.CheckConstraint(
            "length(reason_digest) = 32 AND length(undone_digest) = 32",
            name=op.f("ck_child_merges_words_hashed"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_child_merges_{column}"))
            for column, target in (
                ("child_id", "children.id"),
                ("into_id", "children.id"),
                ("merged_by_id", "users.id"),
                ("undone_by_id", "users.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_merges")),
        sqlite_strict=True,
    )
    undone = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_child_merges_child",
        "child_merges",
        ["child_id"],
        unique=True,
        sqlite_where=undone,
        postgresql_where=undone,
    )
    op.create_index("ix_child_merges_into_id", "child_merges", ["into_id"])
