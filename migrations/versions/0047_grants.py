"""Budgets of funds, transfers between funds, and grants received with their conditions and reports."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, Flag, UtcDateTime, rules

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "fd117b1bddca7c5d"

#: The account of the books: code, type, Thai, English and Malay name.
_ACCOUNT = (
    "3120", "net_assets", "เงินโอนระหว่างกองทุน", "Transfers between funds",
    "Pindahan antara dana",
)  # fmt: skip


def upgrade() -> None:
    """Add the account and the tables."""
    names = ("code", "type", "name_th", "name_en", "name_ms")
    accounts = sa.table("accounts", *(sa.column(name) for name in names))
    op.bulk_insert(accounts, [dict(zip(names, _ACCOUNT, strict=True))])
    _create_budgets()
    _create_grants()
    _create_duties()
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Take them away; nothing may be booked to the account."""
    rules.take_out(op.get_bind())
    for table in (
        "grant_report_figures",
        "grant_report_sendings",
        "grant_reports",
        "grant_conditions",
        "grant_instalments",
        "grant_lines",
        "grants",
        "fund_transfers",
        "transfer_rules",
        "budget_lines",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM accounts WHERE code = '3120'")


def _create_budgets() -> None:
    op.create_table(
        "budget_lines",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column(
            "fiscal_year",
            BigInt,
            autoincrement=False,
            nullable=False,
            comment="B.E. year in which it ends",
        ),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False, comment="by which two people decided it"),
        sa.CheckConstraint("amount_satang >= 0", name=op.f("ck_budget_lines_amount_not_negative")),
        sa.CheckConstraint("account_code LIKE '5%'", name=op.f("ck_budget_lines_expense_account")),
        sa.CheckConstraint(
            "fiscal_year BETWEEN 2500 AND 2700", name=op.f("ck_budget_lines_fiscal_year_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_budget_lines_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_budget_lines_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_budget_lines_proposal_id")
        ),
        sa.PrimaryKeyConstraint(
            "fund_code", "fiscal_year", "account_code", name=op.f("pk_budget_lines")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "transfer_rules",
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column("gives", Flag(), nullable=False),
        sa.Column("takes", Flag(), nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["fund_code"], ["funds.code"], name=op.f("fk_transfer_rules_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_transfer_rules_proposal_id")
        ),
        sa.PrimaryKeyConstraint("fund_code", name=op.f("pk_transfer_rules")),
        sqlite_strict=True,
    )
    op.create_table(
        "fund_transfers",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("from_fund_code", sa.Text(), nullable=False),
        sa.Column("to_fund_code", sa.Text(), nullable=False),
        sa.Column(
            "account_code",
            sa.Text(),
            nullable=False,
            comment="where the money lies, before and after",
        ),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_fund_transfers_amount_positive")),
        sa.CheckConstraint(
            "reason IN ('resolution', 'cover', 'wrong_fund')",
            name=op.f("ck_fund_transfers_reason_known"),
        ),
        sa.CheckConstraint(
            "from_fund_code <> to_fund_code", name=op.f("ck_fund_transfers_two_funds")
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_fund_transfers_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_fund_transfers_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_fund_code"], ["funds.code"], name=op.f("fk_fund_transfers_from_fund_code")
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_fund_transfers_journal_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_fund_transfers_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_fund_code"], ["funds.code"], name=op.f("fk_fund_transfers_to_fund_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_transfers")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_fund_transfers_journal_entry_id")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_fund_transfers_proposal_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fund_transfers_public_id")),
        sqlite_strict=True,
    )


def _create_grants() -> None:
    op.create_table(
        "grants",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column(
            "number", sa.Text(), nullable=False, comment="of the agreement, as the grantor gave it"
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="what the grant is for; no personal data"
        ),
        sa.Column("signed_on", Day(), nullable=False),
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=False),
        sa.Column("total_satang", BigInt, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("document_id", BigInt, nullable=True),
        sa.Column("proposal_id", BigInt, nullable=True, comment="by which two people let it start"),
        sa.Column("ended_on", Day(), nullable=True, comment="the last day, if it ended early"),
        sa.Column("created_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_grants_days_in_order")),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_grants_ended_on_a_day")
        ),
        sa.CheckConstraint("number <> '' AND title <> ''", name=op.f("ck_grants_named")),
        sa.CheckConstraint(
            "proposal_id IS NULL OR document_id IS NOT NULL",
            name=op.f("ck_grants_started_with_document"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'running', 'completed', 'ended', 'withdrawn')",
            name=op.f("ck_grants_status_known"),
        ),
        sa.CheckConstraint("total_satang > 0", name=op.f("ck_grants_total_positive")),
        sa.CheckConstraint(
            "(status IN ('draft', 'withdrawn')) = (proposal_id IS NULL)",
            name=op.f("ck_grants_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_grants_document_id")
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_grants_donor_id")),
        sa.ForeignKeyConstraint(["fund_code"], ["funds.code"], name=op.f("fk_grants_fund_code")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_grants_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("donor_id", "number", name=op.f("uq_grants_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grants_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_grants_fund", "grants", ["fund_code", "status"])
    op.create_index("ix_grants_status", "grants", ["status", "id"])
    op.create_table(
        "grant_lines",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("grant_id", BigInt, nullable=False),
        sa.Column("fiscal_year", BigInt, nullable=False, comment="B.E. year in which it ends"),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_grant_lines_amount_positive")),
        sa.CheckConstraint("account_code LIKE '5%'", name=op.f("ck_grant_lines_expense_account")),
        sa.CheckConstraint(
            "fiscal_year BETWEEN 2500 AND 2700", name=op.f("ck_grant_lines_fiscal_year_in_range")
        ),
        sa.CheckConstraint("rule IN ('warn', 'refuse')", name=op.f("ck_grant_lines_rule_known")),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_grant_lines_account_code")
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_grant_lines_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_lines")),
        sa.UniqueConstraint(
            "grant_id", "fiscal_year", "account_code", name=op.f("uq_grant_lines_kind")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "grant_instalments",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("grant_id", BigInt, nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column(
            "condition", sa.Text(), nullable=False, comment="what it depends on; no personal data"
        ),
        sa.Column("pledge_id", BigInt, nullable=True, comment="made when the grant starts"),
        sa.CheckConstraint("amount_satang > 0", name=op.f("ck_grant_instalments_amount_positive")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_instalments_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledges.id"], name=op.f("fk_grant_instalments_pledge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_instalments")),
        sa.UniqueConstraint("pledge_id", name=op.f("uq_grant_instalments_pledge_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_grant_instalments_grant_id", "grant_instalments", ["grant_id"])


def _create_duties() -> None:
    op.create_table(
        "grant_conditions",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("grant_id", BigInt, nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="of the agreement; no personal data"),
        sa.Column("met_on", Day(), nullable=True),
        sa.Column("met_by", sa.Text(), nullable=True, comment="public id of the user"),
        sa.Column("document_id", BigInt, nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_grant_conditions_has_text")),
        sa.CheckConstraint(
            "(met_on IS NULL) = (met_by IS NULL) AND (met_on IS NULL) = (document_id IS NULL)",
            name=op.f("ck_grant_conditions_met_with_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_grant_conditions_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_conditions_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_conditions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grant_conditions_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_grant_conditions_due_on", "grant_conditions", ["due_on"])
    op.create_index("ix_grant_conditions_grant_id", "grant_conditions", ["grant_id"])
    op.create_table(
        "grant_reports",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("grant_id", BigInt, nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("to_on", Day(), nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sendings", BigInt, nullable=False, comment="how often it was sent"),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_grant_reports_days_in_order")),
        sa.CheckConstraint(
            "return_reason IN ('figures', 'papers', 'form', 'other')",
            name=op.f("ck_grant_reports_return_reason_known"),
        ),
        sa.CheckConstraint(
            "(status = 'returned') = (return_reason IS NOT NULL)",
            name=op.f("ck_grant_reports_returned_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(status = 'due') = (sendings = 0)", name=op.f("ck_grant_reports_sent_when_sent")
        ),
        sa.CheckConstraint(
            "status IN ('due', 'sent', 'returned', 'accepted')",
            name=op.f("ck_grant_reports_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_reports_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_reports")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grant_reports_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_grant_reports_due_on", "grant_reports", ["due_on"])
    op.create_index("ix_grant_reports_grant_id", "grant_reports", ["grant_id"])
    op.create_table(
        "grant_report_sendings",
        sa.Column("report_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("sent_on", Day(), nullable=False),
        sa.Column("document_id", BigInt, nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False, comment="public id of the user"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_grant_report_sendings_number_from_one")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_grant_report_sendings_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["grant_reports.id"], name=op.f("fk_grant_report_sendings_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_grant_report_sendings")),
        sqlite_strict=True,
    )
    op.create_table(
        "grant_report_figures",
        sa.Column("report_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("line_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("spent_satang", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["grant_lines.id"], name=op.f("fk_grant_report_figures_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id", "number"],
            ["grant_report_sendings.report_id", "grant_report_sendings.number"],
            name=op.f("fk_grant_report_figures_sending"),
        ),
        sa.PrimaryKeyConstraint(
            "report_id", "number", "line_id", name=op.f("pk_grant_report_figures")
        ),
        sqlite_strict=True,
    )
