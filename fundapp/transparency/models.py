"""Tables of what was published about children, month by month, and to whom checkpoints of the
sealed log are mailed.

Triggers (``sql/``) refuse every change of what was published: the figures of a month are written
first, then its publication, which states how many they are and their digest; no figure joins it
later. What was mailed stays too (``keep_mailings.sql``).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class FigureKind(LabelledEnum):
    """What a published figure counts, from the beginning of the books."""

    HELP_PAID = "help_paid", N_("Help paid")
    BANK_FEES = "bank_fees", N_("Bank fees")
    CHILDREN_HELPED = "children_helped", N_("Children helped")


class Publication(Base):
    """The figures of a month, as they were published once and for all."""

    __tablename__ = "publications"
    __table_args__ = (
        CheckConstraint("figure_count > 0", name="has_figures"),
        CheckConstraint("length(figures_sha256) = 32", name="figures_sha256_length"),
    )

    month_on: Mapped[date] = mapped_column(Day, primary_key=True, comment="first day of the month")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(
        Text, comment="public id of a user, or the name of a process"
    )
    figure_count: Mapped[int] = mapped_column(BigInt)
    figures_sha256: Mapped[bytes] = mapped_column(
        Bytes, comment="of its figures and of the digest of the month before (publication_digest)"
    )


class PublishedFigure(Base):
    """A figure of a month: from what was recorded by its end; NULL where it is withheld."""

    __tablename__ = "published_figures"
    __table_args__ = (
        one_of("kind", FigureKind),
        CheckConstraint("(value IS NULL) = (rose_in IS NULL)", name="shown_since_a_month"),
        CheckConstraint("rose_in <= month_on", name="rose_by_then"),
        CheckConstraint("kind = 'bank_fees' OR value > 10", name="not_small"),
    )

    month_on: Mapped[date] = mapped_column(
        Day,
        ForeignKey("publications.month_on", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    )
    kind: Mapped[FigureKind] = mapped_column(Choice(FigureKind), primary_key=True)
    fund_code: Mapped[str] = mapped_column(Text, primary_key=True, comment="empty: of all funds")
    district_code: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="empty: without a district"
    )
    value: Mapped[int | None] = mapped_column(BigInt, comment="satang, or children")
    rose_in: Mapped[date | None] = mapped_column(
        Day, comment="first day of the month in which it last rose"
    )


class PublishedCallbacks(Base):
    """What calls about payments gave that were drawn at random, in all months after the row before
    up to this one. More than ten were reached, of more than ten children.
    """

    __tablename__ = "published_callbacks"
    __table_args__ = (
        CheckConstraint("reached_count > 10", name="not_small"),
        CheckConstraint(
            "confirmed_count BETWEEN 0 AND reached_count AND reached_count <= drawn_count",
            name="counts_fit",
        ),
    )

    month_on: Mapped[date] = mapped_column(
        Day, ForeignKey("callback_draws.month_on"), primary_key=True, comment="the last month"
    )
    drawn_count: Mapped[int] = mapped_column(BigInt)
    reached_count: Mapped[int] = mapped_column(BigInt)
    confirmed_count: Mapped[int] = mapped_column(BigInt, comment="who received the whole amount")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckpointHolder(Base):
    """A mailbox outside the fund that keeps checkpoints of the sealed log."""

    __tablename__ = "checkpoint_holders"
    __table_args__ = (CheckConstraint("address <> ''", name="addressed"),)

    address: Mapped[str] = mapped_column(Text, primary_key=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckpointMailing(Base):
    """That a checkpoint was put into the outbox for its holders, once for each occasion."""

    __tablename__ = "checkpoint_mailings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["number", "size"],
            ["log_checkpoints.number", "log_checkpoints.size"],
            name="fk_checkpoint_mailings_checkpoint",
        ),
        CheckConstraint("copies > 0", name="to_somebody"),
        CheckConstraint("occasion <> ''", name="for_an_occasion"),
    )

    occasion: Mapped[str] = mapped_column(
        Text, primary_key=True, comment="the day, or the month and when it was closed"
    )
    number: Mapped[int] = mapped_column(BigInt)
    size: Mapped[int] = mapped_column(BigInt)
    copies: Mapped[int] = mapped_column(BigInt)
    mailed_at: Mapped[datetime] = mapped_column(UtcDateTime)
