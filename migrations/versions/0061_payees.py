"""A payee of no file is approved by two; a payment that was stopped is let go by an approver."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, checks, encrypted_columns, rules

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "9ce8c145cfefb73e"
_OLD_KINDS = "payee_kind IN ('guardian', 'school')"
_KINDS = "payee_kind IN ('guardian', 'school', 'other')"
_CHECK = ("disbursement_requests", "ck_disbursement_requests_payee_kind_known")


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    checks.replace_check(connection, *_CHECK, _OLD_KINDS, _KINDS)
    _create_request_payees()
    _create_payment_releases()
    op.create_index("ix_documents_original_sha256", "documents", ["original_sha256"])
    encrypted_columns.require_encryption(connection, "request_payees", "why_encrypted")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them; a payee of no file stops this."""
    connection = op.get_bind()
    rules.take_out(connection)
    others = "SELECT count(*) FROM disbursement_requests WHERE payee_kind = 'other'"
    if connection.scalar(sa.text(others)):
        raise RuntimeError("some requests are paid to somebody else; the older version knows none")
    checks.replace_check(connection, *_CHECK, _KINDS, _OLD_KINDS)
    op.drop_index("ix_documents_original_sha256", "documents")
    op.drop_table("payment_releases")
    op.drop_table("request_payees")


def _create_request_payees() -> None:
    op.create_table(
        "request_payees",
        sa.Column("id", BigInt, autoincrement=False, nullable=False, comment="of the request"),
        sa.Column("name_lookup", Bytes(), nullable=False, comment="keyed hash of the folded name"),
        sa.Column(
            "why_encrypted", Bytes(), nullable=True, comment="why somebody else takes the money"
        ),
        sa.CheckConstraint("length(name_lookup) = 32", name=op.f("ck_request_payees_name_hashed")),
        sa.ForeignKeyConstraint(
            ["id"], ["disbursement_requests.id"], name=op.f("fk_request_payees_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_payees")),
        sqlite_strict=True,
    )
    op.create_index("ix_request_payees_name_lookup", "request_payees", ["name_lookup"])


def _create_payment_releases() -> None:
    op.create_table(
        "payment_releases",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("released_by_id", BigInt, nullable=False),
        sa.Column("stop_sha256", Bytes(), nullable=False, comment="of what stopped it then"),
        sa.Column(
            "reason_digest", Bytes(), nullable=False, comment="of the words, which are a remark"
        ),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "released_by_id <> requested_by_id", name=op.f("ck_payment_releases_two_people")
        ),
        sa.CheckConstraint(
            "length(stop_sha256) = 32 AND length(reason_digest) = 32",
            name=op.f("ck_payment_releases_hashed"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_payment_releases_asker",
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["users.id"], name=op.f("fk_payment_releases_released_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_releases")),
        sqlite_strict=True,
    )
    op.create_index("ix_payment_releases_request_id", "payment_releases", ["request_id"])
