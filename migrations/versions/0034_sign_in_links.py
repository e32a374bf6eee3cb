"""Donors sign in by a link in their mailbox."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, UtcDateTime, rules

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "dd0679b6e647f4d4"


def upgrade() -> None:
    """Create the table, and note when a mailbox was proved."""
    rules.take_out(op.get_bind())
    op.create_table(
        "sign_in_links",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token_sha256", Bytes(), nullable=False),
        sa.Column(
            "browser_sha256",
            Bytes(),
            nullable=False,
            comment="of a cookie of the browser that asked",
        ),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "length(browser_sha256) = 32", name=op.f("ck_sign_in_links_browser_hashed")
        ),
        sa.CheckConstraint("length(token_sha256) = 32", name=op.f("ck_sign_in_links_token_hashed")),
        sa.CheckConstraint(
            "email = lower(email) AND email <> ''", name=op.f("ck_sign_in_links_email_lower_case")
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR used_at <= expires_at", name=op.f("ck_sign_in_links_used_in_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_links_token_sha256")),
        sqlite_strict=True,
    )
    op.create_index("ix_sign_in_links_expires_at", "sign_in_links", ["expires_at"])
    proved = sa.Column(
        "mailbox_proved_at",
        UtcDateTime(),
        nullable=True,
        comment="when its owner last signed in by a link in the mailbox",
    )
    op.add_column("users", proved)
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them."""
    rules.take_out(op.get_bind())
    op.drop_column("users", "mailbox_proved_at")
    op.drop_table("sign_in_links")
