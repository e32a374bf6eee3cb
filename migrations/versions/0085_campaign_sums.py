"""The postings of campaigns and their sums by month; the worker fills them from the sealed entries.

What decides the campaign of a gift does not change after it was booked.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, rules

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "d5ce1b8d8291342f"


def upgrade() -> None:
    """Add the tables, empty: until the worker has folded what is there, pages read the entries."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.create_table(
        "campaign_postings",
        sa.Column("campaign_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("entry_on", Day, nullable=False),
        sa.Column("entry_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_postings_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id", "position"],
            ["postings.entry_id", "postings.position"],
            name="fk_campaign_postings_posting",
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id", "entry_on", "entry_id", "position", name=op.f("pk_campaign_postings")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "campaign_months",
        sa.Column("month_on", Day, nullable=False, comment="first day of the month"),
        sa.Column("campaign_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("account_code", sa.Text, nullable=False),
        sa.Column("debit_satang", BigInt, nullable=False),
        sa.Column("credit_satang", BigInt, nullable=False),
        sa.CheckConstraint(
            "debit_satang >= 0 AND credit_satang >= 0", name=op.f("ck_campaign_months_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_months_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_campaign_months_account_code")
        ),
        sa.PrimaryKeyConstraint(
            "month_on", "campaign_id", "account_code", name=op.f("pk_campaign_months")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "campaign_folding",
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("leaf_count", BigInt, nullable=False),
        sa.Column("settled_entry_id", BigInt, nullable=False),
        sa.CheckConstraint("number = 1", name=op.f("ck_campaign_folding_one_row")),
        sa.CheckConstraint("leaf_count >= 0", name=op.f("ck_campaign_folding_count_not_negative")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_campaign_folding")),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO campaign_folding VALUES (1, 0, -1)")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in ("campaign_folding", "campaign_months", "campaign_postings"):
        op.drop_table(table)
