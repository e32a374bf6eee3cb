"""Documents are encrypted at rest, each for its own row: papers carry names of children.

The stored bytes are encrypted as fields are (`fundapp.crypto`), for ``documents.content.row id``,
so a file stored under another document's key cannot be decrypted. The SHA-256 in the row is that of
the document itself. To read one, use `fundapp.children.reader`.
"""

import hashlib

from fundapp.crypto import KeyringError, keyring
from fundapp.documents.errors import DamagedDocumentError
from fundapp.documents.models import Document


def encrypt(document_id: int, content: bytes) -> bytes:
    """``content`` encrypted for one document."""
    return keyring().encrypt_bytes(content, _associated_data(document_id))


def decrypt(document: Document, stored: bytes) -> bytes:
    """The document itself. Raises DamagedDocumentError."""
    try:
        content = keyring().decrypt_bytes(stored, _associated_data(document.id))
    except KeyringError as error:
        # Documents stored by versions that did not encrypt them.
        if not _is_intact(document, stored):
            raise DamagedDocumentError(document.public_id) from error
        return stored
    if not _is_intact(document, content):
        raise DamagedDocumentError(document.public_id)
    return content


def _is_intact(document: Document, content: bytes) -> bool:
    return hashlib.sha256(content).digest() == document.sha256


def _associated_data(document_id: int) -> str:
    return f"documents.content.{document_id}"
