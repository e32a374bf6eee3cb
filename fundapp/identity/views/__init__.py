"""Pages of identity: signing in, one's own account, and the people who may sign in."""

from fundapp.identity.views import account, factors, invitations, people, sign_in
from fundapp.identity.views.blueprint import blueprint

__all__ = ["account", "blueprint", "factors", "invitations", "people", "sign_in"]
