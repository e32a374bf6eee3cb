"""Consents of a child and their signed papers."""

from fundapp.children.models import Child, Consent
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents
from fundapp.errors import NotFoundError

#: The ``subject_type`` of the signed paper of a consent; its ``subject_ref`` is the consent's id.
CONSENT_PAPER = "consent"


def get_consent(child: Child, consent_id: int) -> Consent:
    """The child's consent of that id; NotFoundError when it is not this child's."""
    for consent in child.consents:
        if consent.id == consent_id:
            return consent
    raise NotFoundError


def list_papers(child: Child) -> dict[int, Document]:
    """The newest signed paper of each of the child's consents, by the consent's id."""
    refs = [str(consent.id) for consent in child.consents]
    return {int(paper.subject_ref): paper for paper in list_documents(CONSENT_PAPER, refs)}
