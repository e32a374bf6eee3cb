"""Pages of identity: the door, one's own account, and the people who may sign in."""

from flask import Blueprint

blueprint = Blueprint("identity", __name__)

from fundapp.identity.views import account, people, sign_in  # noqa: E402, F401 - they add their routes
