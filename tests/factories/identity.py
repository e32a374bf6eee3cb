"""People for tests: made by the operation of the pages, signed in by the sign-in form."""

import itertools

from flask.testing import FlaskClient

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity.models import User
from fundapp.identity.operations import create_user
from tests.factories.actors import ADMINISTRATOR

#: Every invented person has this password.
PASSWORD = "mangosteen tractor 41 lantern"

_numbers = itertools.count(1)


def make_user(role: Role | str, districts: tuple[str, ...] = (), **overrides) -> User:
    """Commit a person with one role; needs an application context (the `session` fixture)."""
    number = next(_numbers)
    values = {
        "email": f"{Role(role).value.replace('_', '-')}-{number}@example.org",
        "name": f"Person {number}",
        "password": PASSWORD,
        "roles": [Role(role)],
        "districts": districts,
        "actor": ADMINISTRATOR,
        **overrides,
    }
    return unit_of_work(create_user, values.pop("email"), **values)


def sign_in(client: FlaskClient, user: User, password: str = PASSWORD):
    """Sign in as a person does, and give back the answer of the sign-in form."""
    answer = client.post("/sign-in", data={"email": user.email, "password": password})
    assert answer.status_code in {302, 303}, answer.get_data(as_text=True)
    return answer
