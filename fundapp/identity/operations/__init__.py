"""What changes users, their passwords and their sessions."""

from fundapp.identity.operations.passwords import change_password, renew_hash, reset_password
from fundapp.identity.operations.roles import (
    end_exception,
    give_roles,
    make_exception,
    narrow_roles,
    propose_roles,
)
from fundapp.identity.operations.sessions import (
    close_session,
    end_sessions,
    open_session,
    record_failed_sign_in,
    revoke_other_sessions,
    revoke_session,
    touch_session,
)
from fundapp.identity.operations.users import create_user, disable_user, enable_user

__all__ = [
    "change_password",
    "close_session",
    "create_user",
    "disable_user",
    "enable_user",
    "end_exception",
    "end_sessions",
    "give_roles",
    "make_exception",
    "narrow_roles",
    "open_session",
    "propose_roles",
    "record_failed_sign_in",
    "renew_hash",
    "reset_password",
    "revoke_other_sessions",
    "revoke_session",
    "touch_session",
]
