"""Donors come from spreadsheets, have tags, are found by sound, and are told apart."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, encrypted_columns, rules

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "0f83ae9d2a8e0812"
_TABLES = (
    "donor_tags",
    "donor_differences",
    "import_profiles",
    "donor_imports",
    "import_marks",
)
_MODES = "mode IN ('add', 'complete', 'both')"


def upgrade() -> None:
    """How the names of donors sound who are there already is computed by the program, in the
    rounds of the worker: it is no part of a migration.
    """
    op.add_column(
        "donors",
        sa.Column(
            "sound_key",
            sa.Text(),
            nullable=True,
            comment="how the name sounds; NULL: not computed yet",
        ),
    )
    op.create_index("ix_donors_sound_key", "donors", ["sound_key"])
    _create_donor_tables()
    _create_import_tables()
    encrypted_columns.require_encryption(op.get_bind(), "donor_imports", "rows_encrypted")
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them; the sounds are computed again by the next upgrade."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_index("ix_donors_sound_key", "donors")
    op.drop_column("donors", "sound_key")


def _create_donor_tables() -> None:
    op.create_table(
        "donor_tags",
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.CheckConstraint("length(tag) BETWEEN 1 AND 40", name=op.f("ck_donor_tags_tag_length")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_donor_tags_donor_id")),
        sa.PrimaryKeyConstraint("donor_id", "tag", name=op.f("pk_donor_tags")),
        sqlite_strict=True,
    )
    op.create_index("ix_donor_tags_tag", "donor_tags", ["tag", "donor_id"])
    op.create_table(
        "donor_differences",
        sa.Column("donor_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("other_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="public id of a user"),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("donor_id < other_id", name=op.f("ck_donor_differences_smaller_first")),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_donor_differences_donor_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["donors.id"], name=op.f("fk_donor_differences_other_id")
        ),
        sa.PrimaryKeyConstraint("donor_id", "other_id", name=op.f("pk_donor_differences")),
        sqlite_strict=True,
    )
    op.create_index("ix_donor_differences_other_id", "donor_differences", ["other_id"])


def _create_import_tables() -> None:
    by = "public id of a user, or the name of a process"
    headings = "headings by what they hold, the order of days, what holds for all rows"
    op.create_table(
        "import_profiles",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False, comment=headings),
        sa.Column("saved_by", sa.Text(), nullable=False, comment=by),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 60", name=op.f("ck_import_profiles_name_length")
        ),
        sa.CheckConstraint(_MODES, name=op.f("ck_import_profiles_mode_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profiles")),
        sa.UniqueConstraint("name", name=op.f("uq_import_profiles_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "donor_imports",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("file_sha256", Bytes(), nullable=False),
        sa.Column("row_count", BigInt, nullable=False),
        sa.Column("rows_encrypted", Bytes(), nullable=True, comment="NULL: taken over, or expired"),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False, comment=by),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("committed_by", sa.Text(), nullable=True),
        sa.Column("committed_at", UtcDateTime(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False, comment="of what it brought, by kind"),
        sa.CheckConstraint(_MODES, name=op.f("ck_donor_imports_mode_known")),
        sa.CheckConstraint(
            "length(file_sha256) = 32", name=op.f("ck_donor_imports_file_sha256_length")
        ),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_donor_imports_has_rows")),
        sa.CheckConstraint(
            "(committed_at IS NULL) = (committed_by IS NULL)"
            " AND (committed_at IS NULL OR rows_encrypted IS NULL)",
            name=op.f("ck_donor_imports_committed_whole"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_donor_imports_public_id")),
        sqlite_strict=True,
    )
    for column in ("expires_at", "file_sha256"):
        op.create_index(f"ix_donor_imports_{column}", "donor_imports", [column])
    op.create_table(
        "import_marks",
        sa.Column("digest", Bytes(), nullable=False),
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("import_id", BigInt, nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_import_marks_digest_length")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_import_marks_donor_id")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["donor_imports.id"], name=op.f("fk_import_marks_import_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_import_marks")),
        sqlite_strict=True,
    )
    op.create_index("ix_import_marks_donor_id", "import_marks", ["donor_id"])
