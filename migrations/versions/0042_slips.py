"""Slips of transfers are kept as claims; a pledge may be in somebody's honour or paid by another."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, encrypted_columns, rules

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "731f7a287efae3a4"
_CONFIRMED, _WAITING = "status = 'confirmed'", "status = 'waiting'"
#: Name, columns, condition of a partial one, whether it is unique.
_INDEXES = (
    ("uq_slips_confirmed_code", ["code_digest"], _CONFIRMED, True),
    ("uq_slips_confirmed_file", ["original_sha256"], _CONFIRMED, True),
    ("uq_slips_payment_id", ["payment_id"], None, True),
    ("ix_slips_code_digest", ["code_digest"], None, False),
    ("ix_slips_original_sha256", ["original_sha256"], None, False),
    ("ix_slips_waiting", ["sent_at", "id"], _WAITING, False),
)


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_details()
    _create_slips()
    for name, columns, where, unique in _INDEXES:
        condition = None if where is None else sa.text(where)
        op.create_index(
            name,
            "slips",
            columns,
            unique=unique,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    names = ("in_honour_of_encrypted", "payer_name_encrypted")
    encrypted_columns.require_encryption(connection, "pledge_details", *names)
    encrypted_columns.require_encryption(connection, "slips", "trans_ref_encrypted")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_table("slips")
    op.drop_table("pledge_details")


def _create_details() -> None:
    op.create_table(
        "pledge_details",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("in_honour_of_encrypted", Bytes(), nullable=False),
        sa.Column(
            "payer_name_encrypted",
            Bytes(),
            nullable=False,
            comment="the name that the bank shows when another pays; empty: the donor pays",
        ),
        sa.ForeignKeyConstraint(["id"], ["pledges.id"], name=op.f("fk_pledge_details_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_details")),
        sqlite_strict=True,
    )


def _create_slips() -> None:
    op.create_table(
        "slips",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("pledge_id", BigInt, nullable=False),
        sa.Column(
            "instalment_id", BigInt, nullable=False, comment="the one that the page asked to pay"
        ),
        sa.Column("document_id", BigInt, nullable=False),
        sa.Column("original_sha256", Bytes(), nullable=False, comment="of the file as received"),
        sa.Column(
            "sending_bank", sa.Text(), nullable=True, comment="three digits; tmn for TrueMoney"
        ),
        sa.Column(
            "trans_ref_encrypted",
            Bytes(),
            nullable=True,
            comment="the bank's reference of the transfer",
        ),
        sa.Column(
            "code_digest",
            Bytes(),
            nullable=True,
            comment="keyed hash of the bank and its reference: equal for the same transfer",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column(
            "payment_id", BigInt, nullable=True, comment="what was booked when the money arrived"
        ),
        sa.Column("rejection", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True, comment="public id of a user or process"),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        *_constraints(),
        sqlite_strict=True,
    )


def _constraints() -> list[sa.Constraint]:
    """Those of slips."""
    rules_of_rows = {
        "status_known": "status IN ('waiting', 'confirmed', 'rejected')",
        "rejection_known": (
            "rejection IN ('no_money', 'other_account', 'used', 'unreadable', 'no_slip')"
        ),
        "sha256_length": "length(original_sha256) = 32",
        "whole_code": (
            "(sending_bank IS NULL) = (code_digest IS NULL)"
            " AND (sending_bank IS NULL) = (trans_ref_encrypted IS NULL)"
        ),
        "confirmed_by_payment": "(status = 'confirmed') = (payment_id IS NOT NULL)",
        "rejected_with_reason": "(status = 'rejected') = (rejection IS NOT NULL)",
        "decided_by_somebody": (
            "(status = 'waiting') = (decided_at IS NULL)"
            " AND (status = 'waiting') = (decided_by IS NULL)"
        ),
    }
    named = ("pledge", "instalment", "document", "payment")
    return [
        *(
            sa.CheckConstraint(text, name=op.f(f"ck_slips_{name}"))
            for name, text in rules_of_rows.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{name}s.id"], name=op.f(f"fk_slips_{name}_id")
            )
            for name in named
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
        sa.UniqueConstraint("public_id", name=op.f("uq_slips_public_id")),
        sa.UniqueConstraint("document_id", name=op.f("uq_slips_document_id")),
        sa.UniqueConstraint("pledge_id", "original_sha256", name=op.f("uq_slips_pledge_file")),
    ]
