"""Rules of entries and postings that PostgreSQL keeps by the trigger that seals an entry, instead of
CHECKs, whose text it reads anew for every statement, and foreign keys, which lock the rows of a
bank account and of its income for every gift.
"""

from alembic import op

from fundapp.db import is_postgresql, rules

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "e44c92671e20dff2"

#: Table, name, rule.
MOVED = (
    (
        "journal_entries",
        "kind_known",
        "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
        " 'bank_interest', 'transfer', 'suspense', 'reversal', 'gift_returned', 'card_payout')",
    ),
    ("journal_entries", "posting_count_in_range", "posting_count BETWEEN 1 AND 1000"),
    ("journal_entries", "total_positive", "total_satang > 0"),
    ("journal_entries", "maker_named", "maker <> ''"),
    ("journal_entries", "leaf_hash_sha256", "length(leaf_hash) = 32"),
    (
        "journal_entries",
        "two_people",
        "kind NOT IN ('assistance_approved', 'assistance_paid')"
        " OR (checker <> '' AND maker <> checker)",
    ),
    (
        "journal_entries",
        "reversal_names_entry",
        "(kind IN ('reversal', 'gift_returned')) = (reverses_entry_id IS NOT NULL)",
    ),
    (
        "journal_entries",
        "reversal_has_reason",
        "kind NOT IN ('reversal', 'gift_returned') OR memo <> ''",
    ),
    (
        "journal_entries",
        "reverses_earlier",
        "reverses_entry_id IS NULL OR reverses_entry_id < id",
    ),
    ("postings", "amount_positive", "amount_satang > 0"),
    ("postings", "two_accounts", "debit_account_code <> credit_account_code"),
)
#: Column of postings, and what it names.
KEYS = (
    ("fund_code", "funds"),
    ("debit_account_code", "accounts"),
    ("credit_account_code", "accounts"),
)


def upgrade() -> None:
    """Let the trigger keep them."""
    connection = op.get_bind()
    if is_postgresql(connection):
        for table, name, _ in MOVED:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        for column, _ in KEYS:
            op.drop_constraint(op.f(f"fk_postings_{column}"), "postings")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Let the tables keep them."""
    connection = op.get_bind()
    rules.take_out(connection)
    if is_postgresql(connection):
        for table, name, rule in MOVED:
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
        for column, named in KEYS:
            op.create_foreign_key(
                op.f(f"fk_postings_{column}"), "postings", named, [column], ["code"]
            )
