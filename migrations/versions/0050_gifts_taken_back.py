"""The bank may take back a gift that was refunded, in part or whole; pledges are listed by state."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import checks, is_postgresql, rules

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "b6c6ff411f6fc812"

_ACCOUNT = {
    "code": "5230",
    "type": "expense",
    "name_th": "เงินบริจาคที่คืนไปแล้วและธนาคารเรียกคืน",
    "name_en": "Refunded gifts taken back by the bank",
    "name_ms": "Derma yang telah dipulangkan lalu diambil semula oleh bank",
}
_STATES = ("active", "completed", "paused", "cancelled")
_KINDS = (
    "kind IN ('opening', 'donation', 'assistance_approved', 'assistance_paid', 'bank_fee',"
    " 'bank_interest', 'transfer', 'suspense', 'reversal', 'gift_returned', 'gift_refunded',"
    " 'refund_paid', 'card_payout')"
)
_REFUSALS = "IN ('used', 'not_giver', 'no_account', 'changed_mind', 'mistake')"
#: Table, CHECK, before, after. On PostgreSQL a trigger keeps those of journal_entries.
_CHANGED = (
    ("refund_requests", "refusal_known", f"refusal {_REFUSALS}"),
    ("office_refunds", "cancelled_for_known", f"cancelled_for {_REFUSALS}"),
    ("journal_entries", "kind_known", _KINDS),
)


def upgrade() -> None:
    """Add the account, the kind of entry and the reason, and bring the rules in."""
    connection = op.get_bind()
    rules.take_out(connection)
    op.bulk_insert(sa.table("accounts", *map(sa.column, _ACCOUNT)), [_ACCOUNT])
    for table, name, before in _changed():
        checks.replace_check(connection, table, f"ck_{table}_{name}", before, _after(before))
    for state in _STATES:
        only = sa.text(f"status = '{state}'")
        op.create_index(
            f"ix_pledges_{state}", "pledges", ["id"], sqlite_where=only, postgresql_where=only
        )
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Take them back, without the rules; one that is in use stops this."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table, name, before in _changed():
        checks.replace_check(connection, table, f"ck_{table}_{name}", _after(before), before)
    for state in _STATES:
        op.drop_index(f"ix_pledges_{state}", "pledges")
    op.execute("DELETE FROM accounts WHERE code = '5230'")


def _changed() -> tuple[tuple[str, str, str], ...]:
    return _CHANGED[:2] if is_postgresql(op.get_bind()) else _CHANGED


def _after(before: str) -> str:
    return before.replace("'mistake'", "'mistake', 'taken_back'").replace(
        "'card_payout'", "'gift_taken', 'card_payout'"
    )
