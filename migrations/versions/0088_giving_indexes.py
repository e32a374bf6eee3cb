"""What falls due in some days is added up from an index, and bodies are found among the donors."""

from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

DUE, INSTALMENTS = "ix_instalments_due_on", "instalments"
SUMS = ["pledge_id", "amount_satang", "paid_satang", "let_go_satang"]
KINDS, DONORS = "ix_donors_kind", "donors"


def upgrade() -> None:
    """Put what is added up into the index of days: else the row of each instalment is read."""
    op.drop_index(DUE, INSTALMENTS)
    op.create_index(DUE, INSTALMENTS, ["due_on", *SUMS])
    op.create_index(KINDS, DONORS, ["kind"])


def downgrade() -> None:
    """Take it out."""
    op.drop_index(KINDS, DONORS)
    op.drop_index(DUE, INSTALMENTS)
    op.create_index(DUE, INSTALMENTS, ["due_on"])
