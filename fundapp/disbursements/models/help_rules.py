"""Rules of help, as two administrators confirmed them: how many approve which amount, and how much
one child and one household get in a fiscal year. The newest that have begun count; triggers in
``fundapp/disbursements/sql/*/keep_help_rules.sql`` hold approvals to them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Base, BigInt, Day, UtcDateTime
from fundapp.identity.models import User
from fundapp.ids import new_id

#: How many bands there can be, and how many people can be asked to approve.
MOST_BANDS, FEWEST_APPROVERS, MOST_APPROVERS = 4, 2, 5


class HelpRules(Base):
    """The rules from a day on, until others begin."""

    __tablename__ = "help_rules"
    __table_args__ = (
        CheckConstraint("band_count BETWEEN 0 AND 4", name="bands_in_range"),
        CheckConstraint("child_cap_satang > 0", name="child_cap_positive"),
        CheckConstraint("household_cap_satang > 0", name="household_cap_positive"),
        CheckConstraint("household_cap_satang >= child_cap_satang", name="household_cap_larger"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    starts_on: Mapped[date] = mapped_column(
        Day, unique=True, comment="from this day they replace the rules before"
    )
    band_count: Mapped[int] = mapped_column(BigInt)
    child_cap_satang: Mapped[int | None] = mapped_column(
        BigInt, comment="of one child in a fiscal year; NULL: no cap"
    )
    household_cap_satang: Mapped[int | None] = mapped_column(
        BigInt, comment="of all children of one guardian in a fiscal year; NULL: no cap"
    )
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    confirmed_by: Mapped[User] = relationship(lazy="joined")
    bands: Mapped[list["ApprovalBand"]] = relationship(
        lazy="selectin", order_by="ApprovalBand.number"
    )

    def approvers_for(self, satang: int) -> int:
        """How many people approve this amount."""
        needed = [band.approvers for band in self.bands if band.from_satang <= satang]
        return max(needed, default=1)


class ApprovalBand(Base):
    """From an amount on, so many people approve; a higher amount never needs fewer."""

    __tablename__ = "approval_bands"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 4", name="number_in_range"),
        CheckConstraint("from_satang > 0", name="from_positive"),
        CheckConstraint("approvers BETWEEN 2 AND 5", name="approvers_in_range"),
    )

    rules_id: Mapped[int] = mapped_column(BigInt, ForeignKey("help_rules.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    from_satang: Mapped[int] = mapped_column(BigInt)
    approvers: Mapped[int] = mapped_column(BigInt)
