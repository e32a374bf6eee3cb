"""Encryption of fields and documents at rest, keyed hashes, and the proof that the keys fit.

Which keys there are, and what happens when one rotates, is lost or leaks: docs/operations.md.
"""

from fundapp.crypto.errors import KeyringError
from fundapp.crypto.keyring import Keyring
from fundapp.crypto.proofs import (
    configured_key_ids,
    find_wrong_keys,
    forget_old_keys,
    init_app,
    keyring,
    prove_at_start,
    prove_keys,
)

__all__ = [
    "Keyring",
    "KeyringError",
    "configured_key_ids",
    "find_wrong_keys",
    "forget_old_keys",
    "init_app",
    "keyring",
    "prove_at_start",
    "prove_keys",
]
