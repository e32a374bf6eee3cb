"""Tables of the bank's side."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "bank_accounts",
    "statements",
    "statement_lines",
    "matches",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "bank_accounts",
        sa.Column("code", sa.Text(), nullable=False, comment="short name, e.g. KTB-MAIN"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bank_code", sa.Text(), nullable=False, comment="three digits, Bank of Thailand"),
        sa.Column(
            "account_number",
            sa.Text(),
            nullable=False,
            comment="the fund's own, printed on pay pages",
        ),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_bank_accounts_account_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_bank_accounts")),
        sa.UniqueConstraint("account_code", name=op.f("uq_bank_accounts_account_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "statements",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("bank_account_code", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("to_on", Day(), nullable=False),
        sa.Column("opening_satang", BigInt, nullable=False),
        sa.Column("closing_satang", BigInt, nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_statements_from_before_to")),
        sa.CheckConstraint(
            "length(file_sha256) = 32", name=op.f("ck_statements_file_sha256_length")
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_code"],
            ["bank_accounts.code"],
            name=op.f("fk_statements_bank_account_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("bank_account_code", "file_sha256", name="uq_statements_file"),
        sa.UniqueConstraint("public_id", name=op.f("uq_statements_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_statements_days", "statements", ["bank_account_code", "from_on"], unique=False
    )
    op.create_table(
        "statement_lines",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("statement_id", BigInt, nullable=False),
        sa.Column("bank_account_code", sa.Text(), nullable=False),
        sa.Column(
            "fingerprint",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of day, time, text, amounts, balance and its place among equals",
        ),
        sa.Column("row_number", BigInt, nullable=False),
        sa.Column("booked_on", Day(), nullable=False),
        sa.Column("booked_time", sa.Text(), nullable=False, comment="HH:MM or empty"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("withdrawal_satang", BigInt, nullable=False),
        sa.Column("deposit_satang", BigInt, nullable=False),
        sa.Column("balance_satang", BigInt, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status <> 'ignored' OR status_reason <> ''",
            name=op.f("ck_statement_lines_ignored_has_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('unmatched', 'matched', 'held', 'ignored')",
            name=op.f("ck_statement_lines_status_known"),
        ),
        sa.CheckConstraint(
            "(withdrawal_satang > 0 AND deposit_satang = 0) OR (withdrawal_satang = 0 AND deposit_satang > 0)",
            name=op.f("ck_statement_lines_one_direction"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_code"],
            ["bank_accounts.code"],
            name=op.f("fk_statement_lines_bank_account_code"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_lines_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint(
            "bank_account_code", "fingerprint", name="uq_statement_lines_fingerprint"
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_statement_lines_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_statement_lines_day",
        "statement_lines",
        ["bank_account_code", "booked_on", "id"],
        unique=False,
    )
    op.create_index("ix_statement_lines_detail", "statement_lines", ["detail"], unique=False)
    op.create_index(
        "ix_statement_lines_statement",
        "statement_lines",
        ["statement_id", "row_number"],
        unique=False,
    )
    op.create_index(
        "ix_statement_lines_status", "statement_lines", ["status", "booked_on", "id"], unique=False
    )
    op.create_table(
        "matches",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("line_id", BigInt, nullable=False),
        sa.Column("payment_id", BigInt, nullable=True),
        sa.Column("payout_id", BigInt, nullable=True),
        sa.Column("journal_entry_id", BigInt, nullable=True),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="why this line belongs to this: sentences with their values, as JSON",
        ),
        sa.Column("matched_by", sa.Text(), nullable=False),
        sa.Column("matched_at", UtcDateTime(), nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_matches_has_reason")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_matches_undone_by_somebody")
        ),
        sa.CheckConstraint(
            "CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END + CASE WHEN payout_id IS NULL THEN 0 ELSE 1 END + CASE WHEN journal_entry_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_matches_one_target"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"], ["journal_entries.id"], name=op.f("fk_matches_journal_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["statement_lines.id"], name=op.f("fk_matches_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_matches_payment_id")
        ),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_matches_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sqlite_strict=True,
    )
    op.create_index("ix_matches_line_id", "matches", ["line_id"], unique=False)
    op.create_index(
        "uq_matches_entry_active",
        "matches",
        ["journal_entry_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        "uq_matches_line_active",
        "matches",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        "uq_matches_payment_active",
        "matches",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        "uq_matches_payout_active",
        "matches",
        ["payout_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
