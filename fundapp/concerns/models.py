"""Tables of complaints and concerns. What people wrote is encrypted for its row; triggers keep the
rest (``fundapp/concerns/sql/*/keep_concerns.sql``).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Bytes, Choice, UtcDateTime, one_of
from fundapp.identity.models import User
from fundapp.ids import new_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: What the number of a concern begins with.
NUMBER_PREFIX = "CN"


class ConcernKind(LabelledEnum):
    """What a concern is about."""

    CHILD_SAFETY = "child_safety", N_("The safety of a child")
    HELP = "help", N_("Help that did not come, or was not as promised")
    MONEY = "money", N_("A gift, a receipt or money of the fund")
    CONDUCT = "conduct", N_("How somebody of the fund behaved")
    OTHER = "other", N_("Something else")


class ConcernStatus(LabelledEnum):
    """How far a concern is."""

    NEW = "new", N_("Waits for somebody to take it"), "warn"
    IN_WORK = "in_work", N_("Being looked into"), "info"
    ANSWERED = "answered", N_("Answer given"), "good"
    CLOSED = "closed", N_("Closed")


class ConcernAction(LabelledEnum):
    """What is done with a concern."""

    TELL = "tell", N_("Told")
    TAKE = "take", N_("Somebody looks into it")
    NOTE = "note", N_("Note for the office")
    ANSWER = "answer", N_("Answer to whoever told it")
    REPLY = "reply", N_("Further words of whoever told it")
    CLOSE = "close", N_("Closed")
    REOPEN = "reopen", N_("Opened again")
    RESTRICT = "restrict", N_("Restricted to two people")


class Concern(Base):
    """Something that somebody told, without an account. Of the kind `ConcernKind.CHILD_SAFETY` it
    is restricted: the two people of `ConcernKeepers` read it, and nobody else has it in a list.
    """

    __tablename__ = "concerns"
    __table_args__ = (
        one_of("kind", ConcernKind),
        one_of("status", ConcernStatus),
        CheckConstraint("(status = 'new') = (owner IS NULL)", name="owned_in_work"),
        CheckConstraint("length(code_lookup) = 32", name="code_hashed"),
        CheckConstraint("locale IN ('th', 'en', 'ms')", name="locale_known"),
        Index("ix_concerns_status", "status", "kind", "id"),
        Index("ix_concerns_owner", "owner", "status", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    kind: Mapped[ConcernKind] = mapped_column(Choice(ConcernKind))
    status: Mapped[ConcernStatus] = mapped_column(Choice(ConcernStatus), default=ConcernStatus.NEW)
    locale: Mapped[str] = mapped_column(Text, comment="in which it was told")
    contact_encrypted: Mapped[bytes | None] = mapped_column(
        Bytes, comment="how to reach whoever told it; NULL: was not said"
    )
    code_lookup: Mapped[bytes] = mapped_column(
        Bytes, unique=True, comment="keyed hash of the code by which the answer is looked for"
    )
    owner: Mapped[str | None] = mapped_column(Text, comment="public id of the user")
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str] = mapped_column(Text, unique=True, comment="of the form")

    steps: Mapped[list["ConcernStep"]] = relationship(order_by="ConcernStep.id")

    @property
    def number(self) -> str:
        """The number by which the office names it: CN and 13 characters."""
        return readable(self.id, NUMBER_PREFIX)

    @property
    def is_restricted(self) -> bool:
        """Whether it is about the safety of a child."""
        return self.kind is ConcernKind.CHILD_SAFETY


class ConcernKeepers(Base):
    """The two people who read restricted concerns, as two others decided; the newest row counts."""

    __tablename__ = "concern_keepers"
    __table_args__ = (CheckConstraint("first_id <> second_id", name="two_people"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    first_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    second_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)

    first: Mapped[User] = relationship(foreign_keys=[first_id])
    second: Mapped[User] = relationship(foreign_keys=[second_id])


class ConcernStep(Base):
    """What was told, done or answered, and the state it led to; append-only but for its words,
    which are encrypted again when keys rotate.
    """

    __tablename__ = "concern_steps"
    __table_args__ = (
        one_of("action", ConcernAction),
        one_of("status", ConcernStatus),
        CheckConstraint(
            "action IN ('take', 'close', 'restrict') OR words_encrypted IS NOT NULL",
            name="words_when_needed",
        ),
        Index("ix_concern_steps_concern_id", "concern_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    concern_id: Mapped[int] = mapped_column(BigInt, ForeignKey("concerns.id"))
    action: Mapped[ConcernAction] = mapped_column(Choice(ConcernAction))
    status: Mapped[ConcernStatus] = mapped_column(Choice(ConcernStatus))
    words_encrypted: Mapped[bytes | None] = mapped_column(Bytes)
    done_by: Mapped[str] = mapped_column(Text, comment="public id of the user, or a process")
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idempotency_key: Mapped[str] = mapped_column(Text, unique=True, comment="of the form")
