"""The two things a person shows at the door: an e-mail address, and later a session's token."""

import hashlib
import secrets

_TOKEN_BYTES = 32


def normalised_email(email: str) -> str:
    """An address as it is kept and compared: without outer spaces, in lower case."""
    return email.strip().lower()


def new_token() -> str:
    """A session's token: 256 random bits, in characters that a cookie takes."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is kept of a session's token. It is random, so a fast hash hides it well."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
