"""Second factors."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, UtcDateTime
from fundapp.ids import new_id


class TotpSecret(Base):
    """What an authenticator app makes its codes from; until it is confirmed by a code, it proves
    nothing. ``last_step`` only grows: ``sql/*/use_once.sql``.
    """

    __tablename__ = "totp_secrets"
    __table_args__ = (
        CheckConstraint("last_step >= 0", name="last_step_counted"),
        Index(
            "uq_totp_secrets_user_confirmed",
            "user_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index(
            "uq_totp_secrets_user_waiting",
            "user_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    secret_encrypted: Mapped[bytes] = mapped_column(Bytes)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(
        BigInt, default=0, comment="the 30 seconds of the last code that was accepted"
    )


class Passkey(Base):
    """The public key of a passkey; its key and its person stay: ``sql/*/use_once.sql``."""

    __tablename__ = "passkeys"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="sign_count_counted"),
        Index("ix_passkeys_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    credential_id: Mapped[bytes] = mapped_column(Bytes, unique=True)
    public_key: Mapped[bytes] = mapped_column(Bytes)
    sign_count: Mapped[int] = mapped_column(BigInt)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code that stands in for a second factor, once: ``sql/*/use_once.sql``."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        CheckConstraint("length(code_sha256) = 32", name="code_hashed"),
        UniqueConstraint("user_id", "code_sha256"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    code_sha256: Mapped[bytes] = mapped_column(Bytes)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
