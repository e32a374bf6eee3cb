"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is right.

The challenge is made of the token of the session that asks, which nobody else knows and which
changes each time a factor was proved: an answer holds in one session, until that.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fundapp.identity.drafts import PasskeyContext
from fundapp.identity.models import Passkey, User

#: An answer is a few hundred bytes; a longer one is not read.
_LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is stored of a passkey that a browser made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def challenge_of(token: str) -> bytes:
    """The challenge of the session with this token."""
    return hmac.new(token.encode("utf-8", "surrogateescape"), b"passkey", hashlib.sha256).digest()


def creation_options(
    user: User, held: Iterable[Passkey], context: PasskeyContext, *, site: str
) -> str:
    """What the browser makes a passkey for, as JSON; ``site`` is what people call us."""
    options = webauthn.generate_registration_options(
        rp_id=context.domain,
        rp_name=site,
        user_id=user.public_id.encode(),
        user_name=user.email,
        user_display_name=user.display_name,
        challenge=context.challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(held),
    )
    return webauthn.options_to_json(options)


def request_options(held: Iterable[Passkey], context: PasskeyContext) -> str:
    """What the browser proves one of the held passkeys for, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=context.domain,
        challenge=context.challenge,
        allow_credentials=_descriptors(held),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def read_new_passkey(answer: str, context: PasskeyContext) -> NewPasskey | None:
    """The passkey that a browser made; None for anything but a right answer."""
    if len(answer) > _LONGEST_ANSWER:
        return None
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=context.challenge,
            expected_rp_id=context.domain,
            expected_origin=context.origin,
        )
    except Exception:  # whatever a forged answer makes the library stumble over
        return None
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def credential_of(answer: str) -> bytes | None:
    """The id of the passkey that an answer is of, or None."""
    if len(answer) > _LONGEST_ANSWER:
        return None
    try:
        return base64url_to_bytes(json.loads(answer)["id"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def proven_count(answer: str, passkey: Passkey, context: PasskeyContext) -> int | None:
    """How often the passkey says it was used, when the answer is right; else None."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=context.challenge,
            expected_rp_id=context.domain,
            expected_origin=context.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except Exception:  # as above
        return None
    return verified.new_sign_count


def _descriptors(held: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in held]
