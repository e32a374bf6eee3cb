"""Storing documents, and encrypting the stored ones again."""

from fundapp.documents.operations.key_rotation import reencrypt_documents
from fundapp.documents.operations.uploads import store_document

__all__ = ["reencrypt_documents", "store_document"]
