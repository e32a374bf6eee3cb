"""What changes users, how they sign in, and their sessions."""

from fundapp.identity.operations.factors import (
    add_passkey,
    begin_totp,
    confirm_totp,
    prove_code,
    prove_factor,
    record_refused_factor,
    remove_app,
    remove_passkey,
    renew_recovery_codes,
)
from fundapp.identity.operations.invitations import (
    LASTS,
    accept_invitation,
    invite,
    print_second_sheet,
    reset_sign_in,
)
from fundapp.identity.operations.passwords import change_password, renew_hash
from fundapp.identity.operations.roles import (
    end_exception,
    give_roles,
    make_exception,
    narrow_roles,
    propose_roles,
)
from fundapp.identity.operations.sessions import (
    UNPROVED,
    close_session,
    end_sessions,
    open_session,
    record_failed_sign_in,
    revoke_other_sessions,
    revoke_session,
    touch_session,
)
from fundapp.identity.operations.sign_in_links import send_sign_in_link, use_sign_in_link
from fundapp.identity.operations.users import create_user, disable_user, enable_user

__all__ = [
    "LASTS",
    "UNPROVED",
    "accept_invitation",
    "add_passkey",
    "begin_totp",
    "change_password",
    "close_session",
    "confirm_totp",
    "create_user",
    "disable_user",
    "enable_user",
    "end_exception",
    "end_sessions",
    "give_roles",
    "invite",
    "make_exception",
    "narrow_roles",
    "open_session",
    "print_second_sheet",
    "propose_roles",
    "prove_code",
    "prove_factor",
    "record_failed_sign_in",
    "record_refused_factor",
    "remove_app",
    "remove_passkey",
    "renew_hash",
    "renew_recovery_codes",
    "reset_sign_in",
    "revoke_other_sessions",
    "revoke_session",
    "send_sign_in_link",
    "touch_session",
    "use_sign_in_link",
]
