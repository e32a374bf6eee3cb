"""Rotating the field keys: stored files are encrypted again with the newest key, in batches.

What is decrypted here is shown to nobody, and the documents stay the same, so nothing is written to
the trail.
"""

import logging

from fundapp.access.actors import Actor, require
from fundapp.crypto import keyring
from fundapp.documents import store
from fundapp.documents.encryption import decrypt, encrypt
from fundapp.documents.models import Document
from fundapp.documents.policy import may_reencrypt
from fundapp.documents.queries import list_documents_after
from fundapp.errors import NotFoundError

#: Files that one batch looks at.
BATCH = 50

_log = logging.getLogger(__name__)


def reencrypt_documents(after: int = 0, *, actor: Actor) -> int | None:
    """Encrypt with the newest key the files of the next documents after id ``after`` that are
    stored under older keys, or unencrypted.

    Returns the last id looked at, or None when there are no more. Raises ForbiddenError,
    DamagedDocumentError. A missing file is logged and left out.
    """
    require(may_reencrypt(actor))
    documents = list_documents_after(after, BATCH)
    for document in documents:
        _reencrypt(document)
    return documents[-1].id if documents else None


def _reencrypt(document: Document) -> None:
    try:
        stored = store.get(document.storage_key)
    except NotFoundError:
        _log.warning("the file of document %s is missing", document.public_id)
        return
    if not keyring().is_newest(stored):
        store.put(document.storage_key, encrypt(document.id, decrypt(document, stored)))
        document.checked_at = document.intact_version = None
