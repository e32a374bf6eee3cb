"""Links with which donors sign in from their mailbox."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, UtcDateTime
from fundapp.ids import new_id


class SignInLink(Base):
    """A link that a mailbox got: it signs the mailbox's owner in once, for a short while.

    The link holds a token, the table its SHA-256. It changes once, when it is used:
    ``sql/*/use_once.sql``.
    """

    __tablename__ = "sign_in_links"
    __table_args__ = (
        CheckConstraint("length(token_sha256) = 32", name="token_hashed"),
        CheckConstraint("length(browser_sha256) = 32", name="browser_hashed"),
        CheckConstraint("email = lower(email) AND email <> ''", name="email_lower_case"),
        CheckConstraint("used_at IS NULL OR used_at <= expires_at", name="used_in_time"),
        Index("ix_sign_in_links_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    email: Mapped[str] = mapped_column(Text)
    token_sha256: Mapped[bytes] = mapped_column(Bytes, unique=True)
    browser_sha256: Mapped[bytes] = mapped_column(
        Bytes, comment="of a cookie of the browser that asked"
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def is_open(self, now: datetime) -> bool:
        """Whether it was not used and is not too old."""
        return self.used_at is None and now < self.expires_at
