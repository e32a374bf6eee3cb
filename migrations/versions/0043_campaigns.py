"""Campaigns and their events, donation boxes and counts of cash, batches of gifts, gifts in kind."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, Flag, UtcDateTime, encrypted_columns, rules

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "4b280d960e500847"
_TABLES = (
    "campaigns",
    "campaign_events",
    "campaign_pledges",
    "donation_boxes",
    "cash_counts",
    "cash_count_pieces",
    "gift_batches",
    "gift_batch_rows",
    "gifts_in_kind",
)


def upgrade() -> None:
    """Create the tables."""
    rules.take_out(op.get_bind())
    _create_campaigns()
    _create_counts()
    _create_batches()
    _create_gifts_in_kind()
    encrypted_columns.require_encryption(op.get_bind(), "gift_batch_rows", "giver_encrypted")
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False, comment="its public address; stays"),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ms", sa.Text(), nullable=False),
        sa.Column("story_th", sa.Text(), nullable=False),
        sa.Column("story_en", sa.Text(), nullable=False),
        sa.Column("story_ms", sa.Text(), nullable=False),
        sa.Column("goal_satang", BigInt, nullable=False),
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=False, comment="its last day"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False, comment="raised by every change"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_campaigns_closed_at_when_closed"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaigns_ends_after_start")),
        sa.CheckConstraint("goal_satang > 0", name=op.f("ck_campaigns_goal_positive")),
        sa.CheckConstraint(
            "name_th <> '' AND name_en <> '' AND name_ms <> ''", name=op.f("ck_campaigns_has_names")
        ),
        sa.CheckConstraint(
            "slug <> '' AND slug = lower(slug) AND length(slug) <= 60",
            name=op.f("ck_campaigns_slug_lower_case"),
        ),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_campaigns_status_known")),
        sa.ForeignKeyConstraint(["fund_code"], ["funds.code"], name=op.f("fk_campaigns_fund_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaigns_slug")),
        sqlite_strict=True,
    )
    op.create_table(
        "campaign_events",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("campaign_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("held_on", Day(), nullable=False),
        sa.Column(
            "idempotency_key", sa.Text(), nullable=False, comment="the form it was sent with"
        ),
        sa.CheckConstraint(
            "name <> '' AND place <> ''", name=op.f("ck_campaign_events_has_name_and_place")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_events_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_events")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_events_public_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_campaign_events_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_campaign_events_campaign",
        "campaign_events",
        ["campaign_id", "held_on"],
    )
    op.create_table(
        "campaign_pledges",
        sa.Column("pledge_id", BigInt, nullable=False),
        sa.Column("campaign_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_pledges_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_campaign_pledges_pledge_id")
        ),
        sa.PrimaryKeyConstraint("pledge_id", name=op.f("pk_campaign_pledges")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_campaign_pledges_campaign",
        "campaign_pledges",
        ["campaign_id", "pledge_id"],
    )


def _create_counts() -> None:
    op.create_table(
        "donation_boxes",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, nullable=False, comment="painted on the box; stays"),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("keeper", sa.Text(), nullable=False, comment="who answers for it there"),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False, comment="raised by every change"),
        sa.CheckConstraint("place <> ''", name=op.f("ck_donation_boxes_has_place")),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 9999", name=op.f("ck_donation_boxes_number_in_range")
        ),
        sa.CheckConstraint(
            "status IN ('out', 'withdrawn')", name=op.f("ck_donation_boxes_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_donation_boxes_fund_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donation_boxes")),
        sa.UniqueConstraint("number", name=op.f("uq_donation_boxes_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "cash_counts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("box_id", BigInt, nullable=True),
        sa.Column("event_id", BigInt, nullable=True),
        sa.Column("fund_code", sa.Text(), nullable=True),
        sa.Column(
            "account_code",
            sa.Text(),
            nullable=False,
            comment="the cash box that it is in, or goes to",
        ),
        sa.Column("counted_on", Day(), nullable=False),
        sa.Column("bag_number", sa.Text(), nullable=True, comment="printed on the closed bag"),
        sa.Column("total_satang", BigInt, nullable=False),
        sa.Column(
            "book_satang",
            BigInt,
            nullable=True,
            comment="what the books said when the office's box was counted",
        ),
        sa.Column("difference", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counted_by_id", BigInt, nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by_id", BigInt, nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("payment_id", BigInt, nullable=True),
        sa.Column(
            "idempotency_key", sa.Text(), nullable=False, comment="the form it was sent with"
        ),
        sa.Column(
            "form_digest", sa.Text(), nullable=False, comment="SHA-256 of what the form said"
        ),
        sa.CheckConstraint(
            "(kind = 'office') = (fund_code IS NULL) AND (kind = 'office') = (bag_number IS NULL) AND (kind = 'office' OR (total_satang > 0 AND bag_number <> ''))",
            name=op.f("ck_cash_counts_bag_and_fund"),
        ),
        sa.CheckConstraint(
            "(payment_id IS NOT NULL) = (status = 'confirmed' AND kind <> 'office')",
            name=op.f("ck_cash_counts_booked_when_confirmed"),
        ),
        sa.CheckConstraint(
            "(kind = 'office') = (book_satang IS NOT NULL)",
            name=op.f("ck_cash_counts_books_of_office"),
        ),
        sa.CheckConstraint(
            "(kind = 'box') = (box_id IS NOT NULL)", name=op.f("ck_cash_counts_box_of_kind")
        ),
        sa.CheckConstraint(
            "(status = 'counted') = (confirmed_by_id IS NULL) AND (confirmed_by_id IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_cash_counts_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "difference IN ('not_recorded', 'wrong_change', 'miscounted', 'missing', 'unknown')",
            name=op.f("ck_cash_counts_difference_known"),
        ),
        sa.CheckConstraint(
            "(difference IS NOT NULL) = (book_satang IS NOT NULL AND book_satang <> total_satang)",
            name=op.f("ck_cash_counts_difference_named"),
        ),
        sa.CheckConstraint(
            "(kind = 'event') = (event_id IS NOT NULL)", name=op.f("ck_cash_counts_event_of_kind")
        ),
        sa.CheckConstraint(
            "kind IN ('box', 'event', 'office')", name=op.f("ck_cash_counts_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('counted', 'confirmed', 'refused')",
            name=op.f("ck_cash_counts_status_known"),
        ),
        sa.CheckConstraint("total_satang >= 0", name=op.f("ck_cash_counts_total_not_negative")),
        sa.CheckConstraint(
            "confirmed_by_id <> counted_by_id", name=op.f("ck_cash_counts_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_cash_counts_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["box_id"], ["donation_boxes.id"], name=op.f("fk_cash_counts_box_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_cash_counts_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["counted_by_id"], ["users.id"], name=op.f("fk_cash_counts_counted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["campaign_events.id"], name=op.f("fk_cash_counts_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_cash_counts_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_cash_counts_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_counts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cash_counts_public_id")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_cash_counts_payment_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_cash_counts_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_cash_counts_box",
        "cash_counts",
        ["box_id"],
    )
    op.create_index(
        "ix_cash_counts_counted_on",
        "cash_counts",
        ["counted_on", "id"],
    )
    op.create_index(
        "ix_cash_counts_event",
        "cash_counts",
        ["event_id"],
    )
    op.create_index(
        "ix_cash_counts_waiting",
        "cash_counts",
        ["counted_at"],
        sqlite_where=sa.text("status = 'counted'"),
        postgresql_where=sa.text("status = 'counted'"),
    )
    op.create_index(
        "uq_cash_counts_bag",
        "cash_counts",
        ["bag_number"],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "cash_count_pieces",
        sa.Column("count_id", BigInt, nullable=False),
        sa.Column("denomination_satang", BigInt, autoincrement=False, nullable=False),
        sa.Column("pieces", BigInt, nullable=False),
        sa.CheckConstraint(
            "denomination_satang IN (100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 25)",
            name=op.f("ck_cash_count_pieces_denomination_known"),
        ),
        sa.CheckConstraint(
            "pieces BETWEEN 1 AND 100000", name=op.f("ck_cash_count_pieces_pieces_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["count_id"], ["cash_counts.id"], name=op.f("fk_cash_count_pieces_count_id")
        ),
        sa.PrimaryKeyConstraint(
            "count_id", "denomination_satang", name=op.f("pk_cash_count_pieces")
        ),
        sqlite_strict=True,
    )


def _create_batches() -> None:
    op.create_table(
        "gift_batches",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False, comment="of gifts without a pledge"),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("received_on", Day(), nullable=False),
        sa.Column("expected_count", BigInt, nullable=False),
        sa.Column("expected_satang", BigInt, nullable=False),
        sa.Column(
            "sender_id",
            BigInt,
            nullable=True,
            comment="the agency, school or company that collected it",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False, comment="public id of a user"),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("posted_at", UtcDateTime(), nullable=True),
        sa.Column(
            "idempotency_key", sa.Text(), nullable=False, comment="the form it was sent with"
        ),
        sa.CheckConstraint(
            "expected_count BETWEEN 1 AND 500", name=op.f("ck_gift_batches_count_in_range")
        ),
        sa.CheckConstraint(
            "method IN ('promptpay', 'transfer', 'card', 'cash', 'cheque')",
            name=op.f("ck_gift_batches_method_known"),
        ),
        sa.CheckConstraint(
            "method IN ('cash', 'cheque', 'transfer')",
            name=op.f("ck_gift_batches_method_of_office"),
        ),
        sa.CheckConstraint(
            "(status = 'posted') = (posted_at IS NOT NULL)",
            name=op.f("ck_gift_batches_posted_at_when"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'posted', 'cancelled')", name=op.f("ck_gift_batches_status_known")
        ),
        sa.CheckConstraint("expected_satang > 0", name=op.f("ck_gift_batches_sum_positive")),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_gift_batches_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_gift_batches_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["donors.id"], name=op.f("fk_gift_batches_sender_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_batches")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_gift_batches_idempotency_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_gift_batches_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_gift_batches_received_on",
        "gift_batches",
        ["received_on", "id"],
    )
    op.create_table(
        "gift_batch_rows",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("batch_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("donor_id", BigInt, nullable=True, comment="a known donor"),
        sa.Column("reference", sa.Text(), nullable=True, comment="of an instalment that it pays"),
        sa.Column("giver_encrypted", Bytes(), nullable=True),
        sa.Column("payment_id", BigInt, nullable=True),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_gift_batch_rows_amount_positive")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_gift_batch_rows_position_from_one")),
        sa.CheckConstraint(
            "(payment_id IS NULL) = (giver_encrypted IS NOT NULL)",
            name=op.f("ck_gift_batch_rows_words_gone"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["gift_batches.id"], name=op.f("fk_gift_batch_rows_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_gift_batch_rows_donor_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_gift_batch_rows_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_batch_rows")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_gift_batch_rows_payment_id")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_gift_batch_rows_position")),
        sqlite_strict=True,
    )


def _create_gifts_in_kind() -> None:
    op.create_table(
        "gifts_in_kind",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("description", sa.Text(), nullable=False, comment="what it is; names nobody"),
        sa.Column("declared_satang", BigInt, nullable=False, comment="its value as the giver says"),
        sa.Column("received_on", Day(), nullable=False),
        sa.Column("is_anonymous", Flag(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False, comment="public id of a user"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column(
            "idempotency_key", sa.Text(), nullable=False, comment="the form it was sent with"
        ),
        sa.Column(
            "form_digest", sa.Text(), nullable=False, comment="keyed hash of what the form said"
        ),
        sa.CheckConstraint("description <> ''", name=op.f("ck_gifts_in_kind_has_description")),
        sa.CheckConstraint(
            "status IN ('received', 'withdrawn')", name=op.f("ck_gifts_in_kind_status_known")
        ),
        sa.CheckConstraint("declared_satang > 0", name=op.f("ck_gifts_in_kind_value_positive")),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_gifts_in_kind_donor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gifts_in_kind")),
        sa.UniqueConstraint("public_id", name=op.f("uq_gifts_in_kind_public_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_gifts_in_kind_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_gifts_in_kind_donor",
        "gifts_in_kind",
        ["donor_id"],
    )
    op.create_index(
        "ix_gifts_in_kind_received_on",
        "gifts_in_kind",
        ["received_on", "id"],
    )
