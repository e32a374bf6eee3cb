"""The chart has accounts of the books for further accounts at banks."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

#: Code, Thai, English and Malay name.
_ACCOUNTS = (
    ("1123", "เงินฝากธนาคาร บัญชีที่ 3", "Bank, third account", "Bank, akaun ketiga"),
    ("1124", "เงินฝากธนาคาร บัญชีที่ 4", "Bank, fourth account", "Bank, akaun keempat"),
    ("1125", "เงินฝากธนาคาร บัญชีที่ 5", "Bank, fifth account", "Bank, akaun kelima"),
)


def upgrade() -> None:
    """Add them."""
    names = ("code", "name_th", "name_en", "name_ms")
    accounts = sa.table("accounts", *(sa.column(name) for name in (*names, "type")))
    rows = [dict(zip(names, row, strict=True)) | {"type": "asset"} for row in _ACCOUNTS]
    op.bulk_insert(accounts, rows)


def downgrade() -> None:
    """Take them away; one that is in use stops this."""
    op.execute("DELETE FROM accounts WHERE code IN ('1123', '1124', '1125')")
