"""Payments by card and PromptPay through a card processor, and what it pays out."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, Flag, UtcDateTime, checks, rules

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "3044f35cc4d75bcc"

#: The account of the books: code, type, Thai, English and Malay name.
_ACCOUNT = ("1131", "asset", "เงินรอรับจากผู้ให้บริการรับบัตร", "Card processor", "Pemproses kad")
_KINDS = (
    "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
    " 'bank_interest', 'transfer', 'suspense', 'reversal', 'gift_returned'"
)
#: Table, name, before, after.
_CHANGED = (
    (
        "journal_entries",
        "ck_journal_entries_kind_known",
        f"{_KINDS})",
        f"{_KINDS}, 'card_payout')",
    ),
    (
        "fund_accounts",
        "ck_fund_accounts_use_known",
        "use IN ('cash', 'bank')",
        "use IN ('cash', 'bank', 'card')",
    ),
    (
        "payments",
        "ck_payments_return_reason_known",
        "return_reason IN ('cheque', 'chargeback', 'correction')",
        "return_reason IN ('cheque', 'chargeback', 'correction', 'refund')",
    ),
)


def upgrade() -> None:
    """Add the account, to every fund that may take cards, and the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table, name, old, new in _CHANGED:
        checks.replace_check(connection, table, name, old, new)
    names = ("code", "type", "name_th", "name_en", "name_ms")
    accounts = sa.table("accounts", *(sa.column(name) for name in names))
    op.bulk_insert(accounts, [dict(zip(names, _ACCOUNT, strict=True))])
    op.execute(
        "INSERT INTO fund_accounts (fund_code, account_code, use)"
        " SELECT code, '1131', 'card' FROM funds WHERE restriction <> 'zakat'"
    )
    _create_checkouts()
    _create_refund_orders()
    _create_notices()
    _create_movements()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Take them away; the books must hold nothing that only these allow."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in (
        "processor_movements",
        "processor_payouts",
        "handled_notices",
        "processor_notices",
        "refund_orders",
        "saved_cards",
        "checkouts",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM fund_accounts WHERE account_code = '1131'")
    op.execute("DELETE FROM accounts WHERE code = '1131'")
    for table, name, old, new in reversed(_CHANGED):
        checks.replace_check(connection, table, name, new, old)


