"""Changing and rehashing passwords."""

from fundapp.access.actors import Actor, require
from fundapp.identity import passwords
from fundapp.identity.errors import WrongPasswordError
from fundapp.identity.locking import lock_user
from fundapp.identity.policy import may_sign_in
from fundapp.identity.steps import record_user_event, revoke_sessions, rotate_session


def change_password(*, current: str, new: str, session_id: int, actor: Actor) -> str:
    """Change the actor's own password; every session ends but this one, whose new token is given
    back.

    Raises ForbiddenError, WrongPasswordError, WeakPasswordError, NotFoundError for a session that
    has ended.
    """
    require(may_sign_in(actor))
    user = lock_user(actor.ref)
    if not passwords.verify_password(user.password_hash, current):
        raise WrongPasswordError(field="current")
    passwords.check_rules(new, about=(user.email, user.name))
    user.password_hash = passwords.hash_password(new)
    revoke_sessions(user, keep=session_id)
    record_user_event("identity:user:change-password", user, actor)
    return rotate_session(session_id, actor)


def renew_hash(*, password: str, actor: Actor) -> None:
    """Hash the actor's password, which was just verified, with the present cost.

    The password stays the same, so no event is written. Raises ForbiddenError.
    """
    require(may_sign_in(actor))
    lock_user(actor.ref).password_hash = passwords.hash_password(password)
