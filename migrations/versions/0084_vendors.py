"""The register of vendors, and requests whose payee is one of them."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, checks, encrypted_columns, rules

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "b282535812026217"
_KIND = ("disbursement_requests", "ck_disbursement_requests_payee_kind_known")
_BEFORE = "payee_kind IN ('guardian', 'school', 'other')"
_AFTER = "payee_kind IN ('guardian', 'school', 'vendor', 'other')"


def upgrade() -> None:
    """Create the tables, and let a vendor be the payee of a request."""
    connection = op.get_bind()
    rules.take_out(connection)
    checks.replace_check(connection, *_KIND, _BEFORE, _AFTER)
    _create_versions()
    _create_vendors()
    op.create_table(
        "request_vendors",
        sa.Column("request_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("version_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["disbursement_requests.id"],
            name=op.f("fk_request_vendors_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["vendor_versions.id"], name=op.f("fk_request_vendors_version_id")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_vendors")),
        sqlite_strict=True,
    )
    op.create_index("ix_request_vendors_version_id", "request_vendors", ["version_id"])
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop the tables, unless a request pays a vendor: its facts name it."""
    connection = op.get_bind()
    rules.take_out(connection)
    paid = "SELECT count(*) FROM disbursement_requests WHERE payee_kind = 'vendor'"
    if connection.scalar(sa.text(paid)):
        raise RuntimeError("some requests pay a vendor")
    for table in ("request_vendors", "vendors", "vendor_versions"):
        op.drop_table(table)
    checks.replace_check(connection, *_KIND, _AFTER, _BEFORE)


def _create_versions() -> None:
    op.create_table(
        "vendor_versions",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column(
            "vendor_ref",
            sa.Text(),
            nullable=False,
            comment="public id of the vendor, also of a new one",
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_encrypted", Bytes(), nullable=False),
        sa.Column("tax_id_encrypted", Bytes(), nullable=False, comment="13 digits"),
        sa.Column("address_encrypted", Bytes(), nullable=False),
        sa.Column("phone_encrypted", Bytes(), nullable=False),
        sa.Column(
            "account_encrypted", Bytes(), nullable=False, comment="bank or PromptPay, and number"
        ),
        sa.Column("account_name_encrypted", Bytes(), nullable=False, comment="as in the bank book"),
        sa.Column(
            "districts",
            sa.Text(),
            nullable=False,
            comment="codes in order, between spaces; empty: the whole province",
        ),
        sa.Column("ended", sa.Text(), nullable=True, comment="why it is closed; NULL: it is not"),
        sa.Column(
            "tax_lookup",
            Bytes(),
            nullable=False,
            comment="keyed hash of the tax id, as of a PromptPay number",
        ),
        sa.Column("account_lookup", Bytes(), nullable=False, comment="as in payee_digests"),
        sa.Column("written_by_id", BigInt, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('shop', 'person')", name=op.f("ck_vendor_versions_kind_known")
        ),
        sa.CheckConstraint(
            "ended IN ('stopped', 'unneeded', 'poor', 'doubted')",
            name=op.f("ck_vendor_versions_ended_known"),
        ),
        sa.CheckConstraint("length(tax_lookup) = 32", name=op.f("ck_vendor_versions_tax_hashed")),
        sa.CheckConstraint(
            "length(account_lookup) = 32", name=op.f("ck_vendor_versions_account_hashed")
        ),
        sa.CheckConstraint(
            "districts = '' OR districts LIKE ' % '",
            name=op.f("ck_vendor_versions_districts_between_spaces"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["users.id"], name=op.f("fk_vendor_versions_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_versions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_vendor_versions_public_id")),
        sa.UniqueConstraint("id", "vendor_ref", "tax_lookup", name="uq_vendor_versions_vendor"),
        sqlite_strict=True,
    )
    op.create_index("ix_vendor_versions_account_lookup", "vendor_versions", ["account_lookup"])
    columns = ("name", "tax_id", "address", "phone", "account", "account_name")
    encrypted_columns.require_encryption(
        op.get_bind(), "vendor_versions", *(f"{name}_encrypted" for name in columns)
    )


def _create_vendors() -> None:
    op.create_table(
        "vendors",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("tax_lookup", Bytes(), nullable=False, comment="of its tax id, which stays"),
        sa.Column("version_id", BigInt, nullable=False, comment="what counts now"),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id", "public_id", "tax_lookup"],
            ["vendor_versions.id", "vendor_versions.vendor_ref", "vendor_versions.tax_lookup"],
            name="fk_vendors_version_id",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_vendors_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendors")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_vendors_proposal_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_vendors_public_id")),
        sa.UniqueConstraint("tax_lookup", name=op.f("uq_vendors_tax_lookup")),
        sa.UniqueConstraint("version_id", name=op.f("uq_vendors_version_id")),
        sqlite_strict=True,
    )
