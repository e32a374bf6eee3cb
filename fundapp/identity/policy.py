"""Who may change what about people who sign in. Pure."""

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.identity.models import UserSession


def may_sign_in(actor: Actor) -> bool:
    """Whether the actor is a person who may sign in, and look after the own account."""
    return actor.user_id is not None and actor.can(Permission.WORKSPACE_OPEN)


def may_manage_users(actor: Actor) -> bool:
    """Whether the actor may let people sign in, and change roles, districts and passwords."""
    return actor.can(Permission.USER_MANAGE)


def is_own_session(actor: Actor, session: UserSession) -> bool:
    """Whether the session is the actor's own."""
    return actor.user_id == session.user_id
