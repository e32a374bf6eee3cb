"""Lists of children come from spreadsheets; a consent says by what right its signer decides, and a
child who is of age signs alone.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, checks, encrypted_columns, rules

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "a275ce5205547f37"
_TABLES = ("child_import_profiles", "child_imports", "child_import_marks")
_OLD_RELATIONS = (
    "relation IN ('mother', 'father', 'legal_guardian', 'grandparent', 'relative', 'other')"
)
_RELATIONS = _OLD_RELATIONS.replace("'other'", "'other', 'self'")
_OLD_SIGNERS = "relation IN ('mother', 'father', 'legal_guardian') OR note_encrypted IS NOT NULL"
_SIGNERS = _OLD_SIGNERS.replace("'legal_guardian'", "'legal_guardian', 'self'")
_CAPACITIES = "capacity IN ('parental_power', 'court', 'cares', 'none', 'self')"
_WITH_RELATION = ("children", "consents", "further_guardians")
_SIGNER_CHECK = "ck_consents_other_signer_explained"
_CAPACITY_CHECK = "ck_consents_capacity_known"
_GUARDIAN_CHECK = ("ck_children_guardian_is_another", "relation <> 'self'")


def upgrade() -> None:
    """Create the tables; of older consents nobody noted by what right they were signed."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in _WITH_RELATION:
        name = f"ck_{table}_relation_known"
        checks.replace_check(connection, table, name, _OLD_RELATIONS, _RELATIONS)
    comment = "of the signer; NULL: was not asked"
    op.add_column("consents", sa.Column("capacity", sa.Text(), comment=comment))
    checks.add_check(connection, "consents", _CAPACITY_CHECK, _CAPACITIES)
    checks.replace_check(connection, "consents", _SIGNER_CHECK, _OLD_SIGNERS, _SIGNERS)
    checks.add_check(connection, "children", *_GUARDIAN_CHECK)
    _create_imports()
    encrypted_columns.require_encryption(connection, "child_imports", "rows_encrypted")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them; a consent that a child signed stops this."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in reversed(_TABLES):
        op.drop_table(table)
    checks.drop_check(connection, "children", *_GUARDIAN_CHECK)
    checks.replace_check(connection, "consents", _SIGNER_CHECK, _SIGNERS, _OLD_SIGNERS)
    checks.drop_check(connection, "consents", _CAPACITY_CHECK, _CAPACITIES)
    op.drop_column("consents", "capacity")
    for table in _WITH_RELATION:
        name = f"ck_{table}_relation_known"
        checks.replace_check(connection, table, name, _RELATIONS, _OLD_RELATIONS)


def _create_imports() -> None:
    op.create_table(
        "child_import_profiles",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "mapping",
            sa.Text(),
            nullable=False,
            comment="headings by what they hold, the order of days, the district of all rows",
        ),
        sa.Column("saved_by_id", BigInt, nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 60", name=op.f("ck_child_import_profiles_name_length")
        ),
        _reference("child_import_profiles", "saved_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_import_profiles")),
        sa.UniqueConstraint("name", name=op.f("uq_child_import_profiles_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "child_imports",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("file_sha256", Bytes(), nullable=False),
        sa.Column("row_count", BigInt, nullable=False),
        sa.Column("rows_encrypted", Bytes(), nullable=True, comment="NULL: taken over, or expired"),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("uploaded_by_id", BigInt, nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("committed_at", UtcDateTime(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=False, comment="of what it brought"),
        sa.CheckConstraint(
            "length(file_sha256) = 32", name=op.f("ck_child_imports_file_sha256_length")
        ),
        sa.CheckConstraint("row_count > 0", name=op.f("ck_child_imports_has_rows")),
        sa.CheckConstraint(
            "committed_at IS NULL OR rows_encrypted IS NULL",
            name=op.f("ck_child_imports_committed_whole"),
        ),
        _reference("child_imports", "uploaded_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_imports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_child_imports_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_imports_expires_at", "child_imports", ["expires_at"])
    op.create_table(
        "child_import_marks",
        sa.Column("digest", Bytes(), nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("import_id", BigInt, nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_child_import_marks_digest_length")),
        _reference("child_import_marks", "child_id", "children.id"),
        _reference("child_import_marks", "import_id", "child_imports.id"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_child_import_marks")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_import_marks_child_id", "child_import_marks", ["child_id"])


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
