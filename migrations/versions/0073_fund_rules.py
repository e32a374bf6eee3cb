"""Rules of a fund, and the zakat group of a child with a consent of its own."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, checks, rules

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "067dc5c41c9a311a"
_CONSENTS = "kind IN ('keep_file', 'sensitive_facts', 'share_facts', "
_ENTRIES = "kind IN ('note', 'visit', 'need', 'plan', 'flag', 'screening', 'follow_up'"
#: Table, CHECK, what it said and what it says.
_WIDENED = (
    (
        "consents",
        "ck_consents_kind_known",
        f"{_CONSENTS}'photograph')",
        f"{_CONSENTS}'zakat', 'photograph')",
    ),
    ("case_entries", "ck_case_entries_kind_known", f"{_ENTRIES})", f"{_ENTRIES}, 'zakat')"),
)
_VALUES = (
    "aspect = 'district'"
    " OR (aspect = 'group' AND value IN ('early_childhood', 'out_of_school', 'at_risk',"
    " 'teen_mother', 'poor_student', 'disability'))"
    " OR (aspect = 'need' AND value IN ('living', 'education', 'travel', 'health', 'food'))"
    " OR (aspect = 'zakat' AND value IN ('fakir', 'miskin', 'amil', 'muallaf', 'riqab', 'gharim',"
    " 'fisabilillah', 'ibnu_sabil'))"
)


def upgrade() -> None:
    """Let the kinds be, and create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table, name, old, new in _WIDENED:
        checks.replace_check(connection, table, name, old, new)
    _create_fund_rules()
    _create_fund_rule_values()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them. The consents and entries of the kind go with them: they meant nothing before."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.drop_table("fund_rule_values")
    op.drop_table("fund_rules")
    op.execute("DELETE FROM case_entries WHERE kind = 'zakat'")
    op.execute("DELETE FROM consents WHERE kind = 'zakat'")
    for table, name, old, new in _WIDENED:
        checks.replace_check(connection, table, name, new, old)


def _create_fund_rules() -> None:
    op.create_table(
        "fund_rules",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column(
            "starts_on",
            Day(),
            nullable=False,
            comment="from this day they replace the rules of the fund before",
        ),
        sa.Column("age_from", BigInt, nullable=True, comment="completed years; NULL: from birth"),
        sa.Column("age_to", BigInt, nullable=True, comment="completed years; NULL: no end"),
        sa.Column(
            "value_count", BigInt, nullable=False, comment="how many fund_rule_values there are"
        ),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "age_from BETWEEN 1 AND 25", name=op.f("ck_fund_rules_age_from_in_range")
        ),
        sa.CheckConstraint("age_to BETWEEN 1 AND 25", name=op.f("ck_fund_rules_age_to_in_range")),
        sa.CheckConstraint("age_from <= age_to", name=op.f("ck_fund_rules_ages_in_order")),
        sa.CheckConstraint(
            "value_count BETWEEN 0 AND 100", name=op.f("ck_fund_rules_values_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_fund_rules_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_fund_rules_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_fund_rules_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_rules")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_fund_rules_proposal_id")),
        sqlite_strict=True,
    )
    op.create_index("uq_fund_rules_begin", "fund_rules", ["fund_code", "starts_on"], unique=True)


def _create_fund_rule_values() -> None:
    op.create_table(
        "fund_rule_values",
        sa.Column("rules_id", BigInt, nullable=False),
        sa.Column("aspect", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "aspect IN ('group', 'district', 'need', 'zakat')",
            name=op.f("ck_fund_rule_values_aspect_known"),
        ),
        sa.CheckConstraint(_VALUES, name=op.f("ck_fund_rule_values_value_known")),
        sa.ForeignKeyConstraint(
            ["rules_id"], ["fund_rules.id"], name=op.f("fk_fund_rule_values_rules_id")
        ),
        sa.PrimaryKeyConstraint("rules_id", "aspect", "value", name=op.f("pk_fund_rule_values")),
        sqlite_strict=True,
    )
