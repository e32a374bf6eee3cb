"""The table of the outbox."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp import clock
from fundapp.db import Base, BigInt, Bytes, UtcDateTime
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: After this many tries a message is not tried again until a person asks for it. The pauses between
#: them (`retry_delay`) make 511 minutes and 15 times 6 hours: four days and two hours.
MAX_ATTEMPTS = 25
#: A message that is not sent by then is shown to people, although it is still tried.
LATE_AFTER = timedelta(hours=24)


class MailState(LabelledEnum):
    """What became of a message: not refused yet, refused, a day late, tried no more, or sent."""

    WAITING = "waiting", N_("Waiting"), "info"
    FAILING = "failing", N_("Not taken yet"), "warn"
    LATE = "late", N_("Late by a day or more"), "warn"
    GIVEN_UP = "given_up", N_("Given up"), "bad"
    SENT = "sent", N_("Sent"), "good"


class MailMessage(Base):
    """A message to one address; it stays in the donor's file after it was sent."""

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
    secret_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="stands where the body says so; removed once the message is sent"
    )
    locale: Mapped[str] = mapped_column(Text)
    stop_url: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="where messages of this kind are stopped"
    )
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="not tried before this instant")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(BigInt, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")

    @property
    def state(self) -> MailState:
        """What became of the message."""
        if self.sent_at is not None:
            return MailState.SENT
        if self.is_given_up:
            return MailState.GIVEN_UP
        if self.queued_at <= clock.now() - LATE_AFTER:
            return MailState.LATE
        return MailState.FAILING if self.last_error else MailState.WAITING

    @property
    def is_given_up(self) -> bool:
        """Whether the worker tries it no more."""
        return self.sent_at is None and self.attempts >= MAX_ATTEMPTS
