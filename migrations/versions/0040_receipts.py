"""What receipts say is frozen with them; receipts are replaced, printed and entered in e-Donation."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Flag, UtcDateTime, encrypted_columns, rules

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "2c1ce9bdae465978"
#: Name, columns, condition of a partial one, whether it is unique.
_INDEXES = (
    ("uq_receipts_payment_valid", ["payment_id"], "voided_at IS NULL", True),
    ("ix_receipts_payment_id", ["payment_id"], None, False),
    ("ix_receipts_void", ["fiscal_year", "number"], "voided_at IS NOT NULL", False),
)
_TABLES = (
    "receipt_contents",
    "receipt_pdfs",
    "receipt_prints",
    "donor_tax_details",
    "e_donation_entries",
)


def upgrade() -> None:
    """Create the tables; the contents of receipts that there are come by `giving issue-receipts`."""
    rules.take_out(op.get_bind())
    op.add_column(
        "tax_wordings",
        sa.Column(
            "is_deductible",
            Flag(),
            server_default=sa.false(),
            nullable=False,
            comment="gifts with this wording are entered in e-Donation",
        ),
    )
    with op.batch_alter_table("receipts", table_kwargs={"sqlite_strict": True}) as receipts:
        receipts.drop_constraint(op.f("uq_receipts_payment_id"), type_="unique")
        receipts.add_column(
            sa.Column(
                "replaces_id",
                BigInt,
                nullable=True,
                comment="the void one whose money it is for",
            )
        )
        receipts.create_foreign_key(
            op.f("fk_receipts_replaces_id"), "receipts", ["replaces_id"], ["id"]
        )
        receipts.create_unique_constraint(op.f("uq_receipts_replaces_id"), ["replaces_id"])
    for name, columns, where, unique in _INDEXES:
        condition = None if where is None else sa.text(where)
        op.create_index(
            name,
            "receipts",
            columns,
            unique=unique,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    _create_content_tables()
    _create_other_tables()
    encrypted_columns.require_encryption(op.get_bind(), "receipt_contents", "content_encrypted")
    encrypted_columns.require_encryption(
        op.get_bind(), "donor_tax_details", "address_encrypted", "tax_id_encrypted"
    )
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them. Refused by the index when a receipt was replaced: that had no place before."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)
    for name, *_ in reversed(_INDEXES):
        op.drop_index(name, "receipts")
    with op.batch_alter_table("receipts", table_kwargs={"sqlite_strict": True}) as receipts:
        receipts.drop_constraint(op.f("uq_receipts_replaces_id"), type_="unique")
        receipts.drop_constraint(op.f("fk_receipts_replaces_id"), type_="foreignkey")
        receipts.drop_column("replaces_id")
        receipts.create_unique_constraint(op.f("uq_receipts_payment_id"), ["payment_id"])
    op.drop_column("tax_wordings", "is_deductible")


def _create_content_tables() -> None:
    op.create_table(
        "receipt_contents",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("template", sa.Text(), nullable=False, comment="the file that sets its PDF"),
        sa.Column("content_encrypted", Bytes(), nullable=False),
        sa.Column("content_hash", Bytes(), nullable=False),
        sa.CheckConstraint(
            "length(content_hash) = 32", name=op.f("ck_receipt_contents_hash_length")
        ),
        sa.ForeignKeyConstraint(["id"], ["receipts.id"], name=op.f("fk_receipt_contents_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_contents")),
        sqlite_strict=True,
    )
    op.create_table(
        "receipt_pdfs",
        sa.Column("receipt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("sha256", Bytes(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_receipt_pdfs_sha256_length")),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_receipt_pdfs_receipt_id")
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_receipt_pdfs")),
        sqlite_strict=True,
    )
    op.create_table(
        "receipt_prints",
        sa.Column("receipt_id", BigInt, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("printed_by", sa.Text(), nullable=False, comment="public id of a user"),
        sa.Column("printed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_receipt_prints_number_from_one")),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_receipt_prints_receipt_id")
        ),
        sa.PrimaryKeyConstraint("receipt_id", "number", name=op.f("pk_receipt_prints")),
        sqlite_strict=True,
    )


def _create_other_tables() -> None:
    op.create_table(
        "donor_tax_details",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("address_encrypted", Bytes(), nullable=False),
        sa.Column("tax_id_encrypted", Bytes(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["donors.id"], name=op.f("fk_donor_tax_details_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_tax_details")),
        sqlite_strict=True,
    )
    op.create_table(
        "e_donation_entries",
        sa.Column("receipt_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "number", sa.Text(), nullable=False, comment="of the entry there; empty: not needed"
        ),
        sa.Column(
            "marked_by", sa.Text(), nullable=False, comment="public id of a user, or a process"
        ),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('to_enter', 'entered', 'not_needed')",
            name=op.f("ck_e_donation_entries_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'entered') = (number <> '')",
            name=op.f("ck_e_donation_entries_entered_with_number"),
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_e_donation_entries_receipt_id")
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_e_donation_entries")),
        sqlite_strict=True,
    )
    op.create_index("ix_e_donation_entries_state", "e_donation_entries", ["state", "receipt_id"])
