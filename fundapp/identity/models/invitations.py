"""Invitations to choose a password."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.access.permissions import Process
from fundapp.db import Base, BigInt, Bytes, Choice, UtcDateTime, one_of
from fundapp.identity.models.users import User
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class InvitationPurpose(LabelledEnum):
    """Why somebody is asked to choose a password: for the first time, or anew."""

    INVITE = "invite", N_("Invitation")
    RESET = "reset", N_("Reset"), "warn"


class Delivery(LabelledEnum):
    """How an invitation gets to its person."""

    MAIL = "mail", N_("By e-mail")
    PAPER = "paper", N_("On paper")


class Invitation(Base):
    """Lets a person choose a password, once; the link holds a token, the table its SHA-256.

    On paper it is two sheets, printed by two administrators, so that nobody who printed one can use
    it alone; a command that sets the installation up prints one. It changes when its second sheet
    is printed, and once more when it is used or cancelled: ``sql/*/use_once.sql``.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        one_of("purpose", InvitationPurpose),
        one_of("delivery", Delivery),
        CheckConstraint("length(token_sha256) = 32", name="token_hashed"),
        CheckConstraint("used_at IS NULL OR cancelled_at IS NULL", name="ended_once"),
        CheckConstraint("used_at IS NULL OR used_at <= expires_at", name="used_in_time"),
        CheckConstraint(
            "second_sha256 IS NULL AND second_by IS NULL"
            " OR length(second_sha256) = 32 AND second_by IS NOT NULL AND second_by <> made_by"
            " AND delivery = 'paper'",
            name="second_sheet",
        ),
        Index("ix_invitations_user_id", "user_id"),
        Index("ix_invitations_made_at", "made_at"),
        Index(
            "uq_invitations_user_open",
            "user_id",
            unique=True,
            sqlite_where=text("used_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("used_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    purpose: Mapped[InvitationPurpose] = mapped_column(Choice(InvitationPurpose))
    delivery: Mapped[Delivery] = mapped_column(Choice(Delivery))
    token_sha256: Mapped[bytes] = mapped_column(Bytes, unique=True)
    made_by: Mapped[str] = mapped_column(
        Text, comment="public id of a user, or the name of a process"
    )
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_sha256: Mapped[bytes | None] = mapped_column(
        Bytes, comment="of the code on the second sheet of paper"
    )
    second_by: Mapped[str | None] = mapped_column(
        Text, comment="public id of the administrator who printed the second sheet"
    )

    user: Mapped[User] = relationship()

    def is_open(self, now: datetime) -> bool:
        """Whether it is neither used nor cancelled nor too old."""
        return self.used_at is None and self.cancelled_at is None and now < self.expires_at

    @property
    def needs_two_sheets(self) -> bool:
        """Whether a second code is asked for: on paper, unless a command printed it."""
        return self.delivery is Delivery.PAPER and self.made_by != Process.COMMAND_LINE

    @property
    def lacks_second_sheet(self) -> bool:
        """Whether the second sheet has to be printed before anybody can use it."""
        return self.needs_two_sheets and self.second_sha256 is None

    def waits_for(self, ref: str, now: datetime) -> bool:
        """Whether the person with this public id, as an administrator, may print its second
        sheet.
        """
        return self.is_open(now) and self.lacks_second_sheet and self.made_by != ref
