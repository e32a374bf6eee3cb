"""Tables of identity."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from flask_login import UserMixin
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp import clock
from fundapp.access.actors import Actor, Grant, person
from fundapp.access.combinations import BY_EXCEPTION, Allowance, find_conflicts, roles_in_force
from fundapp.access.permissions import DISTRICT_ROLES, STAFF_ROLES, Permission, Process, Role
from fundapp.db import Base, BigInt, Bytes, Choice, Day, UtcDateTime, one_of
from fundapp.ids import new_id, new_public_id
from fundapp.labels import LabelledEnum
from fundapp.markers import N_


class UserStatus(LabelledEnum):
    """Whether a person may sign in; who is invited has not chosen a password yet."""

    ACTIVE = "active", N_("May sign in"), "good"
    DISABLED = "disabled", N_("Disabled"), "bad"
    INVITED = "invited", N_("Invited"), "info"


class InvitationPurpose(LabelledEnum):
    """Why somebody is asked to choose a password: for the first time, or anew."""

    INVITE = "invite", N_("Invitation")
    RESET = "reset", N_("Reset"), "warn"


class Delivery(LabelledEnum):
    """How an invitation gets to its person."""

    MAIL = "mail", N_("By e-mail")
    PAPER = "paper", N_("On paper")


class ExceptionReason(LabelledEnum):
    """Why somebody holds two roles that two people should hold; codes, so that nobody is named."""

    VACANCY = "vacancy", N_("Nobody else holds the role until somebody is appointed")
    ABSENCE = "absence", N_("Stands in for somebody who is away")
    FEW_PEOPLE = "few_people", N_("The office has too few people for both roles")


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
        return [role for role in Role if role in self.role_set()]

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

    def _in_force(self, held: Iterable[Role]) -> frozenset[Role]:
        """Exceptions are read only where roles need one: nearly nobody's do."""
        today = clock.today()
        allowances = self.allowances() if find_conflicts(held, (), today) else []
        return roles_in_force(held, allowances, today)


def authority_text(roles: Mapping[Role, frozenset[str]]) -> str:
    """Roles with the districts of each: ``approver, case_manager 9501 9502``."""
    return ", ".join(" ".join([role, *sorted(roles[role])]) for role in sorted(roles))


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
    factor_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when a second factor was last proved"
    )
    user_agent: Mapped[str] = mapped_column(Text, default="")


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


class TotpSecret(Base):
    """What an authenticator app makes its codes from; until it is confirmed by a code, it proves
    nothing. ``last_step`` only grows: ``sql/*/use_once.sql``.
    """

    __tablename__ = "totp_secrets"
    __table_args__ = (
        CheckConstraint("last_step >= 0", name="last_step_counted"),
        Index(
            "uq_totp_secrets_user_confirmed",
            "user_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index(
            "uq_totp_secrets_user_waiting",
            "user_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    secret_encrypted: Mapped[bytes] = mapped_column(Bytes)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(
        BigInt, default=0, comment="the 30 seconds of the last code that was accepted"
    )


class Passkey(Base):
    """The public key of a passkey; its key and its person stay: ``sql/*/use_once.sql``."""

    __tablename__ = "passkeys"
    __table_args__ = (
        CheckConstraint("sign_count >= 0", name="sign_count_counted"),
        Index("ix_passkeys_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    credential_id: Mapped[bytes] = mapped_column(Bytes, unique=True)
    public_key: Mapped[bytes] = mapped_column(Bytes)
    sign_count: Mapped[int] = mapped_column(BigInt)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code that stands in for a second factor, once: ``sql/*/use_once.sql``."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        CheckConstraint("length(code_sha256) = 32", name="code_hashed"),
        UniqueConstraint("user_id", "code_sha256"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    code_sha256: Mapped[bytes] = mapped_column(Bytes)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
