"""When the stored file of each document was last opened, and which version was found intact."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: no file has been opened yet."""
    op.add_column(
        "documents",
        sa.Column(
            "checked_at", UtcDateTime(), comment="when its stored file was last opened to check it"
        ),
    )
    op.add_column(
        "documents",
        sa.Column(
            "intact_version",
            sa.Text(),
            comment="the store's name of the file's version, if it was found intact then",
        ),
    )
    op.create_index("ix_documents_checked_at", "documents", ["checked_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_documents_checked_at", "documents")
    op.drop_column("documents", "intact_version")
    op.drop_column("documents", "checked_at")
