"""What the bank takes back although it is spent: shortages of funds, and returned payments. No
entry takes an asset account below zero, and no month is closed before it is over.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, checks, rules

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

RULES = "124b1fa387a22dc9"

#: Table, name, before, after.
CHANGED = (
    (
        "journal_entries",
        "ck_journal_entries_kind_known",
        "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee', 'bank_interest', 'transfer', 'reversal')",
        "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee', 'bank_interest', 'transfer', 'reversal', 'gift_returned')",
    ),
    (
        "journal_entries",
        "ck_journal_entries_reversal_names_entry",
        "(kind = 'reversal') = (reverses_entry_id IS NOT NULL)",
        "(kind IN ('reversal', 'gift_returned')) = (reverses_entry_id IS NOT NULL)",
    ),
    (
        "journal_entries",
        "ck_journal_entries_reversal_has_reason",
        "kind <> 'reversal' OR memo <> ''",
        "kind NOT IN ('reversal', 'gift_returned') OR memo <> ''",
    ),
    (
        "payments",
        "ck_payments_status_known",
        "status IN ('received', 'reversed')",
        "status IN ('received', 'reversed', 'returned')",
    ),
    (
        "payments",
        "ck_payments_reversed_in_books",
        "(status = 'reversed') = (reversal_entry_id IS NOT NULL)",
        "(status = 'received') = (reversal_entry_id IS NULL)",
    ),
)

#: Table, name, rule.
ADDED = (
    ("fund_balances", "ck_fund_balances_shortage_not_negative", "shortage_satang >= 0"),
    (
        "fund_balances",
        "ck_fund_balances_available_or_short",
        "available_satang = 0 OR shortage_satang = 0",
    ),
    (
        "payments",
        "ck_payments_return_reason_known",
        "return_reason IN ('cheque', 'chargeback', 'correction')",
    ),
    (
        "payments",
        "ck_payments_returned_with_reason",
        "(status = 'returned') = (return_reason IS NOT NULL)",
    ),
    (
        "payments",
        "ck_payments_returned_on_day",
        "(status = 'returned') = (returned_on IS NOT NULL)",
    ),
)


def upgrade() -> None:
    """Add the columns, the table and the rules."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.add_column(
        "fund_balances",
        sa.Column(
            "shortage_satang",
            BigInt,
            nullable=False,
            server_default="0",
            comment="spent, and then taken back by the bank; not covered yet",
        ),
    )
    op.add_column(
        "payments",
        sa.Column("return_reason", sa.Text(), comment="why the bank took it back"),
    )
    op.add_column(
        "payments",
        sa.Column(
            "returned_on",
            Day(),
            comment="the bank's day; the entry's is later if that month was closed",
        ),
    )
    _create_shortage_changes()
    for table, name, old, new in CHANGED:
        checks.replace_check(connection, table, name, old, new)
    for added in ADDED:
        checks.add_check(connection, *added)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Take them back, without the rules; the books must hold nothing that only these allow."""
    connection = op.get_bind()
    rules.take_out(connection)
    for added in reversed(ADDED):
        checks.drop_check(connection, *added)
    for table, name, old, new in reversed(CHANGED):
        checks.replace_check(connection, table, name, new, old)
    op.drop_table("shortage_changes")
    op.drop_column("payments", "returned_on")
    op.drop_column("payments", "return_reason")
    op.drop_column("fund_balances", "shortage_satang")


def _create_shortage_changes() -> None:
    op.create_table(
        "shortage_changes",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("entry_id", BigInt, nullable=False),
        sa.Column(
            "change_satang", BigInt, nullable=False, comment="below zero: covered by the entry"
        ),
        sa.Column(
            "shortage_satang", BigInt, nullable=False, comment="the fund's shortage after it"
        ),
        sa.CheckConstraint(
            "change_satang <> 0", name=op.f("ck_shortage_changes_changes_something")
        ),
        sa.CheckConstraint(
            "shortage_satang >= 0", name=op.f("ck_shortage_changes_shortage_not_negative")
        ),
        sa.CheckConstraint(
            "shortage_satang >= change_satang",
            name=op.f("ck_shortage_changes_began_at_zero_or_more"),
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_shortage_changes_fund_code")
        ),
        sa.PrimaryKeyConstraint("fund_code", "number", name=op.f("pk_shortage_changes")),
        sa.UniqueConstraint("entry_id", "fund_code", name="uq_shortage_changes_entry"),
        sqlite_strict=True,
    )
