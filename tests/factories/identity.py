"""People for tests, each with a password and, if staff, an authenticator app."""

import itertools
from datetime import timedelta

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import VISITOR
from fundapp.access.combinations import Combination, combination
from fundapp.access.permissions import DISTRICT_ROLES, Role
from fundapp.db import db, unit_of_work
from fundapp.identity import operations, totp
from fundapp.identity.credentials import new_token, token_hash
from fundapp.identity.encryption import decrypt_secret, encrypt_secret
from fundapp.identity.kinds import EXCEPTION
from fundapp.identity.models import (
    Delivery,
    ExceptionReason,
    SignInLink,
    TotpSecret,
    User,
    UserSession,
    UserStatus,
)
from fundapp.identity.operations.sign_in_links import LASTS
from fundapp.identity.passwords import hash_password
from fundapp.identity.queries import find_factors, find_user_by_email
from fundapp.identity.role_rows import ROLES, roles_as_values
from fundapp.identity.steps import renew_session
from fundapp.ids import new_id
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import confirm_proposal, make_proposal
from fundapp.proposals.queries import list_open_proposals
from tests.factories.actors import COMMAND_LINE

#: Every invented person has this password.
PASSWORD = "mangosteen tractor 41 lantern"

_numbers = itertools.count(1)


def make_user(role: Role | str, districts: tuple[str, ...] = (), **overrides) -> User:
    """Commit a person with one role; needs an application context (the `session` fixture).

    With ``roles``, a person with several, and the written exceptions that they need.
    """
    number = next(_numbers)
    roles = [Role(each) for each in overrides.pop("roles", [role])]
    values = {
        "email": f"{Role(role).value.replace('_', '-')}-{number}@example.org",
        "name": f"Person {number}",
        "password": PASSWORD,
        "roles": roles[:1],
        "districts": districts,
        "actor": COMMAND_LINE,
        **overrides,
    }
    user = unit_of_work(_make_user, **values)
    for index, other in enumerate(roles[1:], start=1):
        for beside in roles[:index]:
            if combination(other, beside) is Combination.BY_EXCEPTION:
                make_role_exception(user, other, beside)
    if roles[1:]:
        give(user, {each: frozenset(districts) for each in roles})
    return user


def make_user_by_steps(role: Role) -> User:
    """A person of the staff who accepted an invitation and set an app up as the pages do it: with
    the invitation, the recovery codes and the trail that this leaves.
    """
    number = next(_numbers)
    user = unit_of_work(
        operations.create_user,
        f"person-{number}@example.org",
        name=f"Person {number}",
        roles=[role],
        actor=COMMAND_LINE,
    )
    code = unit_of_work(
        operations.invite, user.public_id, delivery=Delivery.PAPER, actor=COMMAND_LINE
    )
    unit_of_work(operations.accept_invitation, code, password=PASSWORD, actor=VISITOR)
    unit_of_work(_set_up_app, user.email)
    return user


def give(user: User, roles: dict[Role, frozenset[str]]) -> None:
    """Have a person hold these roles, as a command does that sets up."""
    bound = {role: codes if role in DISTRICT_ROLES else () for role, codes in roles.items()}
    unit_of_work(operations.give_roles, user.public_id, roles=bound, actor=COMMAND_LINE)


def make_role_exception(user: User, role: Role, beside: Role, days: int = 30) -> Proposal:
    """A written exception, proposed by one new administrator and confirmed by another."""
    after = {
        "role": str(role),
        "beside": str(beside),
        "reason": str(ExceptionReason.ABSENCE),
        "ends_on": (clock.today() + timedelta(days=days)).isoformat(),
    }
    return agree(EXCEPTION, user.public_id, after)


def make_outside_auditor(days: int = 30, user: User | None = None) -> User:
    """An auditor whose last day is in so many days, as two new administrators decide."""
    auditor = user or make_user(Role.DONOR)
    until = clock.today() + timedelta(days=days)
    agree(ROLES, auditor.public_id, roles_as_values({Role.AUDITOR: frozenset()}, until))
    return auditor


def agree(kind: str, subject: str, after: dict[str, object]) -> Proposal:
    """A change that one new administrator proposes and another confirms."""
    one, other = (make_user(Role.ADMINISTRATOR).as_actor() for _ in range(2))
    proposal = unit_of_work(make_proposal, kind, subject, after, actor=one)
    return unit_of_work(confirm_proposal, proposal.public_id, actor=other)


