"""Who makes the request."""

from flask_login import current_user

from fundapp.access.actors import VISITOR, Actor


def current_actor() -> Actor:
    """The signed-in person with the roles and districts in force now, or a visitor."""
    if not current_user.is_authenticated:
        return VISITOR
    actor: Actor = current_user.as_actor()
    return actor
