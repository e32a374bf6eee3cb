"""The tables of the outbox, and of the ways to those whom it writes to.

Rules: ``sql/*/keep_messages.sql``.
"""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column

from fundapp import clock
from fundapp.db import Base, BigInt, Bytes, Choice, Flag, UtcDateTime, one_of
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: After this many tries a message is not tried again until a person asks for it. The pauses between
#: them (`retry_delay`) make 511 minutes and 15 times 6 hours: four days and two hours.
MAX_ATTEMPTS = 25
#: A message that is not sent by then is shown to people, although it is still tried.
LATE_AFTER = timedelta(hours=24)


class Channel(LabelledEnum):
    """By which way a message goes."""

    EMAIL = "email", N_("E-mail")
    LINE = "line", N_("LINE")


class MessageKind(LabelledEnum):
    """What a message tells."""

    RECEIPT = "receipt", N_("Thank-you with the receipt")
    RECEIPT_CHANGED = "receipt_changed", N_("Receipt replaced or void")
    REFUND = "refund", N_("Refund")
    PLEDGE_CHANGED = "pledge_changed", N_("Pledge changed by the office")
    REMINDER = "reminder", N_("Reminder")
    CHARGE_FAILED = "charge_failed", N_("Card refused")
    YEAR = "year", N_("What was given in a year")
    CHANNEL = "channel", N_("How we write to the donor")
    ANSWER = "answer", N_("Answer to what was asked")
    OTHER = "other", N_("Other message")

    @property
    def can_be_stopped(self) -> bool:
        """Whether a donor can choose not to get such messages: all but receipts, what changes them,
        what others did with the gift, and answers to what the donor asked.
        """
        return self in {MessageKind.REMINDER, MessageKind.CHARGE_FAILED, MessageKind.YEAR}


class Failure(LabelledEnum):
    """Why an address of e-mail takes nothing."""

    BOUNCED = "bounced", N_("A message came back")
    REFUSED = "refused", N_("The mail server refuses the address")


class MailState(LabelledEnum):
    """What became of a message: not refused yet, refused, a day late, tried no more, sent, or sent
    and then come back.
    """

    WAITING = "waiting", N_("Waiting"), "info"
    FAILING = "failing", N_("Not taken yet"), "warn"
    LATE = "late", N_("Late by a day or more"), "warn"
    GIVEN_UP = "given_up", N_("Given up"), "bad"
    SENT = "sent", N_("Sent"), "good"
    CAME_BACK = "came_back", N_("Came back"), "bad"


class MailMessage(Base):
    """A message to one address; it stays in the donor's file after it was sent.

    The address of one that goes by LINE is only a word: the id of its recipient there is encrypted
    in `LineAccount`.
    """

    __tablename__ = "mail_messages"
    __table_args__ = (
        CheckConstraint("to_address <> ''", name="addressed"),
        Index("ix_mail_messages_recipient", "recipient_type", "recipient_ref", "id"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        one_of("channel", Channel),
        one_of("kind", MessageKind),
        CheckConstraint("came_back_at IS NULL OR sent_at IS NOT NULL", name="came_back_when_sent"),
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
    kind: Mapped[MessageKind] = mapped_column(
        Choice(MessageKind), default=MessageKind.OTHER, server_default="other"
    )
    channel: Mapped[Channel] = mapped_column(
        Choice(Channel), default=Channel.EMAIL, server_default="email"
    )
    other_address: Mapped[str] = mapped_column(
        Text, default="", server_default="", comment="of e-mail, where LINE does not take it"
    )
    came_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def state(self) -> MailState:
        """What became of the message."""
        if self.sent_at is not None:
            return MailState.SENT if self.came_back_at is None else MailState.CAME_BACK
        if self.is_given_up:
            return MailState.GIVEN_UP
        if self.queued_at <= clock.now() - LATE_AFTER:
            return MailState.LATE
        return MailState.FAILING if self.last_error else MailState.WAITING

    @property
    def is_given_up(self) -> bool:
        """Whether the worker tries it no more."""
        return self.sent_at is None and self.attempts >= MAX_ATTEMPTS


class LineAccount(Base):
    """The account at LINE that somebody linked with a file, until it is unlinked (``ended_at``).

    The same account may be linked with several files. ``told_at`` is when LINE last told that the
    fund was blocked there or followed again: what it told earlier and comes later changes nothing.
    """

    __tablename__ = "line_accounts"
    __table_args__ = (
        Index(
            "uq_line_accounts_active",
            "recipient_type",
            "recipient_ref",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_line_accounts_user_lookup", "user_lookup"),
        Index(
            "ix_line_accounts_blocked",
            "blocked_at",
            sqlite_where=text("blocked_at IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=text("blocked_at IS NOT NULL AND ended_at IS NULL"),
        ),
        CheckConstraint("length(user_lookup) = 32", name="user_lookup_length"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    recipient_type: Mapped[str] = mapped_column(Text, comment="whose file, as of messages")
    recipient_ref: Mapped[str] = mapped_column(Text)
    user_encrypted: Mapped[bytes] = mapped_column(Bytes, comment="the id at LINE")
    user_lookup: Mapped[bytes] = mapped_column(Bytes, comment="its keyed hash")
    is_preferred: Mapped[bool] = mapped_column(
        Flag, default=True, server_default=true(), comment="before e-mail, where there is both"
    )
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FailingAddress(Base):
    """That an address of e-mail takes nothing, until somebody says that it does again."""

    __tablename__ = "failing_addresses"
    __table_args__ = (
        one_of("failure", Failure),
        CheckConstraint("address <> '' AND address = lower(address)", name="address_lower_case"),
        CheckConstraint("length(status) BETWEEN 3 AND 11", name="status_is_code"),
        Index(
            "uq_failing_addresses_active",
            "address",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    address: Mapped[str] = mapped_column(Text)
    failure: Mapped[Failure] = mapped_column(Choice(Failure))
    status: Mapped[str] = mapped_column(Text, comment="the code, e.g. 5.1.1 or 550; no words")
    message_id: Mapped[int] = mapped_column(BigInt, ForeignKey("mail_messages.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
