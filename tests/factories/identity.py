"""People for tests: made by the operation of the command, signed in by the sign-in form."""

import itertools
from datetime import timedelta

from flask.testing import FlaskClient

from fundapp import clock
from fundapp.access.combinations import Combination, combination
from fundapp.access.permissions import DISTRICT_ROLES, Role
from fundapp.db import unit_of_work
from fundapp.identity.kinds import EXCEPTION
from fundapp.identity.models import ExceptionReason, User
from fundapp.identity.operations import create_user, give_roles
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
    user = unit_of_work(create_user, values.pop("email"), **values)
    for index, other in enumerate(roles[1:], start=1):
        for beside in roles[:index]:
            if combination(other, beside) is Combination.BY_EXCEPTION:
                make_role_exception(user, other, beside)
    if roles[1:]:
        give(user, {each: frozenset(districts) for each in roles})
    return user


def give(user: User, roles: dict[Role, frozenset[str]]) -> None:
    """Have a person hold these roles, as a command does that sets up."""
    bound = {role: codes if role in DISTRICT_ROLES else () for role, codes in roles.items()}
    unit_of_work(give_roles, user.public_id, roles=bound, actor=COMMAND_LINE)


def make_role_exception(user: User, role: Role, beside: Role, days: int = 30) -> Proposal:
    """A written exception, proposed by one new administrator and confirmed by another."""
    after = {
        "role": str(role),
        "beside": str(beside),
        "reason": str(ExceptionReason.ABSENCE),
        "ends_on": (clock.today() + timedelta(days=days)).isoformat(),
    }
    return agree(EXCEPTION, user.public_id, after)


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


def sign_in(client: FlaskClient, user: User, password: str = PASSWORD):
    """Sign in as a person does, and give back the answer of the sign-in form."""
    answer = client.post("/sign-in", data={"email": user.email, "password": password})
    assert answer.status_code in {302, 303}, answer.get_data(as_text=True)
    return answer
