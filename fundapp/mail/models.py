"""The outbox."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, UtcDateTime
from fundapp.ids import new_id


class MailMessage(Base):
    """One message to one address; kept in the donor's file after it was sent."""

    __tablename__ = "mail_messages"
    __table_args__ = (
        CheckConstraint("to_address <> ''", name="addressed"),
        Index("ix_mail_messages_recipient", "recipient_type", "recipient_ref", "id"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        Index("ix_mail_messages_unsent", "sent_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    recipient_type: Mapped[str] = mapped_column(Text, comment="whose file keeps it, e.g. donor")
    recipient_ref: Mapped[str] = mapped_column(Text)
    about_type: Mapped[str] = mapped_column(Text)
    about_ref: Mapped[str] = mapped_column(Text)
    to_address: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="not tried before this instant")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(BigInt, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
