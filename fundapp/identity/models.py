"""Tables of identity."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.access.actors import Actor, person
from fundapp.access.permissions import STAFF_ROLES, Permission, Role
from fundapp.db import Base, BigInt, Bytes, Choice, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class UserStatus(LabelledEnum):
    """Whether a person may sign in."""

    ACTIVE = "active", N_("May sign in"), "good"
    DISABLED = "disabled", N_("Disabled"), "bad"


class User(Base, UserMixin):
    """A person who signs in."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("status", UserStatus),
        CheckConstraint("email = lower(email) AND email <> ''", name="email_lower_case"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    public_id: Mapped[str] = mapped_column(Text, unique=True, default=new_public_id)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    status: Mapped[UserStatus] = mapped_column(Choice(UserStatus), default=UserStatus.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    roles: Mapped[list["UserRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    districts: Mapped[list["UserDistrict"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan"
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
        return [role for role in Role if role in self.role_set()]

    def role_set(self) -> frozenset[Role]:
        """The roles the person holds."""
        return frozenset(row.role for row in self.roles)

    def district_codes(self) -> frozenset[str]:
        """The districts that the roles bound to districts are limited to."""
        return frozenset(row.district_code for row in self.districts)

    def authority(self) -> str:
        """The roles and districts as one text; a form compares it to notice a change."""
        return ", ".join([*sorted(self.role_set()), *sorted(self.district_codes())])

    def can(self, permission: Permission) -> bool:
        """Whether the person may sign in and holds a role that grants ``permission``."""
        return self.as_actor().can(permission)

    def as_actor(self) -> Actor:
        """The person as an actor, with the roles and districts held now."""
        return person(
            self.public_id,
            self.id,
            self.role_set(),
            self.district_codes(),
            is_active=self.is_active,
        )


class UserRole(Base):
    """A role that a person holds."""

    __tablename__ = "user_roles"
    __table_args__ = (one_of("role", Role),)

    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Choice(Role), primary_key=True)


class UserDistrict(Base):
    """A district that a case manager is responsible for."""

    __tablename__ = "user_districts"

    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"), primary_key=True)
    district_code: Mapped[str] = mapped_column(Text, ForeignKey("districts.code"), primary_key=True)


class UserSession(Base):
    """A sign-in on one device; the cookie holds a random token, the table only its SHA-256."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        CheckConstraint("length(token_sha256) = 32", name="token_hashed"),
        Index("ix_user_sessions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    token_sha256: Mapped[bytes] = mapped_column(Bytes, unique=True)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(
        UtcDateTime, comment="absolute end, whatever is done"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(Text, default="")
