"""A file with the names and birth date of another one waits for a supervisor's decision."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, checks, rules

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "47060bd12b022182"

_CLOSED = (
    "'finished', 'moved_away', 'other_support', 'not_reached', 'consent_withdrawn', 'died',"
    " 'mistake'"
)
_KINDS = "'decision', 'cancellation', 'reversal', 'payment_note', 'line', 'child_facts'"
#: Table, CHECK, what it says before and after.
_CHECKS = (
    (
        "children",
        "ck_children_status_known",
        "status IN ('active', 'closed')",
        "status IN ('active', 'waiting', 'closed')",
    ),
    (
        "children",
        "ck_children_close_reason_known",
        f"close_reason IN ({_CLOSED})",
        f"close_reason IN ({_CLOSED}, 'same_child')",
    ),
    (
        "remarks",
        "ck_remarks_kind_known",
        f"kind IN ({_KINDS})",
        f"kind IN ({_KINDS}, 'duplicate')",
    ),
)


def upgrade() -> None:
    """Allow the state, the reason and the words, and create the table."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table, name, old, new in _CHECKS:
        checks.replace_check(connection, table, name, old, new)
    op.create_index("uq_children_registrar", "children", ["id", "registered_by_id"], unique=True)
    _create_table()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Files that wait are open, and what was decided is lost."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.drop_table("duplicate_findings")
    op.drop_index("uq_children_registrar", "children")
    op.execute("DELETE FROM remarks WHERE kind = 'duplicate'")
    op.execute("UPDATE children SET status = 'active' WHERE status = 'waiting'")
    op.execute("UPDATE children SET close_reason = 'mistake' WHERE close_reason = 'same_child'")
    for table, name, old, new in _CHECKS:
        checks.replace_check(connection, table, name, new, old)


def _create_table() -> None:
    table = "duplicate_findings"
    op.create_table(
        table,
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False, comment="the new file"),
        sa.Column("other_id", BigInt, nullable=False),
        sa.Column("found_by_id", BigInt, nullable=False, comment="who registered the new file"),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column(
            "found_digest",
            Bytes(),
            comment="of why it is another child, which is a remark; NULL: was not asked",
        ),
        sa.Column("decision", sa.Text()),
        sa.Column("decided_by_id", BigInt),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("decision_digest", Bytes(), comment="of the reason, which is a remark"),
        sa.CheckConstraint(
            "decision IN ('another_child', 'same_child')",
            name=op.f("ck_duplicate_findings_decision_known"),
        ),
        sa.CheckConstraint("child_id <> other_id", name=op.f("ck_duplicate_findings_two_files")),
        sa.CheckConstraint(
            "decided_by_id <> found_by_id", name=op.f("ck_duplicate_findings_two_people")
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by_id IS NULL)"
            " AND (decision IS NULL) = (decided_at IS NULL)"
            " AND (decision IS NULL) = (decision_digest IS NULL)",
            name=op.f("ck_duplicate_findings_decided_with_reason"),
        ),
        sa.CheckConstraint(
            "length(found_digest) = 32 AND length(decision_digest) = 32",
            name=op.f("ck_duplicate_findings_words_hashed"),
        ),
        sa.ForeignKeyConstraint(
            ["child_id", "found_by_id"],
            ["children.id", "children.registered_by_id"],
            name="fk_duplicate_findings_registrar",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["children.id"], name=op.f("fk_duplicate_findings_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users.id"],
            name=op.f("fk_duplicate_findings_decided_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_findings")),
        sa.UniqueConstraint("child_id", name=op.f("uq_duplicate_findings_child_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_duplicate_findings_other_id"), table, ["other_id"])
    op.create_index("ix_duplicate_findings_decided_at", table, ["decided_at"])
