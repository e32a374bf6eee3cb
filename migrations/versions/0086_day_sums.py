"""What each day moved, by fund and account, and what the help of each district did by day and month;
the worker fills them from the sealed entries.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, rules

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "bdcccc6f6c28e815"


def upgrade() -> None:
    """Add the tables, empty: until the worker has folded what is there, pages read the postings."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.create_table(
        "account_days",
        sa.Column("day_on", Day, nullable=False),
        sa.Column("fund_code", sa.Text, nullable=False),
        sa.Column("account_code", sa.Text, nullable=False),
        sa.Column("debit_satang", BigInt, nullable=False),
        sa.Column("credit_satang", BigInt, nullable=False),
        sa.CheckConstraint(
            "debit_satang >= 0 AND credit_satang >= 0", name=op.f("ck_account_days_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_account_days_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_account_days_account_code")
        ),
        sa.PrimaryKeyConstraint(
            "day_on", "fund_code", "account_code", name=op.f("pk_account_days")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_folding",
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("leaf_count", BigInt, nullable=False),
        sa.Column("settled_entry_id", BigInt, nullable=False),
        sa.CheckConstraint("number = 1", name=op.f("ck_day_folding_one_row")),
        sa.CheckConstraint("leaf_count >= 0", name=op.f("ck_day_folding_count_not_negative")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_day_folding")),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO day_folding VALUES (1, 0, -1)")
    _add_help_sums("help_days", "day_on", None)
    _add_help_sums("help_months", "month_on", "first day of the month")
    op.create_table(
        "help_folding",
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("leaf_count", BigInt, nullable=False),
        sa.Column("settled_entry_id", BigInt, nullable=False),
        sa.CheckConstraint("number = 1", name=op.f("ck_help_folding_one_row")),
        sa.CheckConstraint("leaf_count >= 0", name=op.f("ck_help_folding_count_not_negative")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_help_folding")),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO help_folding VALUES (1, 0, -1)")
    rules.bring_in(connection, RULES)


def _add_help_sums(table: str, day: str, comment: str | None) -> None:
    references = (("district", "districts"), ("fund", "funds"), ("account", "accounts"))
    op.create_table(
        table,
        sa.Column(day, Day, nullable=False, comment=comment),
        *(sa.Column(f"{name}_code", sa.Text, nullable=False) for name, _ in references),
        sa.Column("debit_satang", BigInt, nullable=False),
        sa.Column("credit_satang", BigInt, nullable=False),
        sa.CheckConstraint(
            "debit_satang >= 0 AND credit_satang >= 0", name=op.f(f"ck_{table}_not_negative")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_code"], [f"{named}.code"], name=op.f(f"fk_{table}_{name}_code")
            )
            for name, named in references
        ),
        sa.PrimaryKeyConstraint(
            day, "district_code", "fund_code", "account_code", name=op.f(f"pk_{table}")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in ("help_folding", "help_months", "help_days", "day_folding", "account_days"):
        op.drop_table(table)
