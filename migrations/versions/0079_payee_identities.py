"""The address and the identity number of a payee, encrypted, for the receipt voucher."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import Bytes, encrypted_columns, rules

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "074fe9353a18c442"
_TABLE = "request_payees"
_COLUMNS = {
    "address_encrypted": "of the payee, for the voucher; NULL: written by hand",
    "id_number_encrypted": "of the payee, 13 digits, for the voucher; NULL: written by hand",
}


def upgrade() -> None:
    """Add the columns; requests that are there keep lines to fill in by hand."""
    connection = op.get_bind()
    rules.take_out(connection)
    for name, comment in _COLUMNS.items():
        op.add_column(_TABLE, sa.Column(name, Bytes(), nullable=True, comment=comment))
    encrypted_columns.require_encryption(connection, _TABLE, *_COLUMNS)
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them, unless a request has one: its facts cover them."""
    connection = op.get_bind()
    rules.take_out(connection)
    told = " OR ".join(f"{name} IS NOT NULL" for name in _COLUMNS)
    if connection.scalar(sa.text(f"SELECT count(*) FROM {_TABLE} WHERE {told}")):
        raise RuntimeError("some requests name the address or number of a payee")
    encrypted_columns.allow_anything(connection, _TABLE, *_COLUMNS)
    for name in _COLUMNS:
        op.drop_column(_TABLE, name)
