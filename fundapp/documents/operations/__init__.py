"""Storing documents, noting whether their files are intact, and encrypting them again."""

from fundapp.documents.operations.checking import note_findings
from fundapp.documents.operations.key_rotation import reencrypt_documents
from fundapp.documents.operations.uploads import StoredDocument, store_document

__all__ = ["StoredDocument", "note_findings", "reencrypt_documents", "store_document"]
