"""Hashes of payees and of staff's accounts; auditors' reasons and last days."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, rules

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "a9cdf3201de83f78"


def upgrade() -> None:
    """Create the tables; the worker notes the payees of earlier requests."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_role_endings()
    _create_payee_digests()
    _create_staff_accounts()
    _create_request_openings()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them; an auditor's access with a last day then has none."""
    rules.take_out(op.get_bind())
    for table in (
        "request_openings",
        "staff_accounts",
        "payee_digests",
        "role_endings",
    ):
        op.drop_table(table)


def _create_role_endings() -> None:
    op.create_table(
        "role_endings",
        sa.Column("user_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("ends_on", Day(), nullable=False, comment="the last day"),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.CheckConstraint("role IN ('auditor')", name=op.f("ck_role_endings_role_known")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_role_endings_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "role"],
            ["user_roles.user_id", "user_roles.role"],
            name=op.f("fk_role_endings_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_role_endings")),
        sqlite_strict=True,
    )
    op.create_index("ix_role_endings_ends_on", "role_endings", ["ends_on"])


def _create_payee_digests() -> None:
    op.create_table(
        "payee_digests",
        sa.Column("request_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("payee_lookup", Bytes, nullable=False, comment="of the folded name"),
        sa.Column(
            "account_lookup", Bytes, nullable=True, comment="of bank and number; NULL for cash"
        ),
        sa.CheckConstraint(
            "length(account_lookup) = 32", name=op.f("ck_payee_digests_account_hashed")
        ),
        sa.CheckConstraint("length(payee_lookup) = 32", name=op.f("ck_payee_digests_payee_hashed")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["disbursement_requests.id"],
            name=op.f("fk_payee_digests_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_payee_digests")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_payee_digests_account",
        "payee_digests",
        ["account_lookup", "payee_lookup", "request_id"],
    )


def _create_staff_accounts() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("account_lookup", Bytes, nullable=False, comment="as in payee_digests"),
        sa.Column("noted_by", sa.Text(), nullable=False, comment="public id of the administrator"),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(account_lookup) = 32", name=op.f("ck_staff_accounts_account_hashed")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_staff_accounts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_accounts")),
        sa.UniqueConstraint("account_lookup", "user_id", name=op.f("uq_staff_accounts_person")),
        sqlite_strict=True,
    )
    op.create_index("ix_staff_accounts_user_id", "staff_accounts", ["user_id"])


def _create_request_openings() -> None:
    op.create_table(
        "request_openings",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("opened_by_id", BigInt, nullable=False),
        sa.Column("reason_digest", Bytes, nullable=False, comment="of a remark"),
        sa.Column("opened_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=False, comment="the last day"),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_on >= opened_on", name=op.f("ck_request_openings_days_in_order")),
        sa.CheckConstraint(
            "length(reason_digest) = 32", name=op.f("ck_request_openings_reason_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name=op.f("fk_request_openings_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["disbursement_requests.id"],
            name=op.f("fk_request_openings_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_openings")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_request_openings_request",
        "request_openings",
        ["request_id", "opened_by_id", "ends_on"],
    )
