"""The committee: appointment orders, meetings, votes and resolutions on requests for help."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, Flag, UtcDateTime, rules

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "6462cf01e601e145"
_TABLES = (
    "committee_orders",
    "committee_seats",
    "committee_meetings",
    "committee_items",
    "committee_attendances",
    "committee_recusals",
    "committee_votes",
    "committee_resolutions",
)


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_orders()
    _create_seats()
    _create_meetings()
    _create_items()
    _create_attendances()
    _create_recusals()
    _create_votes()
    _create_resolutions()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_orders() -> None:
    op.create_table(
        "committee_orders",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="of the paper"),
        sa.Column(
            "starts_on", Day(), nullable=False, comment="from this day it replaces the order before"
        ),
        sa.Column("ends_on", Day(), nullable=False, comment="the last day of the term"),
        sa.Column("seat_count", BigInt, nullable=False),
        sa.Column("quorum", BigInt, nullable=False, comment="members who must attend"),
        sa.Column("document_id", BigInt, nullable=False),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_committee_orders_ends_later")),
        sa.CheckConstraint(
            "length(number) BETWEEN 1 AND 40", name=op.f("ck_committee_orders_number_length")
        ),
        sa.CheckConstraint(
            "quorum * 2 > seat_count AND quorum <= seat_count",
            name=op.f("ck_committee_orders_quorum_half"),
        ),
        sa.CheckConstraint(
            "seat_count BETWEEN 3 AND 9", name=op.f("ck_committee_orders_seats_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_committee_orders_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_committee_orders_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_committee_orders_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_committee_orders_number")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_committee_orders_proposal_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_committee_orders_public_id")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_committee_orders_starts_on")),
        sqlite_strict=True,
    )


def _create_seats() -> None:
    op.create_table(
        "committee_seats",
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("seat", BigInt, autoincrement=False, nullable=False),
        sa.Column("member_id", BigInt, nullable=False),
        sa.Column("substitute_id", BigInt, nullable=True),
        sa.CheckConstraint("seat BETWEEN 1 AND 9", name=op.f("ck_committee_seats_seat_in_range")),
        sa.CheckConstraint(
            "substitute_id IS NULL OR substitute_id <> member_id",
            name=op.f("ck_committee_seats_substitute_is_another"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["users.id"], name=op.f("fk_committee_seats_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["committee_orders.id"], name=op.f("fk_committee_seats_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["users.id"], name=op.f("fk_committee_seats_substitute_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "seat", name=op.f("pk_committee_seats")),
        sa.UniqueConstraint("order_id", "member_id", name="uq_committee_seats_member"),
        sa.UniqueConstraint("order_id", "substitute_id", name="uq_committee_seats_substitute"),
        sqlite_strict=True,
    )


def _create_meetings() -> None:
    op.create_table(
        "committee_meetings",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("order_id", BigInt, nullable=False),
        sa.Column("fiscal_year", BigInt, nullable=False, comment="B.E., of held_on"),
        sa.Column("number", BigInt, nullable=False, comment="in the fiscal year, without a gap"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", Day(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("planned_by_id", BigInt, nullable=False),
        sa.Column("closed_by_id", BigInt, nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("log_number", BigInt, nullable=True, comment="the checkpoint of its minutes"),
        sa.Column("log_size", BigInt, nullable=True),
        sa.CheckConstraint(
            "(log_number IS NULL) = (log_size IS NULL) AND (log_number IS NULL OR status = 'closed')",
            name=op.f("ck_committee_meetings_checkpoint_whole"),
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by_id IS NULL)",
            name=op.f("ck_committee_meetings_closed_by_somebody"),
        ),
        sa.CheckConstraint(
            "kind IN ('in_room', 'circular')", name=op.f("ck_committee_meetings_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'closed', 'cancelled')",
            name=op.f("ck_committee_meetings_status_known"),
        ),
        sa.CheckConstraint(
            "length(place) BETWEEN 1 AND 120", name=op.f("ck_committee_meetings_place_length")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_committee_meetings_number_from_one")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["users.id"], name=op.f("fk_committee_meetings_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["log_number", "log_size"],
            ["log_checkpoints.number", "log_checkpoints.size"],
            name="fk_committee_meetings_checkpoint",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["committee_orders.id"], name=op.f("fk_committee_meetings_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["users.id"], name=op.f("fk_committee_meetings_planned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_meetings")),
        sa.UniqueConstraint("fiscal_year", "number", name="uq_committee_meetings_number"),
        sa.UniqueConstraint("public_id", name=op.f("uq_committee_meetings_public_id")),
        sqlite_strict=True,
    )


def _create_items() -> None:
    op.create_table(
        "committee_items",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("meeting_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("request_version", BigInt, nullable=False),
        sa.Column("facts_sha256", sa.LargeBinary(), nullable=False, comment="of what is voted on"),
        sa.CheckConstraint(
            "length(facts_sha256) = 32", name=op.f("ck_committee_items_facts_hashed")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_committee_items_position_from_one")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["committee_meetings.id"], name=op.f("fk_committee_items_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["disbursement_requests.id"], name=op.f("fk_committee_items_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_items")),
        sa.UniqueConstraint("id", "meeting_id", name="uq_committee_items_meeting"),
        sa.UniqueConstraint("meeting_id", "position", name="uq_committee_items_position"),
        sa.UniqueConstraint("meeting_id", "request_id", name="uq_committee_items_request"),
        sa.UniqueConstraint("public_id", name=op.f("uq_committee_items_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_committee_items_request_id"), "committee_items", ["request_id"], unique=False
    )


def _create_attendances() -> None:
    op.create_table(
        "committee_attendances",
        sa.Column("meeting_id", BigInt, nullable=False),
        sa.Column("seat", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("is_substitute", Flag(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["committee_meetings.id"],
            name=op.f("fk_committee_attendances_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_committee_attendances_user_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "seat", name=op.f("pk_committee_attendances")),
        sa.UniqueConstraint("meeting_id", "user_id", name="uq_committee_attendances_user"),
        sqlite_strict=True,
    )


def _create_recusals() -> None:
    op.create_table(
        "committee_recusals",
        sa.Column("item_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("meeting_id", BigInt, nullable=False),
        sa.Column("interest", sa.Text(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "interest IN ('relative', 'work', 'payee', 'other')",
            name=op.f("ck_committee_recusals_interest_known"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "meeting_id"],
            ["committee_items.id", "committee_items.meeting_id"],
            name="fk_committee_recusals_item",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "user_id"],
            ["committee_attendances.meeting_id", "committee_attendances.user_id"],
            name="fk_committee_recusals_attendance",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_committee_recusals_user_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "user_id", name=op.f("pk_committee_recusals")),
        sqlite_strict=True,
    )


def _create_votes() -> None:
    op.create_table(
        "committee_votes",
        sa.Column("item_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("meeting_id", BigInt, nullable=False),
        sa.Column("ballot", sa.Text(), nullable=False),
        sa.Column("cast_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "ballot IN ('for', 'against', 'abstain')", name=op.f("ck_committee_votes_ballot_known")
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "meeting_id"],
            ["committee_items.id", "committee_items.meeting_id"],
            name="fk_committee_votes_item",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "user_id"],
            ["committee_attendances.meeting_id", "committee_attendances.user_id"],
            name="fk_committee_votes_attendance",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_committee_votes_user_id")),
        sa.PrimaryKeyConstraint("item_id", "user_id", name=op.f("pk_committee_votes")),
        sqlite_strict=True,
    )


def _create_resolutions() -> None:
    op.create_table(
        "committee_resolutions",
        sa.Column("item_id", BigInt, nullable=False),
        sa.Column("fiscal_year", BigInt, nullable=False, comment="B.E., of decided_on"),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("for_count", BigInt, nullable=False),
        sa.Column("against_count", BigInt, nullable=False),
        sa.Column("abstain_count", BigInt, nullable=False),
        sa.Column("decided_on", Day(), nullable=False),
        sa.Column("counted_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('approve', 'reject', 'postpone')",
            name=op.f("ck_committee_resolutions_outcome_known"),
        ),
        sa.CheckConstraint(
            "for_count >= 0 AND against_count >= 0 AND abstain_count >= 0",
            name=op.f("ck_committee_resolutions_counted"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_committee_resolutions_number_from_one")),
        sa.ForeignKeyConstraint(
            ["counted_by_id"], ["users.id"], name=op.f("fk_committee_resolutions_counted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["committee_items.id"], name=op.f("fk_committee_resolutions_item_id")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_committee_resolutions")),
        sa.UniqueConstraint("fiscal_year", "number", name="uq_committee_resolutions_number"),
        sqlite_strict=True,
    )
