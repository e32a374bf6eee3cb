"""Tables of money in."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, Flag, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "receipt_counters",
    "donors",
    "pledges",
    "instalments",
    "payments",
    "allocations",
    "designations",
    "receipts",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "receipt_counters",
        sa.Column("fiscal_year", BigInt, autoincrement=False, nullable=False),
        sa.Column("last_number", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("fiscal_year", name=op.f("pk_receipt_counters")),
        sqlite_strict=True,
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
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
