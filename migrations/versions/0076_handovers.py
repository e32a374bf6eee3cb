"""Who is responsible for a child, and hand-overs between case managers."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Flag, UtcDateTime, encrypted_columns, rules

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "5235fb846bc42ee2"
_NOW = sa.text("until_at IS NULL")
_WAITING = sa.text("settled_at IS NULL")
#: Whoever took the child after its newest move, nobody while that waits, and without a move whoever
#: registered it.
_RESPONSIBLE = """
INSERT INTO child_managers (id, child_id, district_code, manager_id, since_at)
SELECT children.id, children.id, children.district_code,
    CASE WHEN moves.id IS NULL THEN children.registered_by_id ELSE moves.taken_by_id END,
    CASE WHEN moves.id IS NULL THEN children.registered_at
        ELSE COALESCE(moves.taken_at, moves.moved_at) END
FROM children LEFT JOIN child_moves AS moves ON moves.id = (
    SELECT max(id) FROM child_moves WHERE child_id = children.id
)
WHERE children.status <> 'closed'
"""


def upgrade() -> None:
    """Create the tables, and write who is responsible today."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_handovers()
    _create_managers()
    encrypted_columns.require_encryption(connection, "child_handovers", "words_encrypted")
    op.execute(_RESPONSIBLE)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_table("child_managers")
    op.drop_table("child_handovers")


def _create_handovers() -> None:
    op.create_table(
        "child_handovers",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("from_id", BigInt, nullable=True, comment="NULL: nobody was responsible"),
        sa.Column("to_id", BigInt, nullable=False),
        sa.Column(
            "words_encrypted", Bytes(), nullable=False, comment="what the next one should know"
        ),
        sa.Column("asked_by_id", BigInt, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("settled_by_id", BigInt, nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("is_taken", Flag(), nullable=True, comment="false: it came to nothing"),
        sa.CheckConstraint(
            "from_id IS NULL OR from_id <> to_id", name=op.f("ck_child_handovers_to_another")
        ),
        sa.CheckConstraint("asked_by_id <> to_id", name=op.f("ck_child_handovers_two_people")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)"
            " AND (settled_at IS NULL) = (is_taken IS NULL)",
            name=op.f("ck_child_handovers_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "is_taken IS NULL OR NOT is_taken OR settled_by_id = to_id",
            name=op.f("ck_child_handovers_taken_by_receiver"),
        ),
        _foreign_key("child_handovers", "child_id", "children.id"),
        _foreign_key("child_handovers", "from_id", "users.id"),
        _foreign_key("child_handovers", "to_id", "users.id"),
        _foreign_key("child_handovers", "asked_by_id", "users.id"),
        _foreign_key("child_handovers", "settled_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_handovers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_child_handovers_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_handovers_child_id", "child_handovers", ["child_id", "id"])
    _create_partial("uq_child_handovers_waiting", ["child_id"], _WAITING, unique=True)
    _create_partial("ix_child_handovers_to_id", ["to_id", "id"], _WAITING)


def _create_managers() -> None:
    op.create_table(
        "child_managers",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("manager_id", BigInt, nullable=True, comment="NULL: nobody is responsible"),
        sa.Column("handover_id", BigInt, nullable=True, comment="by which it began"),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "until_at IS NULL OR until_at >= since_at", name=op.f("ck_child_managers_ends_later")
        ),
        sa.CheckConstraint(
            "handover_id IS NULL OR manager_id IS NOT NULL",
            name=op.f("ck_child_managers_handed_to_somebody"),
        ),
        _foreign_key("child_managers", "child_id", "children.id"),
        _foreign_key("child_managers", "district_code", "districts.code"),
        _foreign_key("child_managers", "manager_id", "users.id"),
        _foreign_key("child_managers", "handover_id", "child_handovers.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_managers")),
        sa.UniqueConstraint("handover_id", name=op.f("uq_child_managers_handover_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_managers_child_id", "child_managers", ["child_id", "id"])
    _create_partial("uq_child_managers_now", ["child_id"], _NOW, unique=True)
    columns = ["district_code", "manager_id", "child_id"]
    _create_partial("ix_child_managers_district", columns, _NOW)


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _create_partial(
    name: str, columns: list[str], condition: sa.TextClause, *, unique: bool = False
) -> None:
    table = "child_handovers" if "handovers" in name else "child_managers"
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
