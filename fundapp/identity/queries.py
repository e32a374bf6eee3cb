"""Reads of users and their sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor
from fundapp.access.permissions import Process, Role
from fundapp.db import db
from fundapp.db.instants import TOLERANCE, present
from fundapp.email_addresses import comparable_email
from fundapp.errors import NotFoundError
from fundapp.identity.credentials import read_code, token_hash
from fundapp.identity.models import (
    Delivery,
    Invitation,
    InvitationPurpose,
    Passkey,
    RecoveryCode,
    RoleEnding,
    SignInLink,
    TotpSecret,
    User,
    UserRole,
    UserSession,
    UserStatus,
)
from fundapp.proposals.queries import person_now, with_authority

#: The id of the person who signs in with the address ``email``, for statements without the session.
USER_ID_BY_EMAIL = select(User.id).where(
    User.email == bindparam("email"), User.status == UserStatus.ACTIVE
)
#: How far back the list of invitations and resets goes.
RECENT = timedelta(days=14)
#: A session that is not used for so long has ended (OWASP: 15–30 minutes at low risk, 2–5 at high).
STAFF_IDLE = timedelta(minutes=15)
DONOR_IDLE = timedelta(minutes=30)
#: Whoever has access until a day is warned so long before.
ENDING_SOON = timedelta(days=14)
#: How many people a search by name finds.
_MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that has not ended, with its user."""

    id: int
    user: User
    last_seen_at: datetime
    factor_at: datetime | None

    @property
    def is_proved(self) -> bool:
        """Whether it needs no second factor, or one was proved in it: else it opens nothing."""
        return self.factor_at is not None or not self.user.is_staff


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of a person."""

    app: TotpSecret | None
    passkeys: list[Passkey]
    recovery_codes_left: int

    @property
    def count(self) -> int:
        """How many there are; recovery codes stand in for one and are none."""
        return len(self.passkeys) + (self.app is not None)


def find_open_session(token: str) -> OpenSession | None:
    """The session of a cookie's token; None if it has ended or its user may not sign in."""
    found = db.session.execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_sha256 == token_hash(token))
        .options(*with_authority(User))
    )
    row = found.unique().one_or_none()
    if row is None:
        return None
    session, user = row
    if not user.is_active or not is_in_force(session, user):
        return None
    return OpenSession(session.id, user, session.last_seen_at, session.factor_at)


def is_in_force(session: UserSession, user: User) -> bool:
    """Whether a session is neither revoked, nor past its idle or absolute end, nor of a time that
    has not come: the clock may have been set back.
    """
    now = present(db.session.connection())
    idle = STAFF_IDLE if user.is_staff else DONOR_IDLE
    return (
        session.revoked_at is None
        and now < session.expires_at
        and session.last_seen_at - TOLERANCE <= now < session.last_seen_at + idle
    )


def find_factors(user_id: int) -> Factors:
    """The second factors of the person with this row id that are in use."""
    app = select(TotpSecret).where(
        TotpSecret.user_id == user_id, TotpSecret.confirmed_at.is_not(None)
    )
    keys = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    codes = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return Factors(
        db.session.scalar(app), list(db.session.scalars(keys)), db.session.scalar(codes) or 0
    )


def find_waiting_app(user_id: int) -> TotpSecret | None:
    """The app that the person has begun to set up, or None."""
    return db.session.scalar(
        select(TotpSecret).where(TotpSecret.user_id == user_id, TotpSecret.confirmed_at.is_(None))
    )


def find_invitation(code: str) -> Invitation | None:
    """The invitation with this code, whether it can still be used or not."""
    return db.session.scalar(
        select(Invitation).where(Invitation.token_sha256 == token_hash(read_code(code)))
    )


def get_invitation(code: str) -> Invitation:
    """The same. Raises NotFoundError."""
    invitation = find_invitation(code)
    if invitation is None:
        raise NotFoundError
    return invitation


def has_been_set_up(user: User) -> bool:
    """Whether the person has chosen a password before."""
    statement = select(Invitation.id).where(
        Invitation.user_id == user.id,
        or_(Invitation.used_at.is_not(None), Invitation.purpose == InvitationPurpose.RESET),
    )
    return db.session.scalar(statement.limit(1)) is not None


def find_waiting_sheet(user: User, now: datetime) -> Invitation | None:
    """The person's invitation whose second sheet has to be printed, or None."""
    statement = select(Invitation).where(Invitation.user_id == user.id, _lacks_second_sheet(now))
    return db.session.scalar(statement)


def count_sheets_to_print(viewer: Actor, now: datetime) -> int:
    """How many second sheets the viewer may print: those of invitations that others made."""
    statement = select(func.count(Invitation.id)).where(
        _lacks_second_sheet(now), Invitation.made_by != viewer.ref
    )
    return db.session.scalar(statement) or 0


def _lacks_second_sheet(now: datetime) -> ColumnElement[bool]:
    """What `Invitation.lacks_second_sheet` says, of those that are open."""
    return and_(
        Invitation.delivery == Delivery.PAPER,
        Invitation.made_by != Process.COMMAND_LINE.value,
        Invitation.second_sha256.is_(None),
        Invitation.used_at.is_(None),
        Invitation.cancelled_at.is_(None),
        Invitation.expires_at > now,
    )


