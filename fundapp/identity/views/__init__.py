"""Pages of identity: signing in, one's own account, and the people who may sign in."""

from fundapp.identity.views import (
    account,
    deliveries,
    factors,
    invitations,
    people,
    person,
    roles,
    sign_in,
    sign_in_links,
)
from fundapp.identity.views.blueprint import blueprint

__all__ = [
    "account",
    "blueprint",
    "deliveries",
    "factors",
    "invitations",
    "people",
    "person",
    "roles",
    "sign_in",
    "sign_in_links",
]
