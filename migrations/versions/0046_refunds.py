"""Refunds that the office pays: wishes of donors, accounts, payments, and their entries; where
pages of the card processor were asked for.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import (
    BigInt,
    Bytes,
    Day,
    UtcDateTime,
    checks,
    encrypted_columns,
    is_postgresql,
    rules,
)

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "cbb20cd56c67aeda"

_KINDS = (
    "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
    " 'bank_interest', 'transfer', 'suspense', 'reversal', 'gift_returned'"
)
_UNDONE = "kind IN ('reversal', 'gift_returned'"
_LATER = "kind NOT IN ('reversal', 'gift_returned'"
_HELP = "kind NOT IN ('assistance_approved', 'assistance_paid'"
_TWO = " OR (checker <> '' AND maker <> checker)"
#: CHECKs of journal_entries on SQLite; on PostgreSQL a trigger keeps them. Name, before, after.
_CHANGED = (
    (
        "kind_known",
        f"{_KINDS}, 'card_payout')",
        f"{_KINDS}, 'gift_refunded', 'refund_paid', 'card_payout')",
    ),
    (
        "reversal_names_entry",
        f"({_UNDONE})) = (reverses_entry_id IS NOT NULL)",
        f"({_UNDONE}, 'gift_refunded')) = (reverses_entry_id IS NOT NULL)",
    ),
    (
        "reversal_has_reason",
        f"{_LATER}) OR memo <> ''",
        f"{_LATER}, 'gift_refunded') OR memo <> ''",
    ),
    ("two_people", f"{_HELP}){_TWO}", f"{_HELP}, 'gift_refunded', 'refund_paid'){_TWO}"),
)
_WAYS = "IN ('transfer', 'cash')"
_REFUSALS = "IN ('used', 'not_giver', 'no_account', 'changed_mind', 'mistake')"
_TABLES = (
    "refund_requests",
    "office_refunds",
    "refund_accounts",
    "refund_payments",
    "checkout_origins",
)


def upgrade() -> None:
    """Create the tables, and let the books hold the entries."""
    connection = op.get_bind()
    rules.take_out(connection)
    if not is_postgresql(connection):
        for name, old, new in _CHANGED:
            checks.replace_check(
                connection, "journal_entries", f"ck_journal_entries_{name}", old, new
            )
    _create_requests()
    _create_office_refunds()
    _create_accounts()
    _create_payments()
    _create_origins()
    encrypted_columns.require_encryption(
        connection, "refund_accounts", "account_encrypted", "holder_encrypted"
    )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Take them away; the books must hold nothing that only these allow."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in reversed(_TABLES):
        op.drop_table(table)
    if not is_postgresql(connection):
        for name, old, new in reversed(_CHANGED):
            checks.replace_check(
                connection, "journal_entries", f"ck_journal_entries_{name}", new, old
            )


def _text(name: str, comment: str | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _create_requests() -> None:
    op.create_table(
        "refund_requests",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        _text("public_id"),
        sa.Column("payment_id", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        _text("way"),
        _text("status"),
        _text("refusal", nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        _text("decided_by", "public id of a user, or public", nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_refund_requests_amount_positive")),
        sa.CheckConstraint(f"way {_WAYS}", name=op.f("ck_refund_requests_way_known")),
        sa.CheckConstraint(
            "status IN ('open', 'taken_up', 'refused', 'withdrawn')",
            name=op.f("ck_refund_requests_status_known"),
        ),
        sa.CheckConstraint(f"refusal {_REFUSALS}", name=op.f("ck_refund_requests_refusal_known")),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)", name=op.f("ck_refund_requests_decided_once")
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_refund_requests_refused_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refund_requests_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refund_requests_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_refund_requests_payment_id", "refund_requests", ["payment_id"])
    op.create_index("ix_refund_requests_status", "refund_requests", ["status", "id"])
    op.create_index(
        "uq_refund_requests_open",
        "refund_requests",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _create_office_refunds() -> None:
    op.create_table(
        "office_refunds",
        sa.Column("order_id", BigInt, autoincrement=False, nullable=False),
        _text("way"),
        _text("asked_by", "public id of who proposed it"),
        _text("approved_by", "public id of who confirmed it"),
        sa.Column(
            "kept_id", BigInt, nullable=True, comment="the payment of what is kept; NULL: nothing"
        ),
        _text("cancelled_for", nullable=True),
        sa.Column("given_again_id", BigInt, nullable=True, comment="the gift it became again"),
        sa.CheckConstraint("asked_by <> approved_by", name=op.f("ck_office_refunds_two_people")),
        sa.CheckConstraint(f"way {_WAYS}", name=op.f("ck_office_refunds_way_known")),
        sa.CheckConstraint(
            f"cancelled_for {_REFUSALS}", name=op.f("ck_office_refunds_cancelled_for_known")
        ),
        sa.CheckConstraint(
            "(cancelled_for IS NULL) = (given_again_id IS NULL)",
            name=op.f("ck_office_refunds_cancelled_is_given_again"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["refund_orders.id"], name=op.f("fk_office_refunds_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["payments.id"], name=op.f("fk_office_refunds_kept_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_again_id"], ["payments.id"], name=op.f("fk_office_refunds_given_again_id")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_office_refunds")),
        sa.UniqueConstraint("order_id", "approved_by", name="uq_office_refunds_approver"),
        sqlite_strict=True,
    )


def _create_accounts() -> None:
    op.create_table(
        "refund_accounts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("account_encrypted", Bytes(), nullable=False, comment="bank and number"),
        sa.Column("holder_encrypted", Bytes(), nullable=False, comment="in whose name it is"),
        _text("entered_by", "public id of a user, or public"),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        _text("verified_by", "public id of a user", nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(verified_by IS NULL) = (verified_at IS NULL)",
            name=op.f("ck_refund_accounts_verified_when"),
        ),
        sa.CheckConstraint(
            "verified_by <> entered_by", name=op.f("ck_refund_accounts_verified_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["office_refunds.order_id"], name=op.f("fk_refund_accounts_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_accounts")),
        sa.UniqueConstraint("id", "order_id", "verified_by", name="uq_refund_accounts_verified"),
        sqlite_strict=True,
    )
    op.create_index("ix_refund_accounts_order_id", "refund_accounts", ["order_id", "id"])


def _create_payments() -> None:
    op.create_table(
        "refund_payments",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        _text("voucher", "readable: RF…"),
        sa.Column("order_id", BigInt, nullable=False),
        _text("way"),
        sa.Column("account_id", BigInt, nullable=True),
        _text("verified_by", "copied from the account", nullable=True),
        _text("approved_by", "copied from the refund"),
        _text("paid_by", "public id of a user"),
        sa.Column("amount_satang", BigInt, nullable=False),
        _text("account_code"),
        sa.Column("paid_on", Day(), nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False),
        sa.Column("undone_entry_id", BigInt, nullable=True, comment="the bank sent it back"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_refund_payments_amount_positive")),
        sa.CheckConstraint(f"way {_WAYS}", name=op.f("ck_refund_payments_way_known")),
        sa.CheckConstraint(
            "(way = 'transfer') = (account_id IS NOT NULL AND verified_by IS NOT NULL)",
            name=op.f("ck_refund_payments_account_verified"),
        ),
        sa.CheckConstraint(
            "paid_by <> approved_by AND (verified_by IS NULL OR paid_by <> verified_by)",
            name=op.f("ck_refund_payments_paid_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "order_id", "verified_by"],
            ["refund_accounts.id", "refund_accounts.order_id", "refund_accounts.verified_by"],
            name="fk_refund_payments_account",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "approved_by"],
            ["office_refunds.order_id", "office_refunds.approved_by"],
            name="fk_refund_payments_approval",
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_refund_payments_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_refund_payments_journal_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["undone_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_refund_payments_undone_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_payments")),
        sa.UniqueConstraint("voucher", name=op.f("uq_refund_payments_voucher")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_refund_payments_journal_entry_id")),
        sa.UniqueConstraint("undone_entry_id", name=op.f("uq_refund_payments_undone_entry_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_refund_payments_counts",
        "refund_payments",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("undone_entry_id IS NULL"),
        postgresql_where=sa.text("undone_entry_id IS NULL"),
    )


def _create_origins() -> None:
    op.create_table(
        "checkout_origins",
        sa.Column("checkout_id", BigInt, autoincrement=False, nullable=False),
        _text("origin", "keyed hash of an address"),
        sa.ForeignKeyConstraint(
            ["checkout_id"], ["checkouts.id"], name=op.f("fk_checkout_origins_checkout_id")
        ),
        sa.PrimaryKeyConstraint("checkout_id", name=op.f("pk_checkout_origins")),
        sqlite_strict=True,
    )
