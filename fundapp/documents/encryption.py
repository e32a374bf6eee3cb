"""Documents are encrypted at rest, each for its own row: papers carry names of children.

The stored bytes are sealed as fields are (`fundapp.crypto`), for ``documents.content.row id``, so a
file put in the place of another does not open. Their SHA-256 in the row is that of the document
itself.
"""

import hashlib

from fundapp.crypto import KeyringError, keyring
from fundapp.documents.models import Document


class DamagedDocumentError(Exception):
    """The stored bytes are not those that were accepted, or no key opens them."""


def encrypt(document_id: int, content: bytes) -> bytes:
    """``content`` encrypted for one document."""
    return keyring().encrypt_bytes(content, _place(document_id))


def decrypt(document: Document, stored: bytes) -> bytes:
    """The document itself. Raises DamagedDocumentError."""
    try:
        content = keyring().decrypt_bytes(stored, _place(document.id))
    except KeyringError as error:
        # What was taken in before documents were encrypted lies there as it is.
        if not _is_right(document, stored):
            raise DamagedDocumentError(document.public_id) from error
        return stored
    if not _is_right(document, content):
        raise DamagedDocumentError(document.public_id)
    return content


def _is_right(document: Document, content: bytes) -> bool:
    return hashlib.sha256(content).digest() == document.sha256


def _place(document_id: int) -> str:
    return f"documents.content.{document_id}"
