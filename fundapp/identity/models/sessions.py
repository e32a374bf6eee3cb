"""Sign-ins on devices."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, UtcDateTime
from fundapp.ids import new_id


class UserSession(Base):
    """A sign-in on one device; the cookie holds a random token, the table only its SHA-256."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        CheckConstraint("length(token_sha256) = 32", name="token_hashed"),
        Index("ix_user_sessions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    token_sha256: Mapped[bytes] = mapped_column(Bytes, unique=True)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="absolute end, whatever is done"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    factor_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when a second factor was last proved"
    )
    user_agent: Mapped[str] = mapped_column(Text, default="")
