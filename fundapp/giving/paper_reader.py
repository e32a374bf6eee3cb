"""Opening the scans of pledges that donors signed on paper.

Who may see one is asked by the view; none of it concerns a child.
"""

from fundapp.documents import store
from fundapp.documents.encryption import decrypt
from fundapp.documents.models import Document


def open_paper(document: Document) -> bytes:
    """The scan. Raises NotFoundError when it is gone, and DamagedDocumentError."""
    return decrypt(document, store.get(document.storage_key))
