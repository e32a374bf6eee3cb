"""The table of remarks, and the codes that permanent rows carry in their place.

``sql/*/keep_remarks.sql`` lets a remark change once: when its words are erased.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, Choice, Flag, UtcDateTime, one_of
from fundapp.ids import new_id, readable
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class RemarkKind(LabelledEnum):
    """What the words are."""

    DECISION = "decision", N_("Reason of a decision on a request")
    CANCELLATION = "cancellation", N_("Reason of cancelling a request")
    REVERSAL = "reversal", N_("Reason of a reversal")
    PAYMENT_NOTE = "payment_note", N_("Note on a payment")
    LINE = "line", N_("Reason on a line of a statement")
    CHILD_FACTS = "child_facts", N_("What a child's file said before and after a correction")
    PLEDGE = "pledge", N_("Reason of a change of a pledge")
    DUPLICATE = "duplicate", N_("Why two files are of one child or of two")
    AUDIT = "audit", N_("Words of an audit")
    CALLBACK = "callback", N_("What was said in a call-back")


class ReasonCode(LabelledEnum):
    """A reason, as permanent rows and the books have it."""

    OTHER = "other", N_("Another reason")
    INCOMPLETE = "incomplete", N_("Something is missing or unclear")
    AMOUNT = "amount", N_("The amount is wrong")
    RULES = "rules", N_("The rules of the fund do not allow it")
    OTHER_HELP = "other_help", N_("Other help fits better")
    NOT_NEEDED = "not_needed", N_("It is no longer needed")
    TWICE = "twice", N_("Asked for or recorded twice")
    WRONG_PERSON = "wrong_person", N_("The wrong person or pledge")
    WRONG_FUND = "wrong_fund", N_("The wrong fund")
    WAITING = "waiting", N_("The bank or the giver was asked")
    OWN_MONEY = "own_money", N_("The fund's own money")
    MISTAKE = "mistake", N_("A mistake")


class ErasureReason(LabelledEnum):
    """On what ground words were erased."""

    REQUESTED = "requested", N_("The person whom they are about asked for it")
    WITHDRAWN = "withdrawn", N_("The consent was withdrawn")
    NOT_NEEDED = "not_needed", N_("They are no longer needed")
    NOT_ALLOWED = "not_allowed", N_("They should not have been written")


class Remark(Base):
    """Words of one person on one thing. What is left after erasing says when, by whom and why; the
    digest stands.
    """

    __tablename__ = "remarks"
    __table_args__ = (
        one_of("kind", RemarkKind),
        one_of("code", ReasonCode),
        one_of("erased_why", ErasureReason),
        CheckConstraint("length(digest) = 32", name="digest_hashed"),
        CheckConstraint(
            "(words_encrypted IS NULL) = (erased_at IS NOT NULL)"
            " AND (erased_at IS NULL) = (erased_by IS NULL)"
            " AND (erased_at IS NULL) = (erased_why IS NULL)",
            name="erased_by_somebody",
        ),
        Index("ix_remarks_subject", "subject_type", "subject_ref", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    kind: Mapped[RemarkKind] = mapped_column(Choice(RemarkKind))
    code: Mapped[ReasonCode] = mapped_column(Choice(ReasonCode))
    subject_type: Mapped[str] = mapped_column(Text)
    subject_ref: Mapped[str] = mapped_column(Text, comment="public id of what it is about")
    words_encrypted: Mapped[bytes | None] = mapped_column(Bytes, comment="NULL once erased")
    digest: Mapped[bytes] = mapped_column(
        Bytes, unique=True, comment="SHA-256 of a secret nonce and the words"
    )
    about_child: Mapped[bool] = mapped_column(Flag, comment="reading it is reading of a child")
    written_by: Mapped[str] = mapped_column(Text, comment="public id of a user, or a process")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_by: Mapped[str | None] = mapped_column(Text)
    erased_why: Mapped[ErasureReason | None] = mapped_column(Choice(ErasureReason))

    @property
    def number(self) -> str:
        """The number by which the remark is named: RM and 13 characters."""
        return readable(self.id, "RM")

    @property
    def trace(self) -> str:
        """What the trail keeps of it: the code and the digest in hexadecimal."""
        return f"{self.code} sha256:{self.digest.hex()}"
