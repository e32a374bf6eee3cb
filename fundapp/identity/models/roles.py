"""Roles and districts that people hold, and written exceptions."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp import clock
from fundapp.access.combinations import BY_EXCEPTION, Allowance
from fundapp.access.permissions import DISTRICT_ROLES, Role
from fundapp.db import Base, BigInt, Choice, Day, one_of
from fundapp.ids import new_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class ExceptionReason(LabelledEnum):
    """Why somebody holds two roles that two people should hold; codes, so that nobody is named."""

    VACANCY = "vacancy", N_("Nobody else holds the role until somebody is appointed")
    ABSENCE = "absence", N_("Stands in for somebody who is away")
    FEW_PEOPLE = "few_people", N_("The office has too few people for both roles")


class UserRole(Base):
    """A role that a person holds. Rules: ``sql/*/keep_user_roles.sql``.

    A row says what made it: the proposal that two people agreed on, or the event of a command.
    """

    __tablename__ = "user_roles"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("proposal_id IS NOT NULL OR event_id IS NOT NULL", name="explained"),
    )

    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Choice(Role), primary_key=True)
    granted_on: Mapped[date] = mapped_column(Day, default=clock.today)
    proposal_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("proposals.id"))
    event_id: Mapped[int | None] = mapped_column(BigInt, comment="of the trail: a command's")

    #: Read with the role, in one statement: every request asks it.
    ending: Mapped["RoleEnding | None"] = relationship(
        lazy="joined", passive_deletes="all", cascade="save-update, merge, expunge"
    )

    @property
    def ends_on(self) -> date | None:
        """The last day on which it gives something; None: it has none."""
        return self.ending.ends_on if self.ending else None


class RoleEnding(Base):
    """The last day of a role that two people gave until then: an outside auditor's. It goes with
    its role, and cannot be taken away or changed alone. Rules: ``sql/*/keep_role_endings.sql``.
    """

    __tablename__ = "role_endings"
    __table_args__ = (
        one_of("role", [Role.AUDITOR]),
        ForeignKeyConstraint(
            ["user_id", "role"],
            ["user_roles.user_id", "user_roles.role"],
            name="fk_role_endings_role",
            ondelete="CASCADE",
        ),
        Index("ix_role_endings_ends_on", "ends_on"),
    )

    user_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    role: Mapped[Role] = mapped_column(Choice(Role), primary_key=True)
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day")
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"))


class UserDistrict(Base):
    """A district for which a person holds one of the roles that are bound to districts."""

    __tablename__ = "user_districts"
    __table_args__ = (
        one_of("role", sorted(DISTRICT_ROLES)),
        ForeignKeyConstraint(
            ["user_id", "role"],
            ["user_roles.user_id", "user_roles.role"],
            name="fk_user_districts_role",
        ),
    )

    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Choice(Role), primary_key=True)
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"), primary_key=True)


#: What a CHECK says of the two roles of an exception: the pairs of `BY_EXCEPTION`, in both orders.
_EXCEPTIONAL_PAIRS = " OR ".join(
    f"(role = '{one}' AND beside = '{other}')"
    for one in Role
    for other in Role
    if frozenset({one, other}) in BY_EXCEPTION
)


class RoleException(Base):
    """Written by two people: somebody may hold ``role`` beside another role until a day.

    It ends earlier when an administrator ends it. Rules: ``sql/*/keep_role_exceptions.sql``.
    """

    __tablename__ = "role_exceptions"
    __table_args__ = (
        CheckConstraint(_EXCEPTIONAL_PAIRS, name="pair_known"),
        one_of("reason", ExceptionReason),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint(
            "proposed_by_id <> confirmed_by_id AND user_id <> proposed_by_id"
            " AND user_id <> confirmed_by_id",
            name="two_others",
        ),
        CheckConstraint("(ended_on IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index("ix_role_exceptions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(
        Choice(Role), comment="gives nothing once the exception is over"
    )
    beside: Mapped[Role] = mapped_column(Choice(Role))
    reason: Mapped[ExceptionReason] = mapped_column(Choice(ExceptionReason))
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day, comment="the last day")
    proposal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposals.id"), unique=True)
    proposed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    confirmed_by_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    ended_on: Mapped[date | None] = mapped_column(
        Day, comment="the first day without it, if it was ended early"
    )
    ended_by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("users.id"))

    @property
    def last_day(self) -> date:
        """The last day on which it counts; before its first, if it was ended on that."""
        if self.ended_on is None:
            return self.ends_on
        return min(self.ends_on, self.ended_on - timedelta(days=1))

    def as_allowance(self) -> Allowance:
        """What it allows."""
        return Allowance(self.role, self.beside, self.last_day)


def authority_text(roles: Mapping[Role, frozenset[str]]) -> str:
    """Roles with the districts of each: ``approver, case_manager 9501 9502``."""
    return ", ".join(" ".join([role, *sorted(roles[role])]) for role in sorted(roles))
