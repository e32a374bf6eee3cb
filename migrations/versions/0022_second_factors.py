"""Invitations, second factors, and people who have no password yet."""

import sqlalchemy as sa
from alembic import op

from fundapp.db import BigInt, UtcDateTime, checks, encrypted_columns, rules

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: Printed by tests/architecture/test_rules.py.
RULES = "fd7ba9bdbc7cd474"

_STATUS = "ck_users_status_known"
_STATUS_OLD = "status IN ('active', 'disabled')"
_STATUS_NEW = "status IN ('active', 'disabled', 'invited')"
_ACTIVE = "ck_users_password_of_active"
_ACTIVE_RULE = "status = 'disabled' OR (status = 'active') = (password_hash IS NOT NULL)"


def upgrade() -> None:
    """Make the tables. Whoever has a password keeps it; staff set up a second factor when they
    sign in next, and every session ends, because none has proved one.
    """
    rules.take_out(op.get_bind())
    checks.allow_null(op.get_bind(), "users", "password_hash", "TEXT")
    checks.replace_check(op.get_bind(), "users", _STATUS, _STATUS_OLD, _STATUS_NEW)
    checks.add_check(op.get_bind(), "users", _ACTIVE, _ACTIVE_RULE)
    op.add_column(
        "user_sessions",
        sa.Column("factor_at", UtcDateTime(), comment="when a second factor was last proved"),
    )
    op.execute("UPDATE user_sessions SET revoked_at = last_seen_at WHERE revoked_at IS NULL")
    op.add_column(
        "mail_messages",
        sa.Column(
            "secret_encrypted",
            sa.LargeBinary(),
            comment="stands where the body says so; removed once the message is sent",
        ),
    )
    encrypted_columns.require_encryption(op.get_bind(), "mail_messages", "secret_encrypted")
    _make_invitations()
    _make_totp_secrets()
    encrypted_columns.require_encryption(op.get_bind(), "totp_secrets", "secret_encrypted")
    _make_passkeys()
    _make_recovery_codes()
    rules.bring_in(op.get_bind(), RULES)


def downgrade() -> None:
    """Drop them. Whoever had no password yet is disabled, with one that nobody knows."""
    rules.take_out(op.get_bind())
    for table in ("recovery_codes", "passkeys", "totp_secrets", "invitations"):
        op.drop_table(table)
    encrypted_columns.allow_anything(op.get_bind(), "mail_messages", "secret_encrypted")
    op.drop_column("mail_messages", "secret_encrypted")
    op.drop_column("user_sessions", "factor_at")
    op.execute("UPDATE users SET status = 'disabled' WHERE status = 'invited'")
    op.execute("UPDATE users SET password_hash = '' WHERE password_hash IS NULL")
    checks.drop_check(op.get_bind(), "users", _ACTIVE, _ACTIVE_RULE)
    checks.replace_check(op.get_bind(), "users", _STATUS, _STATUS_NEW, _STATUS_OLD)
    checks.require_value(op.get_bind(), "users", "password_hash", "TEXT")


def _make_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_by",
            sa.Text(),
            nullable=False,
            comment="public id of a user, or the name of a process",
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("cancelled_at", UtcDateTime()),
        sa.CheckConstraint(
            "purpose IN ('invite', 'reset')", name=op.f("ck_invitations_purpose_known")
        ),
        sa.CheckConstraint(
            "delivery IN ('mail', 'paper')", name=op.f("ck_invitations_delivery_known")
        ),
        sa.CheckConstraint("length(token_sha256) = 32", name=op.f("ck_invitations_token_hashed")),
        sa.CheckConstraint(
            "used_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_invitations_ended_once")
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR used_at <= expires_at", name=op.f("ck_invitations_used_in_time")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_invitations_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitations_token_sha256")),
        sqlite_strict=True,
    )
    op.create_index("ix_invitations_user_id", "invitations", ["user_id"])
    op.create_index("ix_invitations_made_at", "invitations", ["made_at"])
    open_ = sa.text("used_at IS NULL AND cancelled_at IS NULL")
    _one_for_each_user("uq_invitations_user_open", "invitations", open_)


def _make_totp_secrets() -> None:
    op.create_table(
        "totp_secrets",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("secret_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column(
            "last_step",
            BigInt,
            nullable=False,
            comment="the 30 seconds of the last code that was accepted",
        ),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_totp_secrets_last_step_counted")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_totp_secrets_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_secrets")),
        sqlite_strict=True,
    )
    confirmed, waiting = sa.text("confirmed_at IS NOT NULL"), sa.text("confirmed_at IS NULL")
    _one_for_each_user("uq_totp_secrets_user_confirmed", "totp_secrets", confirmed)
    _one_for_each_user("uq_totp_secrets_user_waiting", "totp_secrets", waiting)


def _make_passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime()),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkeys_sign_count_counted")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])


def _make_recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.CheckConstraint("length(code_sha256) = 32", name=op.f("ck_recovery_codes_code_hashed")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "user_id", "code_sha256", name=op.f("uq_recovery_codes_user_id_code_sha256")
        ),
        sqlite_strict=True,
    )


def _one_for_each_user(name: str, table: str, where: sa.TextClause) -> None:
    op.create_index(
        name, table, ["user_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
