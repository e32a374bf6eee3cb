"""What the tests of identity look at after a request."""

from sqlalchemy import select

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
