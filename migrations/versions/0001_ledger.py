"""Tables of the books."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, Flag, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "accounts",
    "balance_deltas",
    "journal_entries",
    "periods",
    "funds",
    "fund_accounts",
    "fund_balances",
    "monthly_balances",
    "postings",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("code", sa.Text(), nullable=False, comment="four digits, never changes"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "type IN ('asset', 'liability', 'net_assets', 'income', 'expense')",
            name=op.f("ck_accounts_type_known"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_accounts")),
        sqlite_strict=True,
    )
    op.create_table(
        "balance_deltas",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("entry_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("month_on", Day(), nullable=False, comment="first day of the entry's month"),
        sa.Column(
            "available_satang",
            BigInt,
            nullable=False,
            comment="effect on the fund's available money",
        ),
        sa.PrimaryKeyConstraint("fund_code", "entry_id", name=op.f("pk_balance_deltas")),
        sqlite_strict=True,
    )
    op.create_table(
        "journal_entries",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_on", Day(), nullable=False, comment="the day in the books"),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.Column(
            "memo",
            sa.Text(),
            nullable=False,
            comment="public, no personal data; a reversal's reason",
        ),
        sa.Column(
            "source_type",
            sa.Text(),
            nullable=False,
            comment="the kind of thing behind it, e.g. payment",
        ),
        sa.Column("source_ref", sa.Text(), nullable=False, comment="its public id"),
        sa.Column(
            "maker",
            sa.Text(),
            nullable=False,
            comment="public id of the user, or the name of a process",
        ),
        sa.Column("checker", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column(
            "private", sa.Text(), nullable=False, comment="commitment to facts kept elsewhere"
        ),
        sa.Column("reverses_entry_id", BigInt, nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the content that the key was used for",
        ),
        sa.Column("posting_count", BigInt, nullable=False),
        sa.Column("total_satang", BigInt, nullable=False),
        sa.Column(
            "canonical",
            sa.LargeBinary(),
            nullable=False,
            comment="the bytes that the leaf hash covers",
        ),
        sa.Column(
            "leaf_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256(0x00 || canonical), RFC 9162",
        ),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_entry_id IS NOT NULL)",
            name=op.f("ck_journal_entries_reversal_names_entry"),
        ),
        sa.CheckConstraint(
            "kind <> 'reversal' OR memo <> ''", name=op.f("ck_journal_entries_reversal_has_reason")
        ),
        sa.CheckConstraint(
            "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee', 'bank_interest', 'transfer', 'reversal')",
            name=op.f("ck_journal_entries_kind_known"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('assistance_approved', 'assistance_paid') OR (checker <> '' AND maker <> checker)",
            name=op.f("ck_journal_entries_two_people"),
        ),
        sa.CheckConstraint("maker <> ''", name=op.f("ck_journal_entries_maker_named")),
        sa.CheckConstraint(
            "length(leaf_hash) = 32", name=op.f("ck_journal_entries_leaf_hash_sha256")
        ),
        sa.CheckConstraint(
            "posting_count BETWEEN 1 AND 1000",
            name=op.f("ck_journal_entries_posting_count_in_range"),
        ),
        sa.CheckConstraint(
            "reverses_entry_id IS NULL OR reverses_entry_id < id",
            name=op.f("ck_journal_entries_reverses_earlier"),
        ),
        sa.CheckConstraint("total_satang > 0", name=op.f("ck_journal_entries_total_positive")),
        sa.ForeignKeyConstraint(
            ["reverses_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_journal_entries_reverses_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("id", "entry_on", "posting_count", name="uq_journal_entries_seal"),
        sa.UniqueConstraint("idempotency_key", name="uq_journal_entries_idempotency_key"),
        sa.UniqueConstraint("reverses_entry_id", name="uq_journal_entries_reverses_entry_id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_journal_entries_entry_on_id", "journal_entries", ["entry_on", "id"], unique=False
    )
    op.create_index(
        "ix_journal_entries_source", "journal_entries", ["source_type", "source_ref"], unique=False
    )
    op.create_table(
        "periods",
        sa.Column("starts_on", Day(), nullable=False, comment="first day of the month"),
        sa.Column("ends_on", Day(), nullable=False),
        sa.Column("fiscal_year", BigInt, nullable=False, comment="B.E. year in which it ends"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_periods_closed_at_when_closed"),
        ),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_periods_status_known")),
        sa.PrimaryKeyConstraint("starts_on", name=op.f("pk_periods")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_periods_fiscal_year"), "periods", ["fiscal_year"], unique=False)
    op.create_table(
        "funds",
        sa.Column("code", sa.Text(), nullable=False, comment="ASCII, never changes"),
        sa.Column("restriction", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.Column("purpose_th", sa.Text(), nullable=False, comment="shown where one chooses"),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("purpose_ms", sa.Text(), nullable=False),
        sa.Column("accepts_gifts", Flag(), nullable=False),
        sa.Column(
            "income_account_code",
            sa.Text(),
            nullable=True,
            comment="of its gifts; NULL: by what the donor is",
        ),
        sa.Column("position", BigInt, nullable=False, comment="order in lists"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "code <> '' AND code = upper(code)", name=op.f("ck_funds_code_upper_case")
        ),
        sa.CheckConstraint(
            "restriction IN ('unrestricted', 'restricted', 'zakat')",
            name=op.f("ck_funds_restriction_known"),
        ),
        sa.ForeignKeyConstraint(
            ["income_account_code"], ["accounts.code"], name=op.f("fk_funds_income_account_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_funds")),
        sqlite_strict=True,
    )
    op.create_table(
        "fund_accounts",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.CheckConstraint("account_code LIKE '1%'", name=op.f("ck_fund_accounts_asset_account")),
        sa.CheckConstraint("use IN ('cash', 'bank')", name=op.f("ck_fund_accounts_use_known")),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_fund_accounts_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_fund_accounts_fund_code")
        ),
        sa.PrimaryKeyConstraint("fund_code", "account_code", name=op.f("pk_fund_accounts")),
        sqlite_strict=True,
    )
    op.create_table(
        "fund_balances",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("available_satang", BigInt, nullable=False),
        sa.CheckConstraint("available_satang >= 0", name=op.f("ck_fund_balances_not_overspent")),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_fund_balances_fund_code")
        ),
        sa.PrimaryKeyConstraint("fund_code", name=op.f("pk_fund_balances")),
        sqlite_strict=True,
    )
    op.create_table(
        "monthly_balances",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("month_on", Day(), nullable=False, comment="first day of the month"),
        sa.Column("debit_satang", BigInt, nullable=False),
        sa.Column("credit_satang", BigInt, nullable=False),
        sa.CheckConstraint(
            "debit_satang >= 0 AND credit_satang >= 0",
            name=op.f("ck_monthly_balances_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_monthly_balances_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_monthly_balances_fund_code")
        ),
        sa.PrimaryKeyConstraint(
            "fund_code", "account_code", "month_on", name=op.f("pk_monthly_balances")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "postings",
        sa.Column("entry_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.Column("posting_count", BigInt, nullable=False),
        sa.Column("entry_on", Day(), nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("debit_account_code", sa.Text(), nullable=False),
        sa.Column("credit_account_code", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_postings_amount_positive")),
        sa.CheckConstraint(
            "debit_account_code <> credit_account_code", name=op.f("ck_postings_two_accounts")
        ),
        sa.CheckConstraint(
            "position BETWEEN 1 AND posting_count", name=op.f("ck_postings_position_in_entry")
        ),
        sa.ForeignKeyConstraint(
            ["credit_account_code"], ["accounts.code"], name=op.f("fk_postings_credit_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["debit_account_code"], ["accounts.code"], name=op.f("fk_postings_debit_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id", "entry_on", "posting_count"],
            ["journal_entries.id", "journal_entries.entry_on", "journal_entries.posting_count"],
            name="fk_postings_entry",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["fund_code"], ["funds.code"], name=op.f("fk_postings_fund_code")),
        sa.PrimaryKeyConstraint("entry_id", "position", name=op.f("pk_postings")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_postings_credit",
        "postings",
        ["credit_account_code", "entry_on", "entry_id", "position", "fund_code"],
        unique=False,
    )
    op.create_index(
        "ix_postings_debit",
        "postings",
        ["debit_account_code", "entry_on", "entry_id", "position", "fund_code"],
        unique=False,
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
