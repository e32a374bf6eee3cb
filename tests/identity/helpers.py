"""What the tests of identity do by the pages, and look at after a request."""

import re

from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.identity.operations import print_second_sheet
from fundapp.identity.queries import find_invitation
from fundapp.identity.totp import code_at
from fundapp.trail.models import AuditEvent
from tests.factories.identity import make_user


def cookie(client, name="sid"):
    """The value of a cookie of the client, or None."""
    stored = client.get_cookie(name)
    return stored.value if stored else None


def is_signed_in(client):
    """Whether a page of the workspace is shown, and not the sign-in page."""
    return client.get("/sessions").status_code == 200


def actions(session):
    """The actions of all events of the trail, oldest first."""
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def code_on(page):
    """The code on a sheet of paper, or in a printed address."""
    text = page if isinstance(page, str) else page.text
    return re.search(r"/invitations/([A-Z2-7]{32})\b", text).group(1)


def second_code(code):
    """The code of the second sheet, which a further administrator prints; none for one sheet."""
    found = find_invitation(code)
    if not found.lacks_second_sheet:
        return ""
    actor = make_user(Role.ADMINISTRATOR).as_actor()
    return unit_of_work(print_second_sheet, found.user.public_id, actor=actor)


def accept(client, code, password="durian ferry 17 umbrella", second=None):
    """Choose a password with an invitation, as its person does, who got the second sheet too."""
    assert client.get(f"/invitations/{code}").status_code == 200
    second = second_code(code) if second is None else second
    data = {"password": password, "again": password, "second": second}
    answer = client.post(f"/invitations/{code}", data=data)
    assert answer.status_code == 303, answer.text
    return answer


def set_up_app(client, moment):
    """Set an authenticator app up, as a person does; its secret, and the page of the last form."""
    assert client.post("/factors/app/begin").status_code == 303
    page = client.get("/factors/app")
    secret = re.search(r"\b([A-Z2-7]{4}(-[A-Z2-7]{4}){7})\b", page.text).group(1).replace("-", "")
    answer = client.post("/factors/app", data={"code": code_at(secret, moment)})
    return secret, answer
