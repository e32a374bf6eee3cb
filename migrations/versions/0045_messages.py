"""Messages have a kind, go by e-mail or LINE, and may come back; accounts at LINE and addresses that
take nothing; which donors were written to about a year.
"""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, Bytes, Flag, UtcDateTime, checks, encrypted_columns, rules

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "d0fcb4517c155a9d"
_CHECKS = (
    ("ck_mail_messages_channel_known", "channel IN ('email', 'line')"),
    (
        "ck_mail_messages_kind_known",
        "kind IN ('receipt', 'receipt_changed', 'refund', 'pledge_changed', 'reminder',"
        " 'charge_failed', 'year', 'channel', 'answer', 'other')",
    ),
    ("ck_mail_messages_came_back_when_sent", "came_back_at IS NULL OR sent_at IS NOT NULL"),
)
_TABLES = ("line_accounts", "failing_addresses", "line_codes", "line_events", "year_messages")


def upgrade() -> None:
    """Create the tables; older messages went by e-mail, and nobody noted their kind."""
    connection = op.get_bind()
    rules.take_out(connection)
    for column in _columns():
        op.add_column("mail_messages", column)
    for name, rule in _CHECKS:
        checks.add_check(connection, "mail_messages", name, rule)
    _create_ways()
    _create_line()
    encrypted_columns.require_encryption(connection, "line_accounts", "user_encrypted")
    encrypted_columns.require_encryption(connection, "line_events", "user_encrypted")
    rules.bring_in(connection, RULES)


def downgrade() -> None:
    """Drop them."""
    connection = op.get_bind()
    rules.take_out(connection)
    for table in reversed(_TABLES):
        op.drop_table(table)
    for name, rule in reversed(_CHECKS):
        checks.drop_check(connection, "mail_messages", name, rule)
    for column in reversed(_columns()):
        op.drop_column("mail_messages", column.name)


def _columns() -> list[sa.Column]:
    return [
        sa.Column("kind", sa.Text(), server_default="other", nullable=False),
        sa.Column("channel", sa.Text(), server_default="email", nullable=False),
        sa.Column(
            "other_address",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="of e-mail, where LINE does not take it",
        ),
        sa.Column("came_back_at", UtcDateTime(), nullable=True),
    ]


def _create_ways() -> None:
    op.create_table(
        "line_accounts",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column(
            "recipient_type", sa.Text(), nullable=False, comment="whose file, as of messages"
        ),
        sa.Column("recipient_ref", sa.Text(), nullable=False),
        sa.Column("user_encrypted", Bytes(), nullable=False, comment="the id at LINE"),
        sa.Column("user_lookup", Bytes(), nullable=False, comment="its keyed hash"),
        sa.Column(
            "is_preferred",
            Flag(),
            server_default=sa.true(),
            nullable=False,
            comment="before e-mail, where there is both",
        ),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.Column("blocked_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "length(user_lookup) = 32", name=op.f("ck_line_accounts_user_lookup_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_accounts")),
        sqlite_strict=True,
    )
    active = sa.text("ended_at IS NULL")
    blocked = sa.text("blocked_at IS NOT NULL AND ended_at IS NULL")
    op.create_index("ix_line_accounts_user_lookup", "line_accounts", ["user_lookup"])
    op.create_index(
        "uq_line_accounts_active",
        "line_accounts",
        ["recipient_type", "recipient_ref"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
    op.create_index(
        "ix_line_accounts_blocked",
        "line_accounts",
        ["blocked_at"],
        sqlite_where=blocked,
        postgresql_where=blocked,
    )
    op.create_table(
        "failing_addresses",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column(
            "status", sa.Text(), nullable=False, comment="the code, e.g. 5.1.1 or 550; no words"
        ),
        sa.Column("message_id", BigInt, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "failure IN ('bounced', 'refused')", name=op.f("ck_failing_addresses_failure_known")
        ),
        sa.CheckConstraint(
            "address <> '' AND address = lower(address)",
            name=op.f("ck_failing_addresses_address_lower_case"),
        ),
        sa.CheckConstraint(
            "length(status) BETWEEN 3 AND 11", name=op.f("ck_failing_addresses_status_is_code")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["mail_messages.id"], name=op.f("fk_failing_addresses_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failing_addresses")),
        sqlite_strict=True,
    )
    cleared = sa.text("cleared_at IS NULL")
    op.create_index(
        "uq_failing_addresses_active",
        "failing_addresses",
        ["address"],
        unique=True,
        sqlite_where=cleared,
        postgresql_where=cleared,
    )


def _create_line() -> None:
    op.create_table(
        "line_codes",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("code_lookup", Bytes(), nullable=False, comment="its keyed hash"),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "length(code_lookup) = 32", name=op.f("ck_line_codes_code_lookup_length")
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_line_codes_expires_later")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_line_codes_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_codes")),
        sa.UniqueConstraint("code_lookup", name=op.f("uq_line_codes_code_lookup")),
        sqlite_strict=True,
    )
    op.create_index("ix_line_codes_donor_id", "line_codes", ["donor_id"])
    op.create_table(
        "line_events",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False, comment="of LINE"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_encrypted", Bytes(), nullable=False, comment="whose, at LINE"),
        sa.Column("code_lookup", Bytes(), nullable=True),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('follow', 'unfollow', 'text')", name=op.f("ck_line_events_kind_known")
        ),
        sa.CheckConstraint(
            "(kind = 'text') = (code_lookup IS NOT NULL)",
            name=op.f("ck_line_events_text_with_code"),
        ),
        sa.CheckConstraint(
            "code_lookup IS NULL OR length(code_lookup) = 32",
            name=op.f("ck_line_events_code_lookup_length"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_line_events_event_id")),
        sqlite_strict=True,
    )
    waiting = sa.text("handled_at IS NULL")
    op.create_index(
        "ix_line_events_waiting",
        "line_events",
        ["id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "year_messages",
        sa.Column("donor_id", BigInt, nullable=False),
        sa.Column("year", BigInt, nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("year BETWEEN 2500 AND 2700", name=op.f("ck_year_messages_year_be")),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_year_messages_donor_id")
        ),
        sa.PrimaryKeyConstraint("donor_id", "year", name=op.f("pk_year_messages")),
        sqlite_strict=True,
    )
