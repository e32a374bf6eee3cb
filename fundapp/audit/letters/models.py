"""Tables of letters and the replies to them. No name stands in them: it is read when a letter is
printed. Triggers keep what was sent and answered (``fundapp/audit/sql/*/keep_letters.sql``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.audit.samples.models import SampleItem
from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_

#: What the number of a letter begins with.
NUMBER_PREFIX = "CL"


class Party(LabelledEnum):
    """Who is asked."""

    DONOR = "donor", N_("Donor")
    PAYEE = "payee", N_("Payee")


class LetterAnswer(LabelledEnum):
    """What somebody answered."""

    AGREES = "agrees", N_("Agrees"), "good"
    DIFFERS = "differs", N_("Says otherwise"), "bad"


class ReplyWay(LabelledEnum):
    """How an answer came."""

    LINK = "link", N_("By the link of the letter")
    HAND = "hand", N_("Recorded by hand")


class AuditLetter(Base):
    """A letter about an item of a sample: what the books say, and the question whether it is so."""

    __tablename__ = "audit_letters"
    __table_args__ = (
        one_of("party", Party),
        Unique("sample_id", "position", name="uq_audit_letters_item"),
        ForeignKeyConstraint(
            ["sample_id", "position"],
            ["audit_sample_items.sample_id", "audit_sample_items.position"],
            name="fk_audit_letters_item",
        ),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(sent_on IS NULL) = (sent_by IS NULL)", name="sent_by_somebody"),
        Index("ix_audit_letters_sent_on", "sent_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    sample_id: Mapped[int] = mapped_column(BigInt)
    position: Mapped[int] = mapped_column(BigInt)
    party: Mapped[Party] = mapped_column(Choice(Party))
    source_id: Mapped[int] = mapped_column(BigInt, comment="of the payment or of the payout")
    amount_satang: Mapped[int] = mapped_column(BigInt, comment="as the books have it")
    happened_on: Mapped[date] = mapped_column(Day, comment="day of the gift or of the payout")
    made_by: Mapped[str] = mapped_column(Text, comment="public id of the user")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_on: Mapped[date | None] = mapped_column(Day)
    sent_by: Mapped[str | None] = mapped_column(Text, comment="public id of the user")

    item: Mapped[SampleItem] = relationship()
    replies: Mapped[list["LetterReply"]] = relationship(order_by="LetterReply.number")

    @property
    def number(self) -> str:
        """The number by which the letter is named: CL and 13 characters."""
        return readable(self.id, NUMBER_PREFIX)

    @property
    def version(self) -> int:
        """Raised by every answer."""
        return len(self.replies) + 1

    @property
    def reply(self) -> "LetterReply | None":
        """The answer that counts: the last one."""
        return self.replies[-1] if self.replies else None


class LetterReply(Base):
    """An answer to a letter; the one with the highest number counts. Append-only."""

    __tablename__ = "audit_letter_replies"
    __table_args__ = (
        one_of("answer", LetterAnswer),
        one_of("way", ReplyWay),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "(answer = 'differs') = (amount_satang IS NOT NULL) AND amount_satang >= 0",
            name="amount_of_difference",
        ),
        CheckConstraint("(way = 'hand') = (recorded_by <> '')", name="recorded_by_hand"),
        CheckConstraint(
            "words_digest IS NULL OR length(words_digest) = 32", name="words_digest_length"
        ),
        # The link of a letter answers once.
        Index(
            "uq_audit_letter_replies_link",
            "letter_id",
            unique=True,
            sqlite_where=text("way = 'link'"),
            postgresql_where=text("way = 'link'"),
        ),
    )

    letter_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("audit_letters.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    answer: Mapped[LetterAnswer] = mapped_column(Choice(LetterAnswer))
    amount_satang: Mapped[int | None] = mapped_column(BigInt, comment="what they say it was")
    words_digest: Mapped[bytes | None] = mapped_column(Bytes, comment="of a remark")
    way: Mapped[ReplyWay] = mapped_column(Choice(ReplyWay))
    recorded_by: Mapped[str] = mapped_column(
        Text, default="", comment="public id of the user; empty when it came by the link"
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
