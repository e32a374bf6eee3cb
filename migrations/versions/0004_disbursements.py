"""Tables of money out."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "disbursement_requests",
    "approvals",
    "proofs",
    "payouts",
    "request_lines",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "disbursement_requests",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="readable, e.g. RQ…"),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column(
            "reason_encrypted",
            sa.LargeBinary(),
            nullable=False,
            comment="why; may speak of the child",
        ),
        sa.Column("payee_kind", sa.Text(), nullable=False),
        sa.Column("payee_name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column(
            "payee_account_encrypted", sa.LargeBinary(), nullable=True, comment="bank and number"
        ),
        sa.Column("payout_method", sa.Text(), nullable=False),
        sa.Column("total_satang", BigInt, nullable=False, comment="sum of its lines"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False, comment="raised by every change"),
        sa.Column(
            "facts_sha256", sa.LargeBinary(), nullable=False, comment="of what is being decided on"
        ),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("approval_entry_id", BigInt, nullable=True),
        sa.CheckConstraint(
            "need IN ('living', 'education', 'travel', 'health', 'food')",
            name=op.f("ck_disbursement_requests_need_known"),
        ),
        sa.CheckConstraint(
            "payee_kind IN ('guardian', 'school')",
            name=op.f("ck_disbursement_requests_payee_kind_known"),
        ),
        sa.CheckConstraint(
            "payout_method IN ('transfer', 'promptpay', 'cash')",
            name=op.f("ck_disbursement_requests_payout_method_known"),
        ),
        sa.CheckConstraint(
            "status IN ('submitted', 'returned', 'approved', 'rejected', 'cancelled', 'paid', 'confirmed', 'problem')",
            name=op.f("ck_disbursement_requests_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paid', 'confirmed', 'problem') OR approval_entry_id IS NOT NULL",
            name=op.f("ck_disbursement_requests_approved_is_booked"),
        ),
        sa.CheckConstraint(
            "total_satang > 0", name=op.f("ck_disbursement_requests_total_positive")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_disbursement_requests_version_from_one")),
        sa.ForeignKeyConstraint(
            ["approval_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_disbursement_requests_approval_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"],
            ["districts.code"],
            name=op.f("fk_disbursement_requests_district_code"),
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_disbursement_requests_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["users.id"], name=op.f("fk_disbursement_requests_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement_requests")),
        sa.UniqueConstraint(
            "approval_entry_id", name=op.f("uq_disbursement_requests_approval_entry_id")
        ),
        sa.UniqueConstraint(
            "id", "requested_by_id", "total_satang", name="uq_disbursement_requests_total"
        ),
        sa.UniqueConstraint("id", "requested_by_id", name="uq_disbursement_requests_asker"),
        sa.UniqueConstraint("number", name=op.f("uq_disbursement_requests_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disbursement_requests_public_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_disbursement_requests_district",
        "disbursement_requests",
        ["district_code", "id"],
        unique=False,
    )
    op.create_index(
        "ix_disbursement_requests_fund",
        "disbursement_requests",
        ["fund_code", "status"],
        unique=False,
    )
    op.create_index(
        "ix_disbursement_requests_status", "disbursement_requests", ["status", "id"], unique=False
    )
    op.create_table(
        "approvals",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("version", BigInt, nullable=False, comment="of the request that was decided on"),
        sa.Column("facts_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("approver_id", BigInt, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "decision = 'approve' OR reason <> ''", name=op.f("ck_approvals_refusal_has_reason")
        ),
        sa.CheckConstraint(
            "decision IN ('approve', 'return', 'reject')", name=op.f("ck_approvals_decision_known")
        ),
        sa.CheckConstraint("approver_id <> requested_by_id", name=op.f("ck_approvals_two_people")),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["users.id"], name=op.f("fk_approvals_approver_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id"],
            ["disbursement_requests.id", "disbursement_requests.requested_by_id"],
            name="fk_approvals_asker",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint(
            "request_id", "approver_id", "decision", "id", name="uq_approvals_approver"
        ),
        sa.UniqueConstraint("request_id", "version", name="uq_approvals_version"),
        sqlite_strict=True,
    )
    op.create_table(
        "proofs",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("confirmed_on", Day(), nullable=False),
        sa.Column(
            "confirmed_by_encrypted",
            sa.LargeBinary(),
            nullable=False,
            comment="name of who confirmed",
        ),
        sa.Column("note_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("document_id", BigInt, nullable=True),
        sa.Column("filed_by_id", BigInt, nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'received' OR note_encrypted IS NOT NULL",
            name=op.f("ck_proofs_problem_is_told"),
        ),
        sa.CheckConstraint(
            "outcome IN ('received', 'not_received', 'problem')",
            name=op.f("ck_proofs_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_proofs_document_id")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["users.id"], name=op.f("fk_proofs_filed_by_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["disbursement_requests.id"], name=op.f("fk_proofs_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proofs_request_id"), "proofs", ["request_id"], unique=False)
    op.create_table(
        "payouts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False, comment="readable, shown to the bank: PV…"),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("requested_by_id", BigInt, nullable=False),
        sa.Column("approval_id", BigInt, nullable=False),
        sa.Column("approver_id", BigInt, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False, comment="copied, as the actors are"),
        sa.Column("payer_id", BigInt, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("paid_from_account_code", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("paid_on", Day(), nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("decision = 'approve'", name=op.f("ck_payouts_paid_on_approval")),
        sa.CheckConstraint(
            "method IN ('transfer', 'promptpay', 'cash')", name=op.f("ck_payouts_method_known")
        ),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_payouts_amount_positive")),
        sa.CheckConstraint(
            "payer_id <> requested_by_id AND payer_id <> approver_id AND approver_id <> requested_by_id",
            name=op.f("ck_payouts_three_people"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"], ["journal_entries.id"], name=op.f("fk_payouts_journal_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_from_account_code"],
            ["accounts.code"],
            name=op.f("fk_payouts_paid_from_account_code"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["users.id"], name=op.f("fk_payouts_payer_id")),
        sa.ForeignKeyConstraint(
            ["request_id", "approver_id", "decision", "approval_id"],
            ["approvals.request_id", "approvals.approver_id", "approvals.decision", "approvals.id"],
            name="fk_payouts_approval",
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by_id", "amount_satang"],
            [
                "disbursement_requests.id",
                "disbursement_requests.requested_by_id",
                "disbursement_requests.total_satang",
            ],
            name="fk_payouts_request",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_payouts_journal_entry_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payouts_public_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_payouts_request_id")),
        sa.UniqueConstraint("voucher", name=op.f("uq_payouts_voucher")),
        sqlite_strict=True,
    )
    op.create_table(
        "request_lines",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("request_id", BigInt, nullable=False),
        sa.Column("child_id", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_request_lines_amount_positive")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name=op.f("fk_request_lines_child_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["disbursement_requests.id"], name=op.f("fk_request_lines_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_lines")),
        sa.UniqueConstraint("request_id", "child_id", name="uq_request_lines_child"),
        sqlite_strict=True,
    )
    op.create_index("ix_request_lines_child_id", "request_lines", ["child_id"], unique=False)
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop them, with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
