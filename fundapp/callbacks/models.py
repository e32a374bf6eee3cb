"""Rules of receipts, months drawn for call-backs with what was drawn, and what the calls gave.

Triggers (``fundapp/callbacks/sql/*/keep_callbacks.sql``) keep all of it as it was written.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.disbursements.models import DisbursementRequest, Payout
from fundapp.identity.models import User
from fundapp.ids import new_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: What the number of a call-back begins with.
NUMBER_PREFIX = "CB"


class CallbackOutcome(LabelledEnum):
    """What a call gave."""

    RECEIVED = "received", N_("Reached, the whole amount was received"), "good"
    NOT_RECEIVED = (
        "not_received",
        N_("Reached, the amount was not received, or not all of it"),
        "bad",
    )
    UNREACHED = "unreached", N_("Not reached"), "warn"


class ReceiptRules(Base):
    """The rules from a day on, until others begin."""

    __tablename__ = "receipt_rules"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_in_range"),
        CheckConstraint("fewest BETWEEN 1 AND 500", name="fewest_in_range"),
        CheckConstraint("overdue_days BETWEEN 1 AND 365", name="overdue_in_range"),
        CheckConstraint(
            "supervisor_days > overdue_days AND supervisor_days <= 730", name="supervisor_later"
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    starts_on: Mapped[date] = mapped_column(
        Day, unique=True, comment="from this day they replace the rules before"
    )
    percent: Mapped[int] = mapped_column(BigInt, comment="of a month's payments, called about")
    fewest: Mapped[int] = mapped_column(BigInt, comment="so many at least, where there are so many")
    overdue_days: Mapped[int] = mapped_column(
        BigInt, comment="after the payment; then a proof of receipt is overdue"
    )
    supervisor_days: Mapped[int] = mapped_column(
        BigInt, comment="after the payment; then the supervisor is told too"
    )
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    confirmed_by: Mapped[User] = relationship(lazy="joined")


class CallbackDraw(Base):
    """A month whose payments were drawn from: by which rules, seed and population, so that anybody
    draws the same again.
    """

    __tablename__ = "callback_draws"
    __table_args__ = (
        CheckConstraint("length(seed) = 32", name="seed_length"),
        CheckConstraint("length(population_sha256) = 32", name="population_hashed"),
        CheckConstraint("drawn_count BETWEEN 1 AND population_count", name="drawn_of_population"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    month_on: Mapped[date] = mapped_column(Day, unique=True, comment="first day of the month")
    rules_id: Mapped[int] = mapped_column(BigInt, ForeignKey("receipt_rules.id"))
    seed: Mapped[str] = mapped_column(Text, comment="32 hexadecimal digits, by chance")
    population_count: Mapped[int] = mapped_column(BigInt, comment="payments recorded in the month")
    population_sha256: Mapped[bytes] = mapped_column(Bytes, comment="of their vouchers, in order")
    drawn_count: Mapped[int] = mapped_column(BigInt)
    drawn_by: Mapped[str] = mapped_column(Text, comment="public id of a user, or a process")
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)

    rules: Mapped[ReceiptRules] = relationship(lazy="joined")
    callbacks: Mapped[list["Callback"]] = relationship(order_by="Callback.position")


class Callback(Base):
    """A payment that was drawn; somebody who neither asked for it nor paid it calls the payee."""

    __tablename__ = "callbacks"
    __table_args__ = (
        UniqueConstraint("draw_id", "position", name="uq_callbacks_position"),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    draw_id: Mapped[int] = mapped_column(BigInt, ForeignKey("callback_draws.id"))
    position: Mapped[int] = mapped_column(BigInt, comment="in the order in which it was drawn")
    payout_id: Mapped[int] = mapped_column(BigInt, ForeignKey("payouts.id"), unique=True)

    draw: Mapped[CallbackDraw] = relationship(lazy="joined", overlaps="callbacks")
    payout: Mapped[Payout] = relationship(lazy="joined")
    request: Mapped[DisbursementRequest] = relationship(
        secondary="payouts",
        primaryjoin="Callback.payout_id == Payout.id",
        secondaryjoin="Payout.request_id == DisbursementRequest.id",
        viewonly=True,
        uselist=False,
    )
    answers: Mapped[list["CallbackAnswer"]] = relationship(
        lazy="selectin", order_by="CallbackAnswer.id"
    )

    @property
    def number(self) -> str:
        """The number by which it is named: CB and 13 characters."""
        return readable(self.id, NUMBER_PREFIX)

    @property
    def is_reached(self) -> bool:
        """Whether somebody was reached; then nobody calls again."""
        return any(each.outcome is not CallbackOutcome.UNREACHED for each in self.answers)


class CallbackAnswer(Base):
    """What one call gave. The words are a remark on the request. "Not received" tells a concern."""

    __tablename__ = "callback_answers"
    __table_args__ = (
        one_of("outcome", CallbackOutcome),
        CheckConstraint(
            "(outcome = 'not_received') = (concern_id IS NOT NULL)", name="concern_told"
        ),
        CheckConstraint(
            "outcome <> 'not_received' OR words_digest IS NOT NULL", name="problem_in_words"
        ),
        CheckConstraint("length(words_digest) = 32", name="words_hashed"),
        Index("ix_callback_answers_callback_id", "callback_id", "id"),
        Index(
            "uq_callback_answers_reached",
            "callback_id",
            unique=True,
            sqlite_where=sql_text("outcome <> 'unreached'"),
            postgresql_where=sql_text("outcome <> 'unreached'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    callback_id: Mapped[int] = mapped_column(BigInt, ForeignKey("callbacks.id"))
    outcome: Mapped[CallbackOutcome] = mapped_column(Choice(CallbackOutcome))
    called_on: Mapped[date] = mapped_column(Day)
    words_digest: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the words, which are a remark on the request"
    )
    concern_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("concerns.id"), unique=True)
    called_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str] = mapped_column(Text, unique=True, comment="of the form")

    called_by: Mapped[User] = relationship(lazy="joined")


class ProofReminder(Base):
    """That somebody was written to about overdue proofs of receipt; once in a week."""

    __tablename__ = "proof_reminders"
    __table_args__ = (CheckConstraint("request_count > 0", name="of_some"),)

    user_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    week_on: Mapped[date] = mapped_column(Day, primary_key=True, comment="its Monday")
    request_count: Mapped[int] = mapped_column(BigInt, comment="overdue proofs that it named")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
