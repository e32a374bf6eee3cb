"""Audit packs, and confirmation letters with their answers."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, rules

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "f7c0a40ce184746b"


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    _create_audit_packs()
    _create_audit_letters()
    _create_audit_letter_replies()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in ("audit_letter_replies", "audit_letters", "audit_packs"):
        op.drop_table(table)


def _create_audit_packs() -> None:
    op.create_table(
        "audit_packs",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("to_on", Day(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column(
            "seen_at",
            UtcDateTime(),
            nullable=True,
            comment="when the worker last said how far it is",
        ),
        sa.Column("parts_done", BigInt, nullable=False),
        sa.Column("parts_in_all", BigInt, nullable=False),
        sa.Column(
            "ended_at",
            UtcDateTime(),
            nullable=True,
            comment="with a document, or without one when it could not be made",
        ),
        sa.Column("document_id", BigInt, nullable=True),
        sa.Column("sha256", Bytes, nullable=True, comment="of the archive"),
        sa.Column(
            "idempotency_key", sa.Text(), nullable=False, comment="of the form that was sent"
        ),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_audit_packs_days_in_order")),
        sa.CheckConstraint(
            "ended_at IS NULL OR begun_at IS NOT NULL",
            name=op.f("ck_audit_packs_ended_once_begun"),
        ),
        sa.CheckConstraint(
            "parts_done >= 0 AND parts_in_all >= 0", name=op.f("ck_audit_packs_parts_counted")
        ),
        sa.CheckConstraint(
            "(begun_at IS NULL) = (seen_at IS NULL)", name=op.f("ck_audit_packs_seen_once_begun")
        ),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_audit_packs_sha256_length")),
        sa.CheckConstraint(
            "(document_id IS NULL) = (sha256 IS NULL)"
            " AND (document_id IS NULL OR ended_at IS NOT NULL)",
            name=op.f("ck_audit_packs_stored_when_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_audit_packs_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_packs")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_audit_packs_idempotency_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_packs_ended_at", "audit_packs", ["ended_at", "id"])


def _create_audit_letters() -> None:
    op.create_table(
        "audit_letters",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("sample_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("source_id", BigInt, nullable=False, comment="of the payment or of the payout"),
        sa.Column("amount_satang", BigInt, nullable=False, comment="as the books have it"),
        sa.Column("happened_on", Day(), nullable=False, comment="day of the gift or of the payout"),
        sa.Column("made_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("sent_on", Day(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=True, comment="public id of the user"),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_audit_letters_amount_positive")),
        sa.CheckConstraint(
            "party IN ('donor', 'payee')", name=op.f("ck_audit_letters_party_known")
        ),
        sa.CheckConstraint(
            "(sent_on IS NULL) = (sent_by IS NULL)", name=op.f("ck_audit_letters_sent_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id", "position"],
            ["audit_sample_items.sample_id", "audit_sample_items.position"],
            name="fk_audit_letters_item",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_letters")),
        sa.UniqueConstraint("sample_id", "position", name=op.f("uq_audit_letters_item")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_letters_sent_on", "audit_letters", ["sent_on", "id"])


def _create_audit_letter_replies() -> None:
    op.create_table(
        "audit_letter_replies",
        sa.Column("letter_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=True, comment="what they say it was"),
        sa.Column("words_digest", Bytes, nullable=True, comment="of a remark"),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column(
            "recorded_by",
            sa.Text(),
            nullable=False,
            comment="public id of the user; empty when it came by the link",
        ),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(answer = 'differs') = (amount_satang IS NOT NULL) AND amount_satang >= 0",
            name=op.f("ck_audit_letter_replies_amount_of_difference"),
        ),
        sa.CheckConstraint(
            "answer IN ('agrees', 'differs')", name=op.f("ck_audit_letter_replies_answer_known")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_letter_replies_number_from_one")),
        sa.CheckConstraint(
            "(way = 'hand') = (recorded_by <> '')",
            name=op.f("ck_audit_letter_replies_recorded_by_hand"),
        ),
        sa.CheckConstraint(
            "way IN ('link', 'hand')", name=op.f("ck_audit_letter_replies_way_known")
        ),
        sa.CheckConstraint(
            "words_digest IS NULL OR length(words_digest) = 32",
            name=op.f("ck_audit_letter_replies_words_digest_length"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["audit_letters.id"], name=op.f("fk_audit_letter_replies_letter_id")
        ),
        sa.PrimaryKeyConstraint("letter_id", "number", name=op.f("pk_audit_letter_replies")),
        sqlite_strict=True,
    )
    only = sa.text("way = 'link'")
    op.create_index(
        "uq_audit_letter_replies_link",
        "audit_letter_replies",
        ["letter_id"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
