"""Several matches of one line, each with its amount; what a fund lets go of a pledge."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, rules

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "5fca8649cc7b4d93"

#: Both databases add a column together with its CHECK, without copying the table.
_COMMENTS = {
    "statement_lines.matched_satang": (
        "sum of its matches that count; kept by a trigger, which sets the status too"
    ),
    "instalments.let_go_satang": "the part of it that never came",
    "instalments.paid_satang": (
        "what counts as paid: the allocations of payments that count, and what was let go"
    ),
    "funds.let_go_limit_satang": (
        "how much of a pledge an officer may let go, or leave as a surplus, at a time"
    ),
    "allocations.let_go_limit_satang": "the fund's limit then; 0: nothing let go",
}
_COLUMNS = (
    (
        "statement_lines",
        "matched_satang",
        "0",
        "matched_within_amount",
        "matched_satang = 0 OR matched_satang BETWEEN 0 AND deposit_satang + withdrawal_satang",
    ),
    (
        "instalments",
        "let_go_satang",
        "0",
        "let_go_within_paid",
        "let_go_satang = 0 OR let_go_satang BETWEEN 0 AND paid_satang",
    ),
    (
        "funds",
        "let_go_limit_satang",
        "100",
        "let_go_limit_in_range",
        "let_go_limit_satang BETWEEN 0 AND 10000",
    ),
    ("allocations", "let_go_limit_satang", "0", None, ""),
    (
        "allocations",
        "let_go_satang",
        "0",
        "let_go_within_limit",
        "let_go_satang BETWEEN 0 AND let_go_limit_satang",
    ),
)


def upgrade() -> None:
    """Add the columns; every match that there is stands for the whole of its line."""
    rules.take_out(op.get_bind())
    type_ = BigInt.compile(dialect=op.get_bind().dialect)
    for table, column, default, name, check in _COLUMNS:
        rule = f" CONSTRAINT ck_{table}_{name} CHECK ({check})" if name else ""
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {type_} DEFAULT {default} NOT NULL{rule}"
        )
    if op.get_bind().dialect.name == "postgresql":
        for column, comment in _COMMENTS.items():
            quoted = comment.replace("'", "''")
            op.execute(f"COMMENT ON COLUMN {column} IS '{quoted}'")
    op.drop_index("uq_matches_line_active", "matches")
    _add_amounts()
    op.execute(
        "UPDATE statement_lines SET matched_satang = deposit_satang + withdrawal_satang"
        " WHERE status = 'matched'"
    )
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them. Refused by the index when a line is split: that had no place before."""
    rules.take_out(op.get_bind())
    active = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_matches_line_active",
        "matches",
        ["line_id"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
    name = op.f("ck_matches_amount_positive")
    with op.batch_alter_table("matches") as matches:
        matches.drop_constraint(name, type_="check")
        matches.drop_column("amount_satang")
    for table, column, *_ in reversed(_COLUMNS):
        op.drop_column(table, column)


def _add_amounts() -> None:
    """The amount of each match, filled before it is required: SQLite copies the table for that."""
    op.add_column("matches", sa.Column("amount_satang", BigInt, comment="the part of the line"))
    op.execute(
        "UPDATE matches SET amount_satang = (SELECT l.deposit_satang + l.withdrawal_satang"
        " FROM statement_lines l WHERE l.id = matches.line_id)"
    )
    with op.batch_alter_table("matches") as matches:
        matches.alter_column("amount_satang", existing_type=BigInt, nullable=False)
        matches.create_check_constraint(op.f("ck_matches_amount_positive"), "amount_satang > 0")
