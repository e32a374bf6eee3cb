"""Funds that are frozen or closed, their settings and tax wordings; frozen bank accounts."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, rules

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "898dfc2004769558"

_AMOUNT = "BIGINT"
#: Table, column, type, default, name and rule of its CHECK, comment. Both databases add a column
#: together with its CHECK, without copying the table.
_COLUMNS = (
    (
        "funds",
        "status",
        "TEXT",
        "'open'",
        "status_known",
        "status IN ('open', 'frozen', 'closed')",
        "",
    ),
    (
        "funds",
        "minimum_satang",
        _AMOUNT,
        "0",
        "minimum_in_range",
        "minimum_satang BETWEEN 0 AND 10000000",
        "the least of a new gift; 0: any amount",
    ),
    (
        "funds",
        "goal_satang",
        _AMOUNT,
        None,
        "goal_positive",
        "goal_satang IS NULL OR goal_satang > 0",
        "what is to be raised, shown where one chooses; NULL: no goal",
    ),
    (
        "funds",
        "tax_wording_number",
        _AMOUNT,
        "1",
        None,
        "",
        "the wording that new receipts carry",
    ),
    (
        "receipts",
        "tax_wording_number",
        _AMOUNT,
        "1",
        None,
        "",
        "which of the fund's wordings it says about tax",
    ),
    (
        "bank_accounts",
        "is_frozen",
        "FLAG",
        "FALSE",
        None,
        "",
        "donors are not shown it, and nothing is paid or moved out of it",
    ),
)
#: What receipts said before, in every fund.
_TEXTS = {
    "text_th": "เงินบริจาคนี้ไม่ได้ขึ้นทะเบียนเพื่อใช้ลดหย่อนภาษี",
    "text_en": "This gift is not registered for a tax deduction.",
    "text_ms": "Derma ini tidak didaftarkan untuk potongan cukai.",
}


def upgrade() -> None:
    """Every fund is open, and its receipts go on saying what they said."""
    rules.take_out(op.get_bind())
    for column in _COLUMNS:
        _add_column(*column)
    wordings = op.create_table(
        "tax_wordings",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("text_th", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_ms", sa.Text(), nullable=False),
        sa.Column("since_on", Day, nullable=False, comment="the day on which it was confirmed"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_tax_wordings_number_from_one")),
        sa.CheckConstraint(
            "text_th <> '' AND text_en <> '' AND text_ms <> ''",
            name=op.f("ck_tax_wordings_has_text"),
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_tax_wordings_fund_code")
        ),
        sa.PrimaryKeyConstraint("fund_code", "number", name=op.f("pk_tax_wordings")),
        sqlite_strict=True,
    )
    funds = sa.table("funds", sa.column("code", sa.Text), sa.column("created_at", sa.Text))
    day = sa.func.substr(sa.cast(funds.c.created_at, sa.Text), 1, 10)
    if op.get_bind().dialect.name == "postgresql":
        day = sa.cast(day, sa.Date)
    texts = [sa.literal(text) for text in _TEXTS.values()]
    rows = sa.select(funds.c.code, sa.literal(1, BigInt), *texts, day)
    op.execute(wordings.insert().from_select(["fund_code", "number", *_TEXTS, "since_on"], rows))
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them: a fund that was frozen or closed takes part again."""
    rules.take_out(op.get_bind())
    op.drop_table("tax_wordings")
    for table, column, *_ in reversed(_COLUMNS):
        op.drop_column(table, column)


def _add_column(
    table: str, column: str, kind: str, default: str | None, name: str | None, rule: str, text: str
) -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    types = {
        _AMOUNT: BigInt.compile(dialect=op.get_bind().dialect),
        "FLAG": "BOOLEAN" if is_postgresql else "INTEGER",
    }
    if kind == "FLAG" and not is_postgresql:
        default = "0"
    filled = "" if default is None else f" DEFAULT {default} NOT NULL"
    check = f" CONSTRAINT ck_{table}_{name} CHECK ({rule})" if name else ""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {types.get(kind, kind)}{filled}{check}")
    if is_postgresql and text:
        op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{text.replace(chr(39), chr(39) * 2)}'")
