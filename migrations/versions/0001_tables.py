"""The tables, as the models state them."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, Flag, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


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
        "audit_events",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "actor",
            sa.Text(),
            nullable=False,
            comment="public id of a user, or the name of a process",
        ),
        sa.Column(
            "action", sa.Text(), nullable=False, comment="e.g. disbursements:request:approve"
        ),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="reason or detail; no personal data"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_events_actor", "audit_events", ["actor", "id"], unique=False)
    op.create_index(
        "ix_audit_events_subject",
        "audit_events",
        ["subject_type", "subject_ref", "id"],
        unique=False,
    )
    op.create_table(
        "balance_deltas",
        sa.Column("entry_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("position", BigInt, autoincrement=False, nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("debit_account_code", sa.Text(), nullable=False),
        sa.Column("credit_account_code", sa.Text(), nullable=False),
        sa.Column("month_on", Day(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column(
            "available_satang",
            BigInt,
            nullable=False,
            comment="effect on the fund's available money",
        ),
        sa.PrimaryKeyConstraint("entry_id", "position", name=op.f("pk_balance_deltas")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_balance_deltas_fund_code"), "balance_deltas", ["fund_code"], unique=False
    )
    op.create_table(
        "child_reads",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("child_ref", sa.Text(), nullable=False, comment="public id of the child"),
        sa.Column(
            "purpose",
            sa.Text(),
            nullable=False,
            comment="what it was read for: file, list, request …",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_reads")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_reads_child", "child_reads", ["child_ref", "id"], unique=False)
    op.create_index("ix_child_reads_reader", "child_reads", ["reader", "id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", BigInt, nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False, comment="of the bytes as stored"),
        sa.Column(
            "original_sha256", sa.LargeBinary(), nullable=False, comment="of the bytes as received"
        ),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_documents_sha256_length")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_documents_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_documents_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_documents_storage_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_documents_subject", "documents", ["subject_type", "subject_ref"], unique=False
    )
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
            ["income_account_code"],
            ["accounts.code"],
            name=op.f("fk_funds_income_account_code"),
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
        "guardians",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("phone_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guardians_public_id")),
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
            comment="SHA-256 of what the key stands for",
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
        "mail_messages",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column(
            "recipient_type", sa.Text(), nullable=False, comment="whose file keeps it, e.g. donor"
        ),
        sa.Column("recipient_ref", sa.Text(), nullable=False),
        sa.Column("about_type", sa.Text(), nullable=False),
        sa.Column("about_ref", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False, comment="not tried before this instant"),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", BigInt, nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("to_address <> ''", name=op.f("ck_mail_messages_addressed")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_messages_attempts_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_messages")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mail_messages_recipient",
        "mail_messages",
        ["recipient_type", "recipient_ref", "id"],
        unique=False,
    )
    op.create_index("ix_mail_messages_unsent", "mail_messages", ["sent_at", "due_at"], unique=False)
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
        "provinces",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.CheckConstraint("length(code) = 2", name=op.f("ck_provinces_code_two_digits")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_provinces")),
        sqlite_strict=True,
    )
    op.create_table(
        "receipt_counters",
        sa.Column("fiscal_year", BigInt, autoincrement=False, nullable=False),
        sa.Column("last_number", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("fiscal_year", name=op.f("pk_receipt_counters")),
        sqlite_strict=True,
    )
    op.create_table(
        "users",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "email = lower(email) AND email <> ''", name=op.f("ck_users_email_lower_case")
        ),
        sa.CheckConstraint("status IN ('active', 'disabled')", name=op.f("ck_users_status_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_users_public_id")),
        sqlite_strict=True,
    )
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
        "districts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(code) = 4 AND substr(code, 1, 2) = province_code",
            name=op.f("ck_districts_code_in_province"),
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["provinces.code"], name=op.f("fk_districts_province_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_districts")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_districts_province_code"), "districts", ["province_code"], unique=False
    )
    op.create_table(
        "donors",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("user_id", BigInt, nullable=True, comment="the donor's own sign-in"),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('individual', 'household', 'company', 'agency', 'mosque', 'school', 'unknown')",
            name=op.f("ck_donors_kind_known"),
        ),
        sa.CheckConstraint(
            "email IS NULL OR email = lower(email)", name=op.f("ck_donors_email_lower_case")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_donors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donors")),
        sa.UniqueConstraint("email", name=op.f("uq_donors_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_donors_public_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_donors_user_id")),
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
    op.create_table(
        "user_roles",
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('donor', 'case_manager', 'fund_officer', 'approver', 'auditor', 'administrator')",
            name=op.f("ck_user_roles_role_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
        sqlite_strict=True,
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column(
            "expires_at", UtcDateTime(), nullable=False, comment="absolute end, whatever is done"
        ),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 32", name=op.f("ck_user_sessions_token_hashed")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_user_sessions_token_sha256")),
        sqlite_strict=True,
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "disbursement_requests",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="readable, e.g. RQ…"),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column(
            "reason_encrypted",
            sa.LargeBinary(),
            nullable=False,
            comment="why; may speak of the child",
        ),
        sa.Column("payee_kind", sa.Text(), nullable=False),
        sa.Column("payee_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column(
            "payee_account_encrypted", sa.LargeBinary(), nullable=True, comment="bank and number"
        ),
        sa.Column("payout_method", sa.Text(), nullable=False),
        sa.Column("total_satang", BigInt, nullable=False, comment="sum of its lines"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False, comment="raised by every change"),
        sa.Column(
            "facts_sha256", sa.LargeBinary(), nullable=False, comment="of what is being decided on"
        ),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("approval_entry_id", BigInt, nullable=True),
        sa.CheckConstraint(
            "need IN ('living', 'education', 'travel', 'health', 'food')",
            name=op.f("ck_disbursement_requests_need_known"),
        ),
        sa.CheckConstraint(
            "payee_kind IN ('guardian', 'school')",
            name=op.f("ck_disbursement_requests_payee_kind_known"),
        ),
        sa.CheckConstraint(
            "payout_method IN ('transfer', 'promptpay', 'cash')",
            name=op.f("ck_disbursement_requests_payout_method_known"),
        ),
        sa.CheckConstraint(
            "status IN ('submitted', 'returned', 'approved', 'rejected', 'cancelled', 'paid', 'confirmed', 'problem')",
            name=op.f("ck_disbursement_requests_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paid', 'confirmed', 'problem') OR approval_entry_id IS NOT NULL",
            name=op.f("ck_disbursement_requests_approved_is_booked"),
        ),
        sa.CheckConstraint(
            "total_satang > 0", name=op.f("ck_disbursement_requests_total_positive")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_disbursement_requests_version_from_one")),
        sa.ForeignKeyConstraint(
            ["approval_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_disbursement_requests_approval_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"],
            ["districts.code"],
            name=op.f("fk_disbursement_requests_district_code"),
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_disbursement_requests_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["users.id"], name=op.f("fk_disbursement_requests_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement_requests")),
        sa.UniqueConstraint(
            "approval_entry_id", name=op.f("uq_disbursement_requests_approval_entry_id")
        ),
        sa.UniqueConstraint(
            "id", "requested_by_id", "total_satang", name="uq_disbursement_requests_total"
        ),
        sa.UniqueConstraint("id", "requested_by_id", name="uq_disbursement_requests_asker"),
        sa.UniqueConstraint("number", name=op.f("uq_disbursement_requests_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disbursement_requests_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_disbursement_requests_district",
        "disbursement_requests",
        ["district_code", "id"],
        unique=False,
    )
    op.create_index(
        "ix_disbursement_requests_fund",
        "disbursement_requests",
        ["fund_code", "status"],
        unique=False,
    )
    op.create_index(
        "ix_disbursement_requests_status", "disbursement_requests", ["status", "id"], unique=False
    )
    op.create_table(
        "pledges",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column(
            "token", sa.Text(), nullable=False, comment="opens the pledge's page; never guessable"
        ),
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column(
            "amount_satang",
            BigInt,
            nullable=False,
            comment="the total of a counted pledge; of an open-ended one the amount each time",
        ),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("instalment_count", BigInt, nullable=True, comment="NULL: open-ended"),
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column(
            "donor_name", sa.Text(), nullable=False, comment="as the donor wrote it for this pledge"
        ),
        sa.Column("is_anonymous", Flag(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "idempotency_key",
            sa.Text(),
            nullable=True,
            comment="the form it was sent with; the same form sent again makes no second pledge",
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "frequency <> 'once' OR instalment_count = 1", name=op.f("ck_pledges_once_is_one")
        ),
        sa.CheckConstraint(
            "frequency IN ('once', 'monthly', 'quarterly', 'term', 'yearly')",
            name=op.f("ck_pledges_frequency_known"),
        ),
        sa.CheckConstraint(
            "method IN ('promptpay', 'transfer', 'card', 'cash', 'cheque')",
            name=op.f("ck_pledges_method_known"),
        ),
        sa.CheckConstraint(
            "status IN ('active', 'completed', 'paused', 'cancelled')",
            name=op.f("ck_pledges_status_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_pledges_amount_positive")),
        sa.CheckConstraint(
            "instalment_count IS NULL OR instalment_count BETWEEN 1 AND 600",
            name=op.f("ck_pledges_count_in_range"),
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_pledges_donor_id")),
        sa.ForeignKeyConstraint(["fund_code"], ["funds.code"], name=op.f("fk_pledges_fund_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint("idempotency_key", name="uq_pledges_idempotency_key"),
        sa.UniqueConstraint("token", name=op.f("uq_pledges_token")),
        sqlite_strict=True,
    )
    op.create_index("ix_pledges_created_at_id", "pledges", ["created_at", "id"], unique=False)
    op.create_index("ix_pledges_donor_id", "pledges", ["donor_id"], unique=False)
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
        "subdistricts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(code) = 6 AND substr(code, 1, 4) = district_code",
            name=op.f("ck_subdistricts_code_in_district"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_subdistricts_district_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_subdistricts")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_subdistricts_district_code"), "subdistricts", ["district_code"], unique=False
    )
    op.create_table(
        "user_districts",
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_user_districts_district_code")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_districts_user_id")),
        sa.PrimaryKeyConstraint("user_id", "district_code", name=op.f("pk_user_districts")),
        sqlite_strict=True,
    )
    op.create_table(
        "approvals",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("version", BigInt, nullable=False, comment="of the request that was decided on"),
        sa.Column("facts_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("approver_id", BigInt, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "decision = 'approve' OR reason <> ''", name=op.f("ck_approvals_refusal_has_reason")
        ),
        sa.CheckConstraint(
            "decision IN ('approve', 'return', 'reject')", name=op.f("ck_approvals_decision_known")
        ),
        sa.CheckConstraint("approver_id <> requested_by_id", name=op.f("ck_approvals_two_people")),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["users.id"], name=op.f("fk_approvals_approver_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_approvals_asker",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint(
            "request_id", "approver_id", "decision", "id", name="uq_approvals_approver"
        ),
        sa.UniqueConstraint("request_id", "version", name="uq_approvals_version"),
        sqlite_strict=True,
    )
    op.create_table(
        "children",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="says nothing about the child"),
        sa.Column("given_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("family_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("birth_on_encrypted", sa.LargeBinary(), nullable=False, comment="ISO day"),
        sa.Column("id_kind", sa.Text(), nullable=False),
        sa.Column("id_number_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_lookup", sa.LargeBinary(), nullable=True),
        sa.Column(
            "person_lookup",
            sa.LargeBinary(),
            nullable=False,
            comment="keyed hash of names and birth date, to notice one child registered twice",
        ),
        sa.Column("guardian_id", BigInt, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("subdistrict_code", sa.Text(), nullable=True),
        sa.Column("school_name", sa.Text(), nullable=False, comment="empty: not at school"),
        sa.Column("target_group", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("closed_on", Day(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("registered_by_id", BigInt, nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(id_kind = 'none') = (id_number_encrypted IS NULL)",
            name=op.f("ck_children_id_when_any"),
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_on IS NOT NULL) AND (closed_on IS NULL) = (close_reason IS NULL)",
            name=op.f("ck_children_closed_with_reason"),
        ),
        sa.CheckConstraint(
            "close_reason IN ('finished', 'moved_away', 'other_support', 'not_reached', 'consent_withdrawn', 'died', 'mistake')",
            name=op.f("ck_children_close_reason_known"),
        ),
        sa.CheckConstraint(
            "id_kind IN ('thai_pin', 'no_nationality', 'gcode', 'passport', 'other', 'none')",
            name=op.f("ck_children_id_kind_known"),
        ),
        sa.CheckConstraint(
            "relation IN ('mother', 'father', 'legal_guardian', 'grandparent', 'relative', 'other')",
            name=op.f("ck_children_relation_known"),
        ),
        sa.CheckConstraint("status IN ('active', 'closed')", name=op.f("ck_children_status_known")),
        sa.CheckConstraint(
            "target_group IN ('early_childhood', 'out_of_school', 'at_risk', 'teen_mother', 'poor_student', 'disability')",
            name=op.f("ck_children_target_group_known"),
        ),
        sa.CheckConstraint(
            "(id_number_encrypted IS NULL) = (id_number_lookup IS NULL)",
            name=op.f("ck_children_id_can_be_found"),
        ),
        sa.CheckConstraint(
            "length(person_lookup) = 32", name=op.f("ck_children_person_lookup_hashed")
        ),
        sa.CheckConstraint(
            "subdistrict_code IS NULL OR substr(subdistrict_code, 1, 4) = district_code",
            name=op.f("ck_children_subdistrict_in_district"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["districts.code"], name=op.f("fk_children_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardians.id"], name=op.f("fk_children_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["users.id"], name=op.f("fk_children_registered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["subdistrict_code"], ["subdistricts.code"], name=op.f("fk_children_subdistrict_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("code", name=op.f("uq_children_code")),
        sa.UniqueConstraint("id_number_lookup", name=op.f("uq_children_id_number_lookup")),
        sa.UniqueConstraint("public_id", name=op.f("uq_children_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_children_district_code_id", "children", ["district_code", "id"], unique=False
    )
    op.create_index(op.f("ix_children_guardian_id"), "children", ["guardian_id"], unique=False)
    op.create_index("ix_children_person_lookup", "children", ["person_lookup"], unique=False)
    op.create_table(
        "instalments",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("pledge_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, comment="ref1 of the PromptPay QR"),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column(
            "paid_satang",
            BigInt,
            nullable=False,
            comment="sum of the allocations of payments that count",
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_instalments_amount_positive")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_instalments_number_from_one")),
        sa.CheckConstraint(
            "paid_satang BETWEEN 0 AND amount_satang",
            name=op.f("ck_instalments_paid_within_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_instalments_pledge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
        sa.UniqueConstraint("pledge_id", "number", name="uq_instalments_pledge_number"),
        sa.UniqueConstraint("reference", name=op.f("uq_instalments_reference")),
        sqlite_strict=True,
    )
    op.create_index("ix_instalments_due_on", "instalments", ["due_on"], unique=False)
    op.create_index(
        "ix_instalments_part_paid",
        "instalments",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("paid_satang > 0 AND paid_satang < amount_satang"),
        postgresql_where=sa.text("paid_satang > 0 AND paid_satang < amount_satang"),
    )
    op.create_index(
        "ix_instalments_unpaid",
        "instalments",
        ["amount_satang", "due_on"],
        unique=False,
        sqlite_where=sa.text("paid_satang = 0"),
        postgresql_where=sa.text("paid_satang = 0"),
    )
    op.create_table(
        "payments",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("pledge_id", BigInt, nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column(
            "received_on", Day(), nullable=False, comment="the gift date; matching never changes it"
        ),
        sa.Column("is_anonymous", Flag(), nullable=False),
        sa.Column(
            "external_ref",
            sa.Text(),
            nullable=True,
            comment="what makes it one: e.g. bank line, cash slip; a second use is refused",
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False),
        sa.Column("reversal_entry_id", BigInt, nullable=True),
        sa.Column(
            "recorded_by", sa.Text(), nullable=False, comment="public id of a user, or a process"
        ),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(status = 'reversed') = (reversal_entry_id IS NOT NULL)",
            name=op.f("ck_payments_reversed_in_books"),
        ),
        sa.CheckConstraint(
            "method IN ('promptpay', 'transfer', 'card', 'cash', 'cheque')",
            name=op.f("ck_payments_method_known"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'reversed')", name=op.f("ck_payments_status_known")
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_payments_amount_positive")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_payments_donor_id")),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"], ["journal_entries.id"], name=op.f("fk_payments_journal_entry_id")
        ),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_payments_pledge_id")),
        sa.ForeignKeyConstraint(
            ["reversal_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_payments_reversal_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_payments_journal_entry_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payments_public_id")),
        sa.UniqueConstraint("reversal_entry_id", name=op.f("uq_payments_reversal_entry_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_payments_donor_id", "payments", ["donor_id"], unique=False)
    op.create_index("ix_payments_pledge_id", "payments", ["pledge_id"], unique=False)
    op.create_index("ix_payments_received_on_id", "payments", ["received_on", "id"], unique=False)
    op.create_index(
        "uq_payments_external_ref",
        "payments",
        ["external_ref"],
        unique=True,
        sqlite_where=sa.text("status = 'received'"),
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_table(
        "proofs",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("confirmed_on", Day(), nullable=False),
        sa.Column(
            "confirmed_by_encrypted",
            sa.LargeBinary(),
            nullable=False,
            comment="name of who confirmed",
        ),
        sa.Column("note_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("document_id", BigInt, nullable=True),
        sa.Column("filed_by_id", BigInt, nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'received' OR note_encrypted IS NOT NULL",
            name=op.f("ck_proofs_problem_is_told"),
        ),
        sa.CheckConstraint(
            "outcome IN ('received', 'not_received', 'problem')",
            name=op.f("ck_proofs_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_proofs_document_id")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["users.id"], name=op.f("fk_proofs_filed_by_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["disbursement_requests.id"], name=op.f("fk_proofs_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proofs_request_id"), "proofs", ["request_id"], unique=False)
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
        "allocations",
        sa.Column("payment_id", BigInt, nullable=False),
        sa.Column("instalment_id", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_allocations_amount_positive")),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_allocations_instalment_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_allocations_payment_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", "instalment_id", name=op.f("pk_allocations")),
        sqlite_strict=True,
    )
    op.create_index("ix_allocations_instalment_id", "allocations", ["instalment_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("signer_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column(
            "note_encrypted", sa.LargeBinary(), nullable=True, comment="why this person signs"
        ),
        sa.Column("signed_on", Day(), nullable=False),
        sa.Column("expires_on", Day(), nullable=True),
        sa.Column("withdrawn_on", Day(), nullable=True),
        sa.Column("recorded_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('keep_file', 'sensitive_facts', 'photograph')",
            name=op.f("ck_consents_kind_known"),
        ),
        sa.CheckConstraint(
            "relation IN ('mother', 'father', 'legal_guardian') OR note_encrypted IS NOT NULL",
            name=op.f("ck_consents_other_signer_explained"),
        ),
        sa.CheckConstraint(
            "relation IN ('mother', 'father', 'legal_guardian', 'grandparent', 'relative', 'other')",
            name=op.f("ck_consents_relation_known"),
        ),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on > signed_on", name=op.f("ck_consents_expires_later")
        ),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= signed_on",
            name=op.f("ck_consents_withdrawn_not_before"),
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_consents_child_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_consents_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sqlite_strict=True,
    )
    op.create_index("ix_consents_child_id", "consents", ["child_id"], unique=False)
    op.create_table(
        "designations",
        sa.Column("payment_id", BigInt, nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_designations_amount_positive")),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_designations_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_designations_payment_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", "fund_code", name=op.f("pk_designations")),
        sqlite_strict=True,
    )
    op.create_table(
        "payouts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False, comment="readable, shown to the bank: PV…"),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("approval_id", BigInt, nullable=False),
        sa.Column("approver_id", BigInt, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False, comment="copied, as the actors are"),
        sa.Column("payer_id", BigInt, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("paid_from_account_code", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("paid_on", Day(), nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("decision = 'approve'", name=op.f("ck_payouts_rests_on_approval")),
        sa.CheckConstraint(
            "method IN ('transfer', 'promptpay', 'cash')", name=op.f("ck_payouts_method_known")
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_payouts_amount_positive")),
        sa.CheckConstraint(
            "payer_id <> requested_by_id AND payer_id <> approver_id AND approver_id <> requested_by_id",
            name=op.f("ck_payouts_three_people"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"], ["journal_entries.id"], name=op.f("fk_payouts_journal_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_from_account_code"],
            ["accounts.code"],
            name=op.f("fk_payouts_paid_from_account_code"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["users.id"], name=op.f("fk_payouts_payer_id")),
        sa.ForeignKeyConstraint(
            ["request_id", "approver_id", "decision", "approval_id"],
            ["approvals.request_id", "approvals.approver_id", "approvals.decision", "approvals.id"],
            name="fk_payouts_approval",
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id", "amount_satang"],
            [
                "disbursement_requests.id",
                "disbursement_requests.requested_by_id",
                "disbursement_requests.total_satang",
            ],
            name="fk_payouts_request",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_payouts_journal_entry_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payouts_public_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_payouts_request_id")),
        sa.UniqueConstraint("voucher", name=op.f("uq_payouts_voucher")),
        sqlite_strict=True,
    )
    op.create_table(
        "receipts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("fiscal_year", BigInt, nullable=False, comment="B.E."),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("payment_id", BigInt, nullable=False),
        sa.Column("issued_on", Day(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column(
            "donor_name", sa.Text(), nullable=False, comment="empty when the gift is anonymous"
        ),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("received_on", Day(), nullable=False),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason = '')", name=op.f("ck_receipts_void_has_reason")
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_receipts_amount_positive")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_receipts_number_from_one")),
        sa.ForeignKeyConstraint(["fund_code"], ["funds.code"], name=op.f("fk_receipts_fund_code")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_receipts_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("code", name=op.f("uq_receipts_code")),
        sa.UniqueConstraint("fiscal_year", "number", name="uq_receipts_year_number"),
        sa.UniqueConstraint("payment_id", name=op.f("uq_receipts_payment_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "request_lines",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_request_lines_amount_positive")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_request_lines_child_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["disbursement_requests.id"], name=op.f("fk_request_lines_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_lines")),
        sa.UniqueConstraint("request_id", "child_id", name="uq_request_lines_child"),
        sqlite_strict=True,
    )
    op.create_index("ix_request_lines_child_id", "request_lines", ["child_id"], unique=False)
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


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(
        "uq_matches_payout_active",
        table_name="matches",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index(
        "uq_matches_payment_active",
        table_name="matches",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index(
        "uq_matches_line_active",
        table_name="matches",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index(
        "uq_matches_entry_active",
        table_name="matches",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index("ix_matches_line_id", table_name="matches")
    op.drop_table("matches")
    op.drop_index("ix_request_lines_child_id", table_name="request_lines")
    op.drop_table("request_lines")
    op.drop_table("receipts")
    op.drop_table("payouts")
    op.drop_table("designations")
    op.drop_index("ix_consents_child_id", table_name="consents")
    op.drop_table("consents")
    op.drop_index("ix_allocations_instalment_id", table_name="allocations")
    op.drop_table("allocations")
    op.drop_index("ix_statement_lines_status", table_name="statement_lines")
    op.drop_index("ix_statement_lines_statement", table_name="statement_lines")
    op.drop_index("ix_statement_lines_detail", table_name="statement_lines")
    op.drop_index("ix_statement_lines_day", table_name="statement_lines")
    op.drop_table("statement_lines")
    op.drop_index(op.f("ix_proofs_request_id"), table_name="proofs")
    op.drop_table("proofs")
    op.drop_index(
        "uq_payments_external_ref",
        table_name="payments",
        sqlite_where=sa.text("status = 'received'"),
        postgresql_where=sa.text("status = 'received'"),
    )
    op.drop_index("ix_payments_received_on_id", table_name="payments")
    op.drop_index("ix_payments_pledge_id", table_name="payments")
    op.drop_index("ix_payments_donor_id", table_name="payments")
    op.drop_table("payments")
    op.drop_index(
        "ix_instalments_unpaid",
        table_name="instalments",
        sqlite_where=sa.text("paid_satang = 0"),
        postgresql_where=sa.text("paid_satang = 0"),
    )
    op.drop_index(
        "ix_instalments_part_paid",
        table_name="instalments",
        sqlite_where=sa.text("paid_satang > 0 AND paid_satang < amount_satang"),
        postgresql_where=sa.text("paid_satang > 0 AND paid_satang < amount_satang"),
    )
    op.drop_index("ix_instalments_due_on", table_name="instalments")
    op.drop_table("instalments")
    op.drop_index("ix_children_person_lookup", table_name="children")
    op.drop_index(op.f("ix_children_guardian_id"), table_name="children")
    op.drop_index("ix_children_district_code_id", table_name="children")
    op.drop_table("children")
    op.drop_table("approvals")
    op.drop_table("user_districts")
    op.drop_index(op.f("ix_subdistricts_district_code"), table_name="subdistricts")
    op.drop_table("subdistricts")
    op.drop_index("ix_statements_days", table_name="statements")
    op.drop_table("statements")
    op.drop_index("ix_pledges_donor_id", table_name="pledges")
    op.drop_index("ix_pledges_created_at_id", table_name="pledges")
    op.drop_table("pledges")
    op.drop_index("ix_disbursement_requests_status", table_name="disbursement_requests")
    op.drop_index("ix_disbursement_requests_fund", table_name="disbursement_requests")
    op.drop_index("ix_disbursement_requests_district", table_name="disbursement_requests")
    op.drop_table("disbursement_requests")
    op.drop_index("ix_user_sessions_user_id", table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_table("user_roles")
    op.drop_index("ix_postings_debit", table_name="postings")
    op.drop_index("ix_postings_credit", table_name="postings")
    op.drop_table("postings")
    op.drop_table("monthly_balances")
    op.drop_table("fund_balances")
    op.drop_table("donors")
    op.drop_index(op.f("ix_districts_province_code"), table_name="districts")
    op.drop_table("districts")
    op.drop_table("bank_accounts")
    op.drop_table("users")
    op.drop_table("receipt_counters")
    op.drop_table("provinces")
    op.drop_index(op.f("ix_periods_fiscal_year"), table_name="periods")
    op.drop_table("periods")
    op.drop_index("ix_mail_messages_unsent", table_name="mail_messages")
    op.drop_index("ix_mail_messages_recipient", table_name="mail_messages")
    op.drop_table("mail_messages")
    op.drop_index("ix_journal_entries_source", table_name="journal_entries")
    op.drop_index("ix_journal_entries_entry_on_id", table_name="journal_entries")
    op.drop_table("journal_entries")
    op.drop_table("guardians")
    op.drop_table("fund_accounts")
    op.drop_table("funds")
    op.drop_index("ix_documents_subject", table_name="documents")
    op.drop_table("documents")
    op.drop_index("ix_child_reads_reader", table_name="child_reads")
    op.drop_index("ix_child_reads_child", table_name="child_reads")
    op.drop_table("child_reads")
    op.drop_index(op.f("ix_balance_deltas_fund_code"), table_name="balance_deltas")
    op.drop_table("balance_deltas")
    op.drop_index("ix_audit_events_subject", table_name="audit_events")
    op.drop_index("ix_audit_events_actor", table_name="audit_events")
    op.drop_table("audit_events")
    op.drop_table("accounts")
