"""Who may do what with users and sessions. Pure."""

from fundapp.access.actors import VISITOR, Actor
from fundapp.access.permissions import Permission
from fundapp.identity.models import UserSession


def may_sign_in(actor: Actor) -> bool:
    """Whether the actor is a person who may sign in and manage the own account."""
    return actor.user_id is not None and actor.can(Permission.WORKSPACE_OPEN)


def may_manage_users(actor: Actor) -> bool:
    """Whether the actor may invite people, reset their sign-in and change roles and districts."""
    return actor.can(Permission.USER_MANAGE)


def may_give_roles(actor: Actor) -> bool:
    """Whether the actor may give roles and districts, make exceptions, and enable people: two
    administrators together, or a command that sets the installation up.
    """
    return actor.can(Permission.ROLE_GIVE)


def may_print_alone(actor: Actor) -> bool:
    """Whether the actor may print an invitation that needs no second sheet: a command, while there
    are no two administrators who could print two.
    """
    return actor.user_id is None and may_give_roles(actor)


def may_hold_factor(actor: Actor) -> bool:
    """Whether the actor is a person who signs in with a second factor: everybody but donors."""
    return actor.user_id is not None and actor.can(Permission.FACTOR_SET_UP)


def may_try_to_sign_in(actor: Actor) -> bool:
    """Whether the actor may fill the sign-in form in: a visitor or a person, no other process."""
    return actor == VISITOR or actor.user_id is not None


def is_own_session(actor: Actor, session: UserSession) -> bool:
    """Whether the session is the actor's own."""
    return actor.user_id == session.user_id