def _text(name: str, comment: str | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _create_checkouts() -> None:
    op.create_table(
        "checkouts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        _text("public_id"),
        sa.Column("pledge_id", BigInt, nullable=False),
        _text("reference", "of the instalment"),
        sa.Column("amount_satang", BigInt, nullable=False),
        _text("status"),
        _text("session_id", "the processor's; NULL until it answered", nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column(
            "keeps_card",
            Flag(),
            nullable=False,
            comment="the donor wants the coming instalments charged to the card",
        ),
        sa.Column(
            "is_by_itself",
            Flag(),
            nullable=False,
            comment="charged to a saved card, without a page",
        ),
        sa.CheckConstraint(
            "status IN ('open', 'paid', 'failed', 'expired')",
            name=op.f("ck_checkouts_status_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_checkouts_amount_positive")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name=op.f("fk_checkouts_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkouts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_checkouts_public_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_checkouts_session_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_checkouts_pledge_id", "checkouts", ["pledge_id"])
    _create_partial("ix_checkouts_open", "checkouts", ["made_at"], "status = 'open'")
    by_itself = sa.text("is_by_itself AND status = 'open'")
    op.create_index(
        "uq_checkouts_by_itself",
        "checkouts",
        ["pledge_id"],
        unique=True,
        sqlite_where=by_itself,
        postgresql_where=by_itself,
    )
    op.create_table(
        "saved_cards",
        sa.Column("pledge_id", BigInt, autoincrement=False, nullable=False),
        _text("customer_id"),
        _text("card_id"),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("refusals", BigInt, nullable=False, comment="one after the other"),
        sa.Column("next_try_on", Day()),
        sa.Column("stopped_at", UtcDateTime()),
        sa.CheckConstraint("refusals >= 0", name=op.f("ck_saved_cards_refusals_not_negative")),
        sa.CheckConstraint(
            "next_try_on IS NULL OR (refusals > 0 AND stopped_at IS NULL)",
            name=op.f("ck_saved_cards_tried_again"),
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_saved_cards_pledge_id")
        ),
        sa.PrimaryKeyConstraint("pledge_id", name=op.f("pk_saved_cards")),
        sqlite_strict=True,
    )


def _create_refund_orders() -> None:
    op.create_table(
        "refund_orders",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        _text("public_id"),
        sa.Column("payment_id", BigInt, nullable=False),
        _text("intent_id", "the payment at the processor"),
        sa.Column("amount_satang", BigInt, nullable=False),
        _text("status"),
        _text("refund_id", "the processor's; NULL until it answered", nullable=True),
        _text("ordered_by", "who confirmed it"),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('ordered', 'waiting', 'paid', 'failed', 'refused')",
            name=op.f("ck_refund_orders_status_known"),
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_refund_orders_amount_positive")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refund_orders_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_orders")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refund_orders_public_id")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_refund_orders_refund_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_refund_orders_intent", "refund_orders", ["intent_id"])
    is_open = sa.text("status IN ('ordered', 'waiting')")
    op.create_index(
        "uq_refund_orders_open",
        "refund_orders",
        ["intent_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _create_notices() -> None:
    op.create_table(
        "processor_notices",
        _text("notice_id", "the processor's"),
        _text("kind", "the processor's word for it"),
        _text("subject", "id of a session, payment or payout there; empty: of no concern"),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        _text("body_sha256", "of the signed bytes"),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_processor_notices")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_processor_notices_received_at", "processor_notices", ["received_at", "notice_id"]
    )
    op.create_table(
        "handled_notices",
        _text("notice_id"),
        sa.Column("handled_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["processor_notices.notice_id"],
            name=op.f("fk_handled_notices_notice_id"),
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_handled_notices")),
        sqlite_strict=True,
    )


def _create_movements() -> None:
    op.create_table(
        "processor_payouts",
        _text("payout_id", "the processor's"),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("arrives_on", Day(), nullable=False, comment="as the processor says"),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_processor_payouts_amount_positive")),
        sa.PrimaryKeyConstraint("payout_id", name=op.f("pk_processor_payouts")),
        sqlite_strict=True,
    )
    op.create_table(
        "processor_movements",
        _text("movement_id", "the processor's"),
        _text("kind"),
        _text("intent_id", "the payment at the processor", nullable=True),
        _text("fund_code"),
        sa.Column(
            "amount_satang", BigInt, nullable=False, comment="before the fee; less than 0: out"
        ),
        sa.Column("fee_satang", BigInt, nullable=False, comment="less than 0: given back"),
        sa.Column("payment_id", BigInt, comment="what counts after it; NULL: all was taken back"),
        sa.Column("fee_entry_id", BigInt),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        _text("payout_id", nullable=True),
        sa.CheckConstraint(
            "kind IN ('charge', 'refund', 'refund_failed', 'dispute', 'dispute_won', 'fee')",
            name=op.f("ck_processor_movements_kind_known"),
        ),
        sa.CheckConstraint(
            "(kind = 'fee') = (intent_id IS NULL)",
            name=op.f("ck_processor_movements_fee_of_no_payment"),
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'charge' THEN amount_satang > 0 AND payment_id IS NOT NULL"
            " WHEN 'refund_failed' THEN amount_satang > 0 WHEN 'dispute_won' THEN amount_satang > 0"
            " WHEN 'fee' THEN amount_satang = 0 ELSE amount_satang < 0 END",
            name=op.f("ck_processor_movements_direction_of_kind"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [other], name=op.f(f"fk_processor_movements_{column}")
            )
            for column, other in (
                ("fund_code", "funds.code"),
                ("payment_id", "payments.id"),
                ("fee_entry_id", "journal_entries.id"),
                ("payout_id", "processor_payouts.payout_id"),
            )
        ),
        sa.PrimaryKeyConstraint("movement_id", name=op.f("pk_processor_movements")),
        sqlite_strict=True,
    )
    op.create_index("ix_processor_movements_intent", "processor_movements", ["intent_id"])
    op.create_index(
        "ix_processor_movements_payout", "processor_movements", ["payout_id", "fund_code"]
    )
    op.create_index("ix_processor_movements_payment", "processor_movements", ["payment_id"])
    charge = sa.text("kind = 'charge'")
    op.create_index(
        "uq_processor_movements_charge",
        "processor_movements",
        ["intent_id"],
        unique=True,
        sqlite_where=charge,
        postgresql_where=charge,
    )


def _create_partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