def confirm_open_proposals() -> list[Proposal]:
    """Confirm everything that waits, as one new administrator."""
    administrator = make_user(Role.ADMINISTRATOR).as_actor()
    waiting = [proposal.public_id for proposal in list_open_proposals()]
    return [unit_of_work(confirm_proposal, ref, actor=administrator) for ref in waiting]


def sign_in(client: FlaskClient, user: User) -> None:
    """Let the client have a session of the person, begun and proved as the sign-in pages do it.

    What the pages themselves do is shown by tests/identity; they would ask for a code, of which
    each works once.
    """
    if has_app_context():
        token = unit_of_work(_open_session, user.email)
    else:
        token = open_session_of(client.application, user.email)
    client.set_cookie("sid", token)


def begin_session(role: Role | str, districts: tuple[str, ...] = ()) -> str:
    """The token of a session of somebody new with this role, for fixtures that are built once."""
    return unit_of_work(_open_session, make_user(role, districts).email)


def open_session_of(app: Flask, email: str) -> str:
    """The token of such a session, for browsers that are no client of ours."""
    with app.app_context():
        return unit_of_work(_open_session, email)


def sign_in_by_form(client: FlaskClient, user: User, password: str = PASSWORD):
    """Sign in as a person does, and give back the answer of the last form."""
    answer = client.post("/sign-in", data={"email": user.email, "password": password})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    if not user.is_staff:
        return answer
    answer = client.post("/sign-in/factor", data={"factor_code": app_code(user)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer


def code_of(app: Flask, email: str) -> str:
    """What the app of the person with this address shows, for programs that see pages only."""
    with app.app_context():
        return app_code(find_user_by_email(email))


def app_secret(user: User) -> str:
    """What the person's authenticator app was given."""
    return decrypt_secret(find_factors(user.id).app)


def app_code(user: User) -> str:
    """A code of the person's app that works now: each works once, and only the next one after it,
    so that three are to be had at one moment.
    """
    last = find_factors(user.id).app.last_step
    now = clock.now()
    step = max(totp.step_of(now) - 1, last + 1)
    db.session.rollback()
    return TOTP(app_secret(user)).generate_otp(step)


def _make_user(*, email, name, password, roles, districts, actor) -> User:
    """Without the steps of `make_user_by_steps`, which took a sixth of the time of all tests."""
    user = operations.create_user(email, name=name, roles=roles, districts=districts, actor=actor)
    user.password_hash, user.status = hash_password(password), UserStatus.ACTIVE
    if user.is_staff:
        db.session.flush()
        db.session.add(_confirmed_app(user))
    return user


def _set_up_app(email: str) -> None:
    actor = find_user_by_email(email).as_actor()
    session_id = _session_id(operations.open_session(actor=actor))
    secret = decrypt_secret(operations.begin_totp(actor=actor))
    # The code of the step before, so that the present one is left for the test.
    code = TOTP(secret).generate_otp(totp.step_of(clock.now()) - 1)
    operations.confirm_totp(code=code, session_id=session_id, actor=actor)
    db.session.delete(db.session.get_one(UserSession, session_id))


def _confirmed_app(user: User) -> TotpSecret:
    row_id, now = new_id(), clock.now()
    return TotpSecret(
        id=row_id,
        user_id=user.id,
        secret_encrypted=encrypt_secret(row_id, totp.new_secret()),
        created_at=now,
        confirmed_at=now,
        # The code of the step before, so that the present one is left for the test.
        last_step=totp.step_of(now) - 1,
    )


def _open_session(email: str) -> str:
    user = find_user_by_email(email)
    actor = user.as_actor()
    token = operations.open_session(actor=actor)
    return renew_session(_session_id(token), actor) if user.is_staff else token


def _session_id(token: str) -> int:
    statement = select(UserSession.id).where(UserSession.token_sha256 == token_hash(token))
    return db.session.scalars(statement).one()


def make_sign_in_link(email: str) -> str:
    """The token of a link to sign in that the mailbox ``email`` got; another browser asked."""
    token, now = new_token(), clock.now()
    unit_of_work(
        lambda: db.session.add(
            SignInLink(
                email=email,
                token_sha256=token_hash(token),
                browser_sha256=token_hash("another browser"),
                asked_at=now,
                expires_at=now + LASTS,
            )
        )
    )
    return token
