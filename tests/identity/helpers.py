"""What the tests of identity do by the pages, and look at after a request."""

import re

from sqlalchemy import select

from fundapp.identity.totp import code_at
from fundapp.trail.models import AuditEvent


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


def accept(client, code, password="durian ferry 17 umbrella"):
    """Choose a password with an invitation, as its person does."""
    assert client.get(f"/invitations/{code}").status_code == 200
    data = {"password": password, "again": password}
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
