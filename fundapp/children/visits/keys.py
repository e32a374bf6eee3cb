"""The key under which a phone encrypts the drafts of one case manager.

It is derived for the person, so the same person gets the same key again after a sign-in and can
open what was kept; nobody else gets it, and the server stores it nowhere.
"""

import base64

from fundapp.access.actors import Actor, require
from fundapp.children.policy import may_register_somewhere
from fundapp.crypto import keyring


def draft_key(actor: Actor) -> str:
    """32 bytes for AES-256, in base64. Raises ForbiddenError."""
    require(may_register_somewhere(actor))
    return base64.b64encode(keyring().lookup(actor.ref, "visits.drafts")).decode("ascii")
