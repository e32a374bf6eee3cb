"""What donors were reminded of."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.db import Base, BigInt, Choice, Day, UtcDateTime, one_of
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class ReminderKind(LabelledEnum):
    """Whether a reminder comes before or after the due date."""

    BEFORE = "before", N_("Before the due date")
    AFTER = "after", N_("After the due date")


class Reminder(Base):
    """That the donor was reminded of an instalment; once of each kind for each due date it had."""

    __tablename__ = "reminders"
    __table_args__ = (one_of("kind", ReminderKind),)

    instalment_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("instalments.id"), primary_key=True
    )
    kind: Mapped[ReminderKind] = mapped_column(Choice(ReminderKind), primary_key=True)
    due_on: Mapped[date] = mapped_column(Day, primary_key=True, comment="the due date it named")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
