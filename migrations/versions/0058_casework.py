"""Casework: notes, visits, needs, plans, flags, screenings and follow-ups; details and further
guardians of a child; moves to another district.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, Flag, UtcDateTime, encrypted_columns, rules

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "8c8b649faf9f6165"
_TABLES = ("case_entries", "child_details", "further_guardians", "child_moves")
_RELATIONS = (
    "relation IN ('mother', 'father', 'legal_guardian', 'grandparent', 'relative', 'other')"
)
_CAPACITIES = "capacity IN ('parental_power', 'court', 'cares', 'none', 'self')"


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_entries()
    _create_details()
    _create_guardians()
    _create_moves()
    require = encrypted_columns.require_encryption
    require(connection, "case_entries", "words_encrypted", "outcome_encrypted")
    require(connection, "child_details", "details_encrypted")
    require(connection, "further_guardians", "name_encrypted", "phone_encrypted")
    require(connection, "child_moves", "words_encrypted")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_entries() -> None:
    op.create_table(
        "case_entries",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_day", Day(), nullable=False, comment="of what it tells"),
        sa.Column("due_on", Day(), nullable=True, comment="of the review or the follow-up"),
        sa.Column("is_sensitive", Flag(), nullable=False, comment="tells of health or religion"),
        sa.Column("words_encrypted", Bytes(), nullable=False, comment="JSON: texts by name"),
        sa.Column("written_by_id", BigInt, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("settled_by_id", BigInt, nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("outcome_encrypted", Bytes(), nullable=True, comment="what came of it"),
        sa.Column("idempotency_key", sa.Text(), nullable=False, comment="of the form"),
        sa.CheckConstraint(
            "kind IN ('note', 'visit', 'need', 'plan', 'flag', 'screening', 'follow_up')",
            name=op.f("ck_case_entries_kind_known"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)"
            " AND (settled_at IS NOT NULL OR outcome_encrypted IS NULL)",
            name=op.f("ck_case_entries_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR kind IN ('need', 'plan', 'flag', 'follow_up')",
            name=op.f("ck_case_entries_settled_kinds"),
        ),
        sa.CheckConstraint(
            "kind <> 'plan' OR settled_by_id IS NULL OR settled_by_id <> written_by_id",
            name=op.f("ck_case_entries_agreed_by_another"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('follow_up', 'plan') OR due_on IS NOT NULL",
            name=op.f("ck_case_entries_due_when_promised"),
        ),
        _reference("case_entries", "child_id", "children.id"),
        _reference("case_entries", "written_by_id", "users.id"),
        _reference("case_entries", "settled_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entries")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_entries_public_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_case_entries_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_entries_child_id", "case_entries", ["child_id", "id"])
    due = sa.text("settled_at IS NULL AND due_on IS NOT NULL")
    op.create_index(
        "ix_case_entries_due",
        "case_entries",
        ["due_on", "id"],
        sqlite_where=due,
        postgresql_where=due,
    )


def _create_details() -> None:
    op.create_table(
        "child_details",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("details_encrypted", Bytes(), nullable=False, comment="JSON: texts by name"),
        sa.Column("planned_end_on", Day(), nullable=True, comment="of the support"),
        sa.Column("changed_by_id", BigInt, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        _reference("child_details", "child_id", "children.id"),
        _reference("child_details", "changed_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_details")),
        sa.UniqueConstraint("child_id", name=op.f("uq_child_details_child_id")),
        sqlite_strict=True,
    )


def _create_guardians() -> None:
    op.create_table(
        "further_guardians",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("name_encrypted", Bytes(), nullable=False),
        sa.Column("phone_encrypted", Bytes(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("added_by_id", BigInt, nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("ended_on", Day(), nullable=True, comment="no longer belongs to the child"),
        sa.CheckConstraint(_RELATIONS, name=op.f("ck_further_guardians_relation_known")),
        sa.CheckConstraint(_CAPACITIES, name=op.f("ck_further_guardians_capacity_known")),
        _reference("further_guardians", "child_id", "children.id"),
        _reference("further_guardians", "added_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_guardians")),
        sa.UniqueConstraint("public_id", name=op.f("uq_further_guardians_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_further_guardians_child_id", "further_guardians", ["child_id", "id"])


def _create_moves() -> None:
    op.create_table(
        "child_moves",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("from_district", sa.Text(), nullable=False),
        sa.Column("to_district", sa.Text(), nullable=False),
        sa.Column(
            "words_encrypted", Bytes(), nullable=False, comment="what the next one should know"
        ),
        sa.Column("moved_by_id", BigInt, nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by_id", BigInt, nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "from_district <> to_district", name=op.f("ck_child_moves_two_districts")
        ),
        sa.CheckConstraint(
            "(taken_at IS NULL) = (taken_by_id IS NULL)",
            name=op.f("ck_child_moves_taken_by_somebody"),
        ),
        _reference("child_moves", "child_id", "children.id"),
        _reference("child_moves", "from_district", "districts.code"),
        _reference("child_moves", "to_district", "districts.code"),
        _reference("child_moves", "moved_by_id", "users.id"),
        _reference("child_moves", "taken_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_moves")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_moves_child_id", "child_moves", ["child_id", "id"])
    waiting = sa.text("taken_at IS NULL")
    op.create_index(
        "ix_child_moves_waiting",
        "child_moves",
        ["to_district", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
