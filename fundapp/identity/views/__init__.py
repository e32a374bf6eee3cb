"""Pages of identity: signing in, one's own account, and the people who may sign in."""

from fundapp.identity.views import account, people, sign_in
from fundapp.identity.views.blueprint import blueprint

__all__ = ["account", "blueprint", "people", "sign_in"]
