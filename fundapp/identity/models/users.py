"""The people who sign in."""

from collections.abc import Iterable
from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp import clock
from fundapp.access.actors import Actor, Grant, person
from fundapp.access.combinations import Allowance, find_conflicts, roles_in_force
from fundapp.access.permissions import STAFF_ROLES, Permission, Role
from fundapp.db import Base, BigInt, Choice, UtcDateTime, one_of
from fundapp.identity.models.roles import RoleException, UserDistrict, UserRole, authority_text
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class UserStatus(LabelledEnum):
    """Whether a person may sign in; who is invited has not chosen a password yet."""

    ACTIVE = "active", N_("May sign in"), "good"
    DISABLED = "disabled", N_("Disabled"), "bad"
    INVITED = "invited", N_("Invited"), "info"


class User(Base, UserMixin):
    """A person who signs in."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("status", UserStatus),
        CheckConstraint("email = lower(email) AND email <> ''", name="email_lower_case"),
        CheckConstraint(
            "status = 'disabled' OR (status = 'active') = (password_hash IS NOT NULL)",
            name="password_of_active",
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    status: Mapped[UserStatus] = mapped_column(Choice(UserStatus), default=UserStatus.INVITED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mailbox_proved_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when its owner last signed in by a link in the mailbox"
    )

    roles: Mapped[list["UserRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    districts: Mapped[list["UserDistrict"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan"
    )
    exceptions: Mapped[list["RoleException"]] = relationship(
        foreign_keys="RoleException.user_id", order_by="RoleException.id"
    )

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in; Flask-Login reads it too."""
        return self.status is UserStatus.ACTIVE

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the fund, and is not only a donor."""
        return not STAFF_ROLES.isdisjoint(self.role_set())

    @property
    def display_name(self) -> str:
        """The name as pages show it."""
        return self.name or self.email

    @property
    def role_list(self) -> list[Role]:
        """The roles the person holds, in the order of `Role`."""
        held = self.role_set()
        return [role for role in Role if role in held]

    def role_set(self) -> frozenset[Role]:
        """The roles the person holds."""
        return frozenset(row.role for row in self.roles)

    def districts_of(self, role: Role) -> frozenset[str]:
        """The districts for which the person holds ``role``."""
        return frozenset(row.district_code for row in self.districts if row.role is role)

    def district_codes(self) -> frozenset[str]:
        """The districts for which the person holds any role."""
        return frozenset(row.district_code for row in self.districts)

    def role_map(self) -> dict[Role, frozenset[str]]:
        """The districts of each role that the person holds; none where the role needs none."""
        return {role: self.districts_of(role) for role in self.role_list}

    def authority(self) -> str:
        """The roles and districts as one text; a form compares it to notice a change."""
        return authority_text(self.role_map())

    def can(self, permission: Permission) -> bool:
        """Whether the person may sign in and holds a role that grants ``permission``."""
        return self.as_actor().can(permission)

    def as_actor(self) -> Actor:
        """The person as an actor, with the roles in force now, each with its own districts.

        Roles that one person may not hold together give no permission, however the rows came.
        """
        held = self.role_map()
        in_force = self._in_force(held)
        grants = (Grant(role, districts) for role, districts in held.items() if role in in_force)
        return person(self.public_id, self.id, grants, is_active=self.is_active)

    def allowances(self) -> list[Allowance]:
        """The written exceptions of the person, those that have run out too."""
        return [exception.as_allowance() for exception in self.exceptions]

    def idle_roles(self) -> frozenset[Role]:
        """The roles that are held and give no permission."""
        held = self.role_set()
        return held - self._in_force(held)

    def last_days(self) -> dict[Role, date]:
        """The last day of each role that has one."""
        return {row.role: row.ends_on for row in self.roles if row.ends_on is not None}

    def roles_over(self) -> frozenset[Role]:
        """The roles whose last day is over."""
        today = clock.today()
        return frozenset(role for role, ends_on in self.last_days().items() if ends_on < today)

    def _in_force(self, held: Iterable[Role]) -> frozenset[Role]:
        """Exceptions are read only where roles need one: nearly nobody's do."""
        today = clock.today()
        over = self.roles_over()
        held = frozenset(held) - over
        allowances = self.allowances() if find_conflicts(held, (), today) else []
        return roles_in_force(held, allowances, today)
