"""A guardian or school says by a link on the voucher whether the money came."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, encrypted_columns, rules

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "5ecdee7e520c2845"
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_receipt_links()
    _create_receipt_confirmations()
    encrypted_columns.require_encryption(connection, "receipt_confirmations", "note_encrypted")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_table("receipt_confirmations")
    op.drop_table("receipt_links")


def _create_receipt_links() -> None:
    op.create_table(
        "receipt_links",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("token_sha256", Bytes(), nullable=False),
        sa.Column("printed_by_id", BigInt, nullable=False),
        sa.Column("printed_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "printed_by_id <> requested_by_id", name=op.f("ck_receipt_links_two_people")
        ),
        sa.CheckConstraint("length(token_sha256) = 32", name=op.f("ck_receipt_links_token_hashed")),
        sa.CheckConstraint("expires_at > printed_at", name=op.f("ck_receipt_links_expires_later")),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_receipt_links_asker",
        ),
        sa.ForeignKeyConstraint(
            ["printed_by_id"], ["users.id"], name=op.f("fk_receipt_links_printed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_links")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_receipt_links_token_sha256")),
        sa.UniqueConstraint("id", "request_id", name="uq_receipt_links_request"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_receipt_links_open",
        "receipt_links",
        ["request_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _create_receipt_confirmations() -> None:
    op.create_table(
        "receipt_confirmations",
        sa.Column("id", BigInt, autoincrement=False, nullable=False, comment="of the link"),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note_encrypted", Bytes(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('received', 'not_received', 'problem')",
            name=op.f("ck_receipt_confirmations_outcome_known"),
        ),
        sa.CheckConstraint(
            "outcome = 'received' OR note_encrypted IS NOT NULL",
            name=op.f("ck_receipt_confirmations_problem_is_told"),
        ),
        sa.ForeignKeyConstraint(
            ["id", "request_id"],
            ["receipt_links.id", "receipt_links.request_id"],
            name="fk_receipt_confirmations_link",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["disbursement_requests.id"],
            name=op.f("fk_receipt_confirmations_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_confirmations")),
        sqlite_strict=True,
    )
    op.create_index("ix_receipt_confirmations_request_id", "receipt_confirmations", ["request_id"])
