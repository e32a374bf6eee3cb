"""Two people who read restricted concerns, and the kept figures of the council."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, checks, rules

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "b0e5b34f4610bbf5"
_ACTIONS = "action IN ('tell', 'take', 'note', 'answer', 'reply', 'close', 'reopen')"
_WITH_RESTRICT = (
    "action IN ('tell', 'take', 'note', 'answer', 'reply', 'close', 'reopen', 'restrict')"
)
_WORDS = "action IN ('take', 'close') OR words_encrypted IS NOT NULL"
_WORDS_BUT_RESTRICT = "action IN ('take', 'close', 'restrict') OR words_encrypted IS NOT NULL"


def upgrade() -> None:
    """Create the tables and let a concern be restricted."""
    connection = op.get_bind()
    rules.take_out(connection)
    for name, old, new in (
        ("ck_concern_steps_action_known", _ACTIONS, _WITH_RESTRICT),
        ("ck_concern_steps_words_when_needed", _WORDS, _WORDS_BUT_RESTRICT),
    ):
        checks.replace_check(connection, "concern_steps", name, old, new)
    _create_keepers()
    _create_reports()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them. Refused by the CHECK where a concern was restricted."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.drop_table("council_figures")
    op.drop_table("council_reports")
    op.drop_table("concern_keepers")
    for name, old, new in (
        ("ck_concern_steps_action_known", _WITH_RESTRICT, _ACTIONS),
        ("ck_concern_steps_words_when_needed", _WORDS_BUT_RESTRICT, _WORDS),
    ):
        checks.replace_check(connection, "concern_steps", name, old, new)


def _create_keepers() -> None:
    op.create_table(
        "concern_keepers",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("first_id", BigInt, nullable=False),
        sa.Column("second_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_concern_keepers_two_people")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["users.id"], name=op.f("fk_concern_keepers_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["users.id"], name=op.f("fk_concern_keepers_second_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_concern_keepers_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_keepers")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_concern_keepers_proposal_id")),
        sqlite_strict=True,
    )


def _create_reports() -> None:
    op.create_table(
        "council_reports",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("starts_on", Day(), nullable=False, comment="the first day of help that counts"),
        sa.Column("day", Day(), nullable=False, comment="the last one"),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("starts_on < day", name=op.f("ck_council_reports_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_reports")),
        sa.UniqueConstraint("day", name=op.f("uq_council_reports_day")),
        sqlite_strict=True,
    )
    op.create_table(
        "council_figures",
        sa.Column("report_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False, comment="'': all"),
        sa.Column("column_name", sa.Text(), nullable=False, comment="a group or a need; '': all"),
        sa.Column("value", BigInt, nullable=True),
        sa.CheckConstraint(
            "kind IN ('known', 'helped', 'without', 'helped_need', 'waiting_need', 'median_days',"
            " 'ninety_days', 'gap', 'overlap', 'help_satang')",
            name=op.f("ck_council_figures_kind_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('median_days', 'ninety_days', 'help_satang') OR value = 0 OR value >= 5",
            name=op.f("ck_council_figures_not_small"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["council_reports.id"], name=op.f("fk_council_figures_report_id")
        ),
        sa.PrimaryKeyConstraint(
            "report_id", "kind", "district_code", "column_name", name=op.f("pk_council_figures")
        ),
        sqlite_strict=True,
    )
