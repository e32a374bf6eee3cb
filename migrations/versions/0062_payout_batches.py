"""Payouts by transfer, many at once: a batch, its releases, its files for the bank, its results."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Day, UtcDateTime, rules

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "704424613df48f01"
_TABLES = (
    "payout_batches",
    "payout_batch_lines",
    "payout_batch_releases",
    "payout_batch_files",
    "payout_batch_results",
)
_LIVE = sa.text("state IN ('waiting', 'paid')")


def upgrade() -> None:
    """Create the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    _create_batches()
    _create_releases()
    _create_results()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_batches() -> None:
    op.create_table(
        "payout_batches",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="readable: PB…"),
        sa.Column("form_key", sa.Text(), nullable=False, comment="of the form that made it"),
        sa.Column("bank_account_code", sa.Text(), nullable=False),
        sa.Column(
            "account_code",
            sa.Text(),
            nullable=False,
            comment="of the books, when the batch was made",
        ),
        sa.Column("pay_on", Day(), nullable=False),
        sa.Column("made_by_id", BigInt, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        _reference("payout_batches", "bank_account_code", "bank_accounts.code"),
        _reference("payout_batches", "account_code", "accounts.code"),
        _reference("payout_batches", "made_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batches")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payout_batches_public_id")),
        sa.UniqueConstraint("number", name=op.f("uq_payout_batches_number")),
        sa.UniqueConstraint("form_key", name=op.f("uq_payout_batches_form_key")),
        sa.UniqueConstraint("id", "made_by_id", name="uq_payout_batches_maker"),
        sqlite_strict=True,
    )
    op.create_table(
        "payout_batch_lines",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("batch_id", BigInt, nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("approval_id", BigInt, nullable=False),
        sa.Column("approver_id", BigInt, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False, comment="given at approval: PV…"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'paid', 'failed', 'withdrawn')",
            name=op.f("ck_payout_batch_lines_state_known"),
        ),
        sa.CheckConstraint("decision = 'approve'", name=op.f("ck_payout_batch_lines_on_approval")),
        sa.CheckConstraint(
            "position BETWEEN 1 AND 5000", name=op.f("ck_payout_batch_lines_position_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id", "amount_satang"],
            [
                "disbursement_requests.id",
                "disbursement_requests.requested_by_id",
                "disbursement_requests.total_satang",
            ],
            name="fk_payout_batch_lines_request",
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "approver_id", "decision", "approval_id"],
            [
                "approvals.request_id",
                "approvals.approver_id",
                "approvals.decision",
                "approvals.id",
            ],
            name="fk_payout_batch_lines_approval",
        ),
        _reference("payout_batch_lines", "batch_id", "payout_batches.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batch_lines")),
        sa.UniqueConstraint("batch_id", "position", name="uq_payout_batch_lines_position"),
        sa.UniqueConstraint("batch_id", "voucher", name="uq_payout_batch_lines_voucher"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_payout_batch_lines_live",
        "payout_batch_lines",
        ["request_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("ix_payout_batch_lines_state", "payout_batch_lines", ["state", "id"])
    op.create_index("ix_payout_batch_lines_voucher", "payout_batch_lines", ["voucher"])


def _create_releases() -> None:
    op.create_table(
        "payout_batch_releases",
        sa.Column("batch_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("made_by_id", BigInt, nullable=False),
        sa.Column("released_by_id", BigInt, nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "released_by_id <> made_by_id", name=op.f("ck_payout_batch_releases_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id", "made_by_id"],
            ["payout_batches.id", "payout_batches.made_by_id"],
            name="fk_payout_batch_releases_batch",
        ),
        _reference("payout_batch_releases", "released_by_id", "users.id"),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_payout_batch_releases")),
        sa.UniqueConstraint(
            "batch_id",
            "number",
            "made_by_id",
            "released_by_id",
            name="uq_payout_batch_releases_people",
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "payout_batch_files",
        sa.Column("batch_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("release_number", BigInt, autoincrement=False, nullable=False),
        sa.Column("made_by_id", BigInt, nullable=False),
        sa.Column("released_by_id", BigInt, nullable=False),
        sa.Column("taken_by_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_sha256", Bytes(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('csv', 'smart')", name=op.f("ck_payout_batch_files_kind_known")
        ),
        sa.CheckConstraint(
            "taken_by_id <> made_by_id AND taken_by_id <> released_by_id",
            name=op.f("ck_payout_batch_files_three_people"),
        ),
        sa.CheckConstraint(
            "length(file_sha256) = 32", name=op.f("ck_payout_batch_files_file_hashed")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id", "release_number", "made_by_id", "released_by_id"],
            [
                "payout_batch_releases.batch_id",
                "payout_batch_releases.number",
                "payout_batch_releases.made_by_id",
                "payout_batch_releases.released_by_id",
            ],
            name="fk_payout_batch_files_release",
        ),
        _reference("payout_batch_files", "taken_by_id", "users.id"),
        sa.PrimaryKeyConstraint("batch_id", "release_number", name=op.f("pk_payout_batch_files")),
        sqlite_strict=True,
    )


def _create_results() -> None:
    op.create_table(
        "payout_batch_results",
        sa.Column("line_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column(
            "reason_digest",
            Bytes(),
            nullable=True,
            comment="of the bank's words, which are a remark",
        ),
        sa.Column("file_sha256", Bytes(), nullable=False, comment="of the file that told it"),
        sa.Column("told_by_id", BigInt, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('paid', 'failed')", name=op.f("ck_payout_batch_results_outcome_known")
        ),
        sa.CheckConstraint(
            "length(file_sha256) = 32", name=op.f("ck_payout_batch_results_file_hashed")
        ),
        sa.CheckConstraint(
            "(outcome = 'failed') = (reason_digest IS NOT NULL)",
            name=op.f("ck_payout_batch_results_failure_has_reason"),
        ),
        _reference("payout_batch_results", "line_id", "payout_batch_lines.id"),
        _reference("payout_batch_results", "told_by_id", "users.id"),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_payout_batch_results")),
        sqlite_strict=True,
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
