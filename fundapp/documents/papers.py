"""Opening papers of the office, which concern no child: agreements, resolutions, reports,
vouchers of refunds.

Papers of children and of help are opened by their own reader (`fundapp.children.reader`), which
records whose file was read.
"""

from fundapp.documents import store
from fundapp.documents.encryption import decrypt
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError

#: Subjects whose papers concern no child.
OFFICE_SUBJECTS = frozenset(
    {
        "advance",
        "agency",
        "audit_finding",
        "audit_pack",
        "committee-order",
        "fund_transfer",
        "grant",
        "refund",
    }
)


def open_paper(document: Document) -> bytes:
    """The bytes of a paper of the office. Raises NotFoundError when they are gone or it is none,
    and DamagedDocumentError.
    """
    if document.subject_type not in OFFICE_SUBJECTS:
        raise NotFoundError
    return decrypt(document, store.get(document.storage_key))
