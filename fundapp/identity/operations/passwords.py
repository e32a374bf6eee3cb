"""Changing, resetting and rehashing passwords."""

from fundapp.access.actors import Actor, require
from fundapp.identity import passwords
from fundapp.identity.errors import WrongPasswordError
from fundapp.identity.locking import lock_user
from fundapp.identity.models import User
from fundapp.identity.policy import may_manage_users, may_sign_in
from fundapp.identity.steps import record_user_event, revoke_sessions


def change_password(*, current: str, new: str, actor: Actor) -> User:
    """Change the actor's own password; every session ends.

    Raises ForbiddenError, WrongPasswordError, WeakPasswordError.
    """
    require(may_sign_in(actor))
    user = lock_user(actor.ref)
    if not passwords.verify_password(user.password_hash, current):
        raise WrongPasswordError(field="current")
    passwords.check_rules(new, about=(user.email, user.name))
    user.password_hash = passwords.hash_password(new)
    revoke_sessions(user)
    record_user_event("identity:user:change-password", user, actor)
    return user


def reset_password(public_id: str, *, new: str, actor: Actor) -> User:
    """Give a person a new password; every session of that person ends.

    Raises ForbiddenError, NotFoundError, WeakPasswordError.
    """
    require(may_manage_users(actor))
    user = lock_user(public_id)
    passwords.check_rules(new, about=(user.email, user.name))
    user.password_hash = passwords.hash_password(new)
    revoke_sessions(user)
    record_user_event("identity:user:reset-password", user, actor)
    return user


def renew_hash(*, password: str, actor: Actor) -> None:
    """Hash the actor's password, which was just verified, with the present cost.

    The password stays the same, so no event is written. Raises ForbiddenError.
    """
    require(may_sign_in(actor))
    lock_user(actor.ref).password_hash = passwords.hash_password(password)
