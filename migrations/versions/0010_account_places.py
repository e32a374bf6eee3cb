"""PromptPay ids belong to a bank account; an entry may have a line on each of two bank accounts."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import rules

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "1f1f157c300643ac"

_INTEGER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
_COMMENTS = {
    ("bank_accounts", "promptpay_biller_id"): "15 digits: bills are paid into this account",
    ("bank_accounts", "promptpay_id"): "digits: transfers come into this account",
    ("bank_accounts", "version"): "raised by every change",
    ("matches", "bank_account_code"): "the line''s; a trigger holds it to that",
}
_CHECKS = {
    "promptpay_biller_id": (
        "ck_bank_accounts_biller_id_digits",
        "promptpay_biller_id = '' OR (length(promptpay_biller_id) = 15"
        " AND trim(promptpay_biller_id, '0123456789') = '')",
    ),
    "promptpay_id": (
        "ck_bank_accounts_promptpay_id_digits",
        "promptpay_id = '' OR (length(promptpay_id) IN (10, 13, 15)"
        " AND trim(promptpay_id, '0123456789') = '')",
    ),
}


def upgrade() -> None:
    """Add the columns; each match takes the account of its line."""
    rules.take_out(op.get_bind())
    # Written out because SQLite takes a new column with its CHECK, and no CHECK after it.
    for column, (name, condition) in _CHECKS.items():
        op.execute(
            f"ALTER TABLE bank_accounts ADD COLUMN {column} TEXT DEFAULT '' NOT NULL\n"
            f"CONSTRAINT {name} CHECK ({condition})"
        )
    integer = _INTEGER[op.get_bind().dialect.name]
    op.execute(f"ALTER TABLE bank_accounts ADD COLUMN version {integer} DEFAULT 1 NOT NULL")
    op.execute("ALTER TABLE matches ADD COLUMN bank_account_code TEXT DEFAULT '' NOT NULL")
    op.execute(
        "UPDATE matches SET bank_account_code ="
        " (SELECT l.bank_account_code FROM statement_lines l WHERE l.id = matches.line_id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        for (table, column), comment in _COMMENTS.items():
            op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")
    op.drop_index("uq_matches_entry_active", "matches")
    _unique_entries(["journal_entry_id", "bank_account_code"])
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_index("uq_matches_entry_active", "matches")
    _unique_entries(["journal_entry_id"])
    op.drop_column("matches", "bank_account_code")
    for column in ("version", *_CHECKS):
        op.drop_column("bank_accounts", column)


def _unique_entries(columns: list[str]) -> None:
    active = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_matches_entry_active",
        "matches",
        columns,
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
