"""Tables of identity, split by noun."""

from fundapp.identity.models.factors import Passkey, RecoveryCode, TotpSecret
from fundapp.identity.models.invitations import Delivery, Invitation, InvitationPurpose
from fundapp.identity.models.roles import (
    ExceptionReason,
    RoleEnding,
    RoleException,
    UserDistrict,
    UserRole,
    authority_text,
)
from fundapp.identity.models.sessions import UserSession
from fundapp.identity.models.sign_in_links import SignInLink
from fundapp.identity.models.users import User, UserStatus

__all__ = [
    "Delivery",
    "ExceptionReason",
    "Invitation",
    "InvitationPurpose",
    "Passkey",
    "RecoveryCode",
    "RoleEnding",
    "RoleException",
    "SignInLink",
    "TotpSecret",
    "User",
    "UserDistrict",
    "UserRole",
    "UserSession",
    "UserStatus",
    "authority_text",
]
