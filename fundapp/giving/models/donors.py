"""Who gives."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Choice, Flag, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.thai.sounds import sound_key


class DonorKind(LabelledEnum):
    """What a donor is; organisations have an account of their own in the chart."""

    INDIVIDUAL = "individual", N_("Person")
    HOUSEHOLD = "household", N_("Household")
    COMPANY = "company", N_("Company")
    AGENCY = "agency", N_("Public agency")
    MOSQUE = "mosque", N_("Mosque")
    SCHOOL = "school", N_("School")
    UNKNOWN = "unknown", N_("Unknown")


def _sound_of_name(context: Any) -> str:
    """How the name that is being written sounds."""
    return sound_key(context.get_current_parameters()["name"])


class Donor(Base):
    """A person or a body that gives. E-mail address, name and kind find a donor again: several may
    share a mailbox. One row without name and address stands for every unknown giver.
    """

    __tablename__ = "donors"
    __table_args__ = (
        one_of("kind", DonorKind),
        CheckConstraint("email IS NULL OR email = lower(email)", name="email_lower_case"),
        CheckConstraint("(name = '') = (name_key = '')", name="key_with_name"),
        UniqueConstraint("email", "name_key", "kind", name="uq_donors_name_key_kind_email"),
        Index(
            "uq_donors_nameless_email",
            "name_key",
            unique=True,
            sqlite_where=text("name_key = '' AND email IS NULL"),
            postgresql_where=text("name_key = '' AND email IS NULL"),
        ),
        # Bodies are few among the donors.
        Index("ix_donors_kind", "kind"),
        Index("ix_donors_user_id", "user_id"),
        Index("ix_donors_name_key", "name_key"),
        Index("ix_donors_phone", "phone"),
        Index("ix_donors_sound_key", "sound_key"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    kind: Mapped[DonorKind] = mapped_column(Choice(DonorKind), default=DonorKind.INDIVIDUAL)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text, comment="the name as names are compared")
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("users.id"), comment="the account that sees what it has confirmed"
    )
    locale: Mapped[str] = mapped_column(Text, default="th")
    wants_reminders: Mapped[bool] = mapped_column(
        Flag,
        default=True,
        server_default=true(),
        comment="no: only receipts, and answers to what the donor asks",
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sound_key: Mapped[str | None] = mapped_column(
        Text, default=_sound_of_name, comment="how the name sounds; NULL: not computed yet"
    )

    @property
    def is_unknown(self) -> bool:
        """Whether this is the row of everybody who gave without name and address."""
        return not self.name and self.email is None


class DonorMerge(Base):
    """That two rows are one donor: the file of ``into_id`` shows what is of either.

    Nothing moves: what was given stays with the row that it was recorded for, so a merge is undone
    by removing this row. Rules: ``sql/*/keep_merges.sql``.
    """

    __tablename__ = "donor_merges"
    __table_args__ = (
        CheckConstraint("donor_id <> into_id", name="into_another"),
        Index("ix_donor_merges_into_id", "into_id"),
    )

    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"), primary_key=True)
    into_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DonorTag(Base):
    """A word under which the office gathers donors."""

    __tablename__ = "donor_tags"
    __table_args__ = (
        CheckConstraint("length(tag) BETWEEN 1 AND 40", name="tag_length"),
        Index("ix_donor_tags_tag", "tag", "donor_id"),
    )

    donor_id: Mapped[int] = mapped_column(BigInt, ForeignKey("donors.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(Text, primary_key=True)


class DonorDifference(Base):
    """That two donors who look alike are not the same; ``donor_id`` is the smaller id."""

    __tablename__ = "donor_differences"
    __table_args__ = (
        CheckConstraint("donor_id < other_id", name="smaller_first"),
        Index("ix_donor_differences_other_id", "other_id"),
    )

    donor_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("donors.id"), primary_key=True, autoincrement=False
    )
    other_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("donors.id"), primary_key=True, autoincrement=False
    )
    decided_by: Mapped[str] = mapped_column(Text, comment="public id of a user")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
