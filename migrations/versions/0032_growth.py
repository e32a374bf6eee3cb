"""Indexes with which no page costs more because the books grew."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

#: The actions of which most of the trail is, when this was written.
_EVERYDAY = (
    "'giving:donor:register', 'giving:pledge:make', 'giving:payment:receive',"
    " 'giving:receipt:issue', 'banking:line:match'"
)
#: Name, table, columns, and the condition of a partial one.
_NEW = (
    (
        "ix_journal_entries_kind",
        "journal_entries",
        ["kind", "entry_on", "id"],
        "kind <> 'donation'",
    ),
    (
        "ix_audit_events_action",
        "audit_events",
        ["action", "at", "id"],
        f"action NOT IN ({_EVERYDAY})",
    ),
    ("ix_payments_method", "payments", ["method", "received_on", "id"], None),
    ("ix_payments_amount", "payments", ["amount_satang", "received_on"], None),
    ("ix_instalments_open", "instalments", ["due_on", "id"], "paid_satang < amount_satang"),
    ("ix_payments_returned_on", "payments", ["returned_on"], "returned_on IS NOT NULL"),
    ("ix_payouts_amount", "payouts", ["amount_satang", "paid_on"], None),
    (
        "ix_statement_lines_open",
        "statement_lines",
        ["deposit_satang", "booked_on", "id"],
        "status IN ('unmatched', 'held')",
    ),
    ("ix_children_district_status", "children", ["district_code", "status", "id"], None),
    ("ix_children_district_by_code", "children", ["district_code", "code"], None),
    ("ix_children_status", "children", ["status", "id"], None),
    (
        "ix_consents_end",
        "consents",
        ["expires_on", "id"],
        "withdrawn_on IS NULL AND expires_on IS NOT NULL",
    ),
    (
        "ix_disbursement_requests_fund_status",
        "disbursement_requests",
        ["fund_code", "status", "id"],
        None,
    ),
    (
        "ix_disbursement_requests_district_status",
        "disbursement_requests",
        ["district_code", "status", "id"],
        None,
    ),
)
_SIDES = ("debit", "credit")


def upgrade() -> None:
    """Make them; those of postings have all that a balance asks for."""
    for name, table, columns, where in _NEW:
        condition = None if where is None else sa.text(where)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    op.drop_index("ix_instalments_due_on", "instalments")
    _replace_unpaid(["amount_satang", "due_on", "id"])
    op.drop_index("ix_disbursement_requests_fund", "disbursement_requests")
    op.create_index("ix_disbursement_requests_fund", "disbursement_requests", ["fund_code", "id"])
    for side in _SIDES:
        _replace(side, ["fund_code", "entry_on", "entry_id", "position", "amount_satang"])


def downgrade() -> None:
    """The indexes as they were."""
    for side in _SIDES:
        _replace(side, ["entry_on", "entry_id", "position", "fund_code"])
    op.drop_index("ix_disbursement_requests_fund", "disbursement_requests")
    op.create_index(
        "ix_disbursement_requests_fund", "disbursement_requests", ["fund_code", "status"]
    )
    _replace_unpaid(["amount_satang", "due_on"])
    op.create_index("ix_instalments_due_on", "instalments", ["due_on"])
    for name, table, _columns, _where in reversed(_NEW):
        op.drop_index(name, table)


def _replace_unpaid(columns: list[str]) -> None:
    unpaid = sa.text("paid_satang = 0")
    op.drop_index("ix_instalments_unpaid", "instalments")
    op.create_index(
        "ix_instalments_unpaid",
        "instalments",
        columns,
        sqlite_where=unpaid,
        postgresql_where=unpaid,
    )


def _replace(side: str, columns: list[str]) -> None:
    op.drop_index(f"ix_postings_{side}", "postings")
    op.create_index(f"ix_postings_{side}", "postings", [f"{side}_account_code", *columns])
