"""What changes users, their passwords and their sessions."""

from fundapp.identity.operations.passwords import change_password, renew_hash, reset_password
from fundapp.identity.operations.sessions import (
    close_session,
    end_sessions,
    open_session,
    record_failed_sign_in,
    revoke_other_sessions,
    revoke_session,
    touch_session,
)
from fundapp.identity.operations.users import change_roles, create_user, disable_user, enable_user

__all__ = [
    "change_password",
    "change_roles",
    "close_session",
    "create_user",
    "disable_user",
    "enable_user",
    "end_sessions",
    "open_session",
    "record_failed_sign_in",
    "renew_hash",
    "reset_password",
    "revoke_other_sessions",
    "revoke_session",
    "touch_session",
]