def list_invitations(
    since: datetime, purpose: InvitationPurpose | None = None, limit: int = 200
) -> list[Invitation]:
    """Invitations and resets made since then, or those of one kind, newest first."""
    statement = (
        select(Invitation)
        .where(Invitation.made_at >= since)
        .order_by(Invitation.id.desc())
        .limit(limit)
    )
    if purpose is not None:
        statement = statement.where(Invitation.purpose == purpose)
    return list(db.session.scalars(statement))


def count_endings(today: date) -> int:
    """How many auditors' access ends within two weeks."""
    soon = select(func.count(RoleEnding.user_id)).where(_ends_soon(today))
    return db.session.scalar(soon) or 0


def _ends_soon(today: date) -> ColumnElement[bool]:
    return RoleEnding.ends_on.between(today, today + ENDING_SOON)


def find_own_ending(actor: Actor, today: date) -> date | None:
    """The last day of the actor's access as an auditor, once it is within two weeks or over."""
    statement = select(RoleEnding.ends_on).where(
        RoleEnding.user_id == actor.user_id, RoleEnding.ends_on <= today + ENDING_SOON
    )
    return db.session.scalar(statement)


def count_resets(since: datetime) -> int:
    """How many people's sign-ins were reset since then, with however many sheets."""
    statement = select(func.count(Invitation.user_id.distinct())).where(
        Invitation.made_at >= since, Invitation.purpose == InvitationPurpose.RESET
    )
    return db.session.scalar(statement) or 0


def list_open_sessions(user: User) -> list[UserSession]:
    """The sessions in which a person is signed in, latest first."""
    statement = (
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
        .order_by(UserSession.id.desc())
    )
    return [session for session in db.session.scalars(statement) if is_in_force(session, user)]


def find_user_by_email(email: str) -> User | None:
    """The person who signs in with this address, or None."""
    return db.session.scalar(select(User).where(User.email == comparable_email(email)))


def get_sign_in_link(code: str) -> SignInLink:
    """The link to sign in with this code, open or over; NotFoundError."""
    statement = select(SignInLink).where(SignInLink.token_sha256 == token_hash(code))
    link = db.session.scalar(statement)
    if link is None:
        raise NotFoundError
    return link


def find_proved_mailbox(actor: Actor) -> str | None:
    """The address of the actor's mailbox, if the actor has signed in by a link in it."""
    proved = select(User.email).where(User.id == actor.user_id, User.mailbox_proved_at.is_not(None))
    return db.session.scalar(proved)


def get_user(public_id: str) -> User:
    """The person with this public id. Raises NotFoundError."""
    user: User | None = db.session.scalar(select(User).where(User.public_id == public_id))
    if user is None:
        raise NotFoundError
    return user


def list_users(
    *, after: str | None = None, limit: int = 50, ending_from: date | None = None
) -> list[User]:
    """People by e-mail address, from the one that follows the public id ``after``; or only the
    auditors whose access ends within two weeks of ``ending_from``.
    """
    statement = select(User).order_by(User.email).limit(limit)
    if ending_from is not None:
        statement = statement.where(
            User.id.in_(select(RoleEnding.user_id).where(_ends_soon(ending_from)))
        )
    if after:
        last = select(User.email).where(User.public_id == after).scalar_subquery()
        statement = statement.where(User.email > last)
    return list(db.session.scalars(statement))


def list_people(*roles: Role) -> list[User]:
    """Everybody who may sign in and holds one of the roles, by e-mail address."""
    statement = (
        select(User)
        .where(User.status == UserStatus.ACTIVE, User.roles.any(UserRole.role.in_(roles)))
        .order_by(User.email)
    )
    return list(db.session.scalars(statement))


def current_authority(actor: Actor) -> Actor:
    """The actor with the roles and districts held now, to be read after waiting for a lock.

    A process keeps its permissions.
    """
    if actor.user_id is None:
        return actor
    return person_now(actor.user_id)


def find_people(text: str) -> list[str]:
    """The public ids of the users whom ``text`` names: by e-mail address, public id or name."""
    statement = select(User.public_id).where(
        or_(
            User.email == comparable_email(text),
            User.public_id == text,
            User.name.icontains(text, autoescape=True),
        )
    )
    return list(db.session.scalars(statement.order_by(User.email).limit(_MOST_PEOPLE)))


def public_ids_of(user_ids: Iterable[int]) -> list[str]:
    """The public ids of the users with these row ids."""
    return list(db.session.scalars(select(User.public_id).where(User.id.in_(set(user_ids)))))


def users_of(public_ids: Iterable[str]) -> dict[str, User]:
    """Users by public id, for what they are called: roles and districts are not read with them.
    Ids that are no user's are left out.
    """
    statement = select(User).where(User.public_id.in_(set(public_ids)))
    people = db.session.scalars(statement.options(lazyload("*")))
    return {user.public_id: user for user in people}


def names_of(public_ids: Iterable[str]) -> dict[str, str]:
    """Names of users by public id; ids that are no user's are left out."""
    rows = db.session.execute(
        select(User.public_id, User.name).where(User.public_id.in_(set(public_ids)))
    )
    return {row.public_id: row.name for row in rows}
