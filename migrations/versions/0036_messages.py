"""Statements may be messages of a bank (MT940, camt.053) beside files in an entered style; money may
wait in the books until it is known whose it is; interest on zakat is kept apart, tax told apart.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import checks, rules

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "9d8a5cb9c052857a"

#: Code, type, Thai, English and Malay name.
_ACCOUNTS = (
    (
        "2140", "liability", "ดอกเบี้ยรับที่แยกจากเงินซะกาต", "Interest kept apart from zakat",
        "Faedah diasingkan daripada zakat",
    ),
    ("5220", "expense", "ภาษีหัก ณ ที่จ่าย", "Withholding tax", "Cukai pegangan"),
)  # fmt: skip
_OLD = (
    "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
    " 'bank_interest', 'transfer', 'reversal', 'gift_returned')"
)
_NEW = _OLD.replace("'transfer',", "'transfer', 'suspense',")


def upgrade() -> None:
    """Add the accounts and the kind of entry, and bring the rules in."""
    connection = op.get_bind()
    rules.take_out(connection)
    names = ("code", "type", "name_th", "name_en", "name_ms")
    accounts = sa.table("accounts", *(sa.column(name) for name in names))
    op.bulk_insert(accounts, [dict(zip(names, row, strict=True)) for row in _ACCOUNTS])
    name = "ck_journal_entries_kind_known"
    checks.replace_check(connection, "journal_entries", name, _OLD, _NEW)
    op.create_index("ix_instalments_due_on", "instalments", ["due_on"])
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Take them back, without the rules; one that is in use stops this."""
    connection = op.get_bind()
    rules.take_out(connection)
    name = "ck_journal_entries_kind_known"
    checks.replace_check(connection, "journal_entries", name, _NEW, _OLD)
    op.drop_index("ix_instalments_due_on", "instalments")
    op.execute("DELETE FROM accounts WHERE code IN ('2140', '5220')")
