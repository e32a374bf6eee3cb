"""Tokens of sessions: how they are made, and how the table stores them."""

import hashlib
import secrets

_TOKEN_BYTES = 32


def new_token() -> str:
    """A session's token: 256 random bits, in characters that a cookie may hold."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """The stored form of a session's token; it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
