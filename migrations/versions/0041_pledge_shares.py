"""A pledge may be given to several funds by shares; instalments are written off with a reason."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Flag, UtcDateTime, checks, rules

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "12adec5ad5332a14"
_OLD_KINDS = (
    "kind IN ('decision', 'cancellation', 'reversal', 'payment_note', 'line', 'child_facts',"
    " 'duplicate')"
)
_KINDS = _OLD_KINDS.replace("'duplicate'", "'pledge', 'duplicate'")


def upgrade() -> None:
    """Create the tables; pledges that there are go to one fund."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.add_column(
        "pledges",
        sa.Column(
            "is_split",
            Flag(),
            server_default=sa.false(),
            nullable=False,
            comment="given to several funds by its shares",
        ),
    )
    op.create_table(
        "pledge_shares",
        sa.Column("pledge_id", BigInt, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("share", BigInt, nullable=False, comment="satang, or hundredths of a percent"),
        sa.Column("whole", BigInt, nullable=False, comment="what the shares add up to"),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "unit IN ('amount', 'percent')", name=op.f("ck_pledge_shares_unit_known")
        ),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 10", name=op.f("ck_pledge_shares_number_in_range")
        ),
        sa.CheckConstraint(
            "share > 0 AND share < whole", name=op.f("ck_pledge_shares_share_of_whole")
        ),
        sa.CheckConstraint(
            "unit <> 'percent' OR whole = 10000",
            name=op.f("ck_pledge_shares_percent_of_hundred"),
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_pledge_shares_pledge_id")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_pledge_shares_fund_code")
        ),
        sa.PrimaryKeyConstraint("pledge_id", "number", name=op.f("pk_pledge_shares")),
        sa.UniqueConstraint("pledge_id", "fund_code", name="uq_pledge_shares_fund"),
        sqlite_strict=True,
    )
    op.create_index("ix_pledge_shares_fund_code", "pledge_shares", ["fund_code"])
    op.create_table(
        "write_offs",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("instalment_id", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False, comment="public id of a user"),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_satang <> 0", name=op.f("ck_write_offs_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_write_offs_instalment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_offs")),
        sqlite_strict=True,
    )
    op.create_index("ix_write_offs_instalment_id", "write_offs", ["instalment_id"])
    checks.replace_check(connection, "remarks", "ck_remarks_kind_known", _OLD_KINDS, _KINDS)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them; a reason of a change of a pledge stops this."""
    connection = op.get_bind()
    rules.take_out(connection)
    checks.replace_check(connection, "remarks", "ck_remarks_kind_known", _KINDS, _OLD_KINDS)
    op.drop_table("write_offs")
    op.drop_table("pledge_shares")
    op.drop_column("pledges", "is_split")
