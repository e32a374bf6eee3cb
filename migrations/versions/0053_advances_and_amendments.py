"""Petty cash and advances; amendments of grants."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Day, UtcDateTime, checks, is_postgresql, rules

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "994fa08dad25a483"

#: Accounts of the books: code, type, Thai, English and Malay name.
_ACCOUNTS = (
    ("5240", "expense", "เงินยืมทดรองจ่ายที่ยังไม่หักล้าง", "Advances not cleared yet",
     "Pendahuluan yang belum diselesaikan"),
    ("5310", "expense", "ค่าใช้จ่ายสำนักงาน", "Costs of the office", "Kos pejabat"),
    ("5320", "expense", "ค่าเดินทางของเจ้าหน้าที่และอาสาสมัคร", "Travel of staff and volunteers",
     "Perjalanan kakitangan dan sukarelawan"),
    ("5330", "expense", "ค่าใช้จ่ายกิจกรรมและโครงการรับบริจาค", "Events and campaigns",
     "Acara dan kempen"),
)  # fmt: skip
_KINDS = (
    "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
    " 'bank_interest', 'transfer', 'suspense', 'reversal', 'gift_returned', 'gift_refunded',"
    " 'refund_paid', 'gift_taken', 'card_payout')"
)
_TWO_PEOPLE = (
    "kind NOT IN ('assistance_approved', 'assistance_paid', 'gift_refunded', 'refund_paid') OR"
    " (checker <> '' AND maker <> checker)"
)
#: Name, before, after; on PostgreSQL a trigger keeps them.
_CHANGED = (
    ("ck_journal_entries_kind_known", _KINDS, _KINDS.replace("payout'", "payout', 'advance'")),
    (
        "ck_journal_entries_two_people",
        _TWO_PEOPLE,
        _TWO_PEOPLE.replace("_paid')", "_paid', 'advance')"),
    ),
)
_TABLES = ("grant_amendment_lines", "grant_amendments", "advance_clearings", "advances")


def upgrade() -> None:
    """Add the accounts, the kind of entry and the tables."""
    connection = op.get_bind()
    rules.take_out(connection)
    names = ("code", "type", "name_th", "name_en", "name_ms")
    accounts = sa.table("accounts", *map(sa.column, names))
    op.bulk_insert(accounts, [dict(zip(names, row, strict=True)) for row in _ACCOUNTS])
    if not is_postgresql(connection):
        for name, before, after in _CHANGED:
            checks.replace_check(connection, "journal_entries", name, before, after)
    _create_advances()
    _create_amendments()
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Take them away, without the rules; an advance in the books stops this."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in _TABLES:
        op.drop_table(table)
    if not is_postgresql(connection):
        for name, before, after in _CHANGED:
            checks.replace_check(connection, "journal_entries", name, after, before)
    op.execute("DELETE FROM accounts WHERE code IN ('5240', '5310', '5320', '5330')")


def _create_advances() -> None:
    op.create_table(
        "advances",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("fund_code", sa.Text(), nullable=False),
        sa.Column(
            "account_code", sa.Text(), nullable=False, comment="the cash box that it came out of"
        ),
        sa.Column("holder_id", BigInt, nullable=False),
        sa.Column("amount_satang", BigInt, nullable=False),
        sa.Column("issued_on", Day(), nullable=False),
        sa.Column("due_on", Day(), nullable=False, comment="cleared by the end of this day"),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('petty_cash', 'advance')", name=op.f("ck_advances_kind_known")
        ),
        sa.CheckConstraint(
            "purpose IN ('office', 'travel', 'events')", name=op.f("ck_advances_purpose_known")
        ),
        sa.CheckConstraint(
            "amount_satang BETWEEN 1 AND 2000000", name=op.f("ck_advances_amount_in_range")
        ),
        sa.CheckConstraint("due_on >= issued_on", name=op.f("ck_advances_due_later")),
        sa.CheckConstraint(
            "holder_id <> confirmed_by_id", name=op.f("ck_advances_confirmed_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_advances_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_advances_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["fund_code"], ["funds.code"], name=op.f("fk_advances_fund_code")),
        sa.ForeignKeyConstraint(["holder_id"], ["users.id"], name=op.f("fk_advances_holder_id")),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"], ["journal_entries.id"], name=op.f("fk_advances_journal_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_advances_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advances")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_advances_journal_entry_id")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_advances_proposal_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_advances_public_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_advances_due_on", "advances", ["due_on", "id"])
    op.create_index("ix_advances_holder", "advances", ["holder_id"])
    op.create_table(
        "advance_clearings",
        sa.Column("advance_id", BigInt, nullable=False),
        sa.Column("spent_satang", BigInt, nullable=False),
        sa.Column("returned_satang", BigInt, nullable=False),
        sa.Column("cleared_on", Day(), nullable=False),
        sa.Column("document_id", BigInt, nullable=True),
        sa.Column("confirmed_by_id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("journal_entry_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(spent_satang > 0) = (document_id IS NOT NULL)",
            name=op.f("ck_advance_clearings_paper_of_what_was_spent"),
        ),
        sa.CheckConstraint(
            "spent_satang >= 0 AND returned_satang >= 0 AND spent_satang + returned_satang > 0",
            name=op.f("ck_advance_clearings_amounts_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["advance_id"], ["advances.id"], name=op.f("fk_advance_clearings_advance_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_advance_clearings_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_advance_clearings_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["journal_entry_id"],
            ["journal_entries.id"],
            name=op.f("fk_advance_clearings_journal_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_advance_clearings_proposal_id")
        ),
        sa.PrimaryKeyConstraint("advance_id", name=op.f("pk_advance_clearings")),
        sa.UniqueConstraint("journal_entry_id", name=op.f("uq_advance_clearings_journal_entry_id")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_advance_clearings_proposal_id")),
        sqlite_strict=True,
    )


def _create_amendments() -> None:
    op.create_table(
        "grant_amendments",
        sa.Column("grant_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("signed_on", Day(), nullable=False),
        sa.Column("ends_before", Day(), nullable=False, comment="the last day until then"),
        sa.Column("ends_after", Day(), nullable=False),
        sa.Column("document_id", BigInt, nullable=False, comment="the amendment as both signed it"),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_grant_amendments_number_from_one")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_grant_amendments_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_amendments_grant_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_grant_amendments_proposal_id")
        ),
        sa.PrimaryKeyConstraint("grant_id", "number", name=op.f("pk_grant_amendments")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_grant_amendments_proposal_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "grant_amendment_lines",
        sa.Column("grant_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("number", BigInt, autoincrement=False, nullable=False),
        sa.Column("fiscal_year", BigInt, autoincrement=False, nullable=False),
        sa.Column("account_code", sa.Text(), nullable=False),
        sa.Column("before_satang", BigInt, nullable=False),
        sa.Column("after_satang", BigInt, nullable=False),
        sa.CheckConstraint(
            "before_satang >= 0 AND after_satang > 0 AND before_satang <> after_satang",
            name=op.f("ck_grant_amendment_lines_amounts_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["account_code"], ["accounts.code"], name=op.f("fk_grant_amendment_lines_account_code")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id", "number"],
            ["grant_amendments.grant_id", "grant_amendments.number"],
            name="fk_grant_amendment_lines_amendment",
        ),
        sa.PrimaryKeyConstraint(
            "grant_id",
            "number",
            "fiscal_year",
            "account_code",
            name=op.f("pk_grant_amendment_lines"),
        ),
        sqlite_strict=True,
    )
