"""The papers that show why help is asked for."""

from fundapp.disbursements.models import DisbursementRequest
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents

#: The ``subject_type`` of such a paper.
EVIDENCE = "request_evidence"


def list_evidence(request: DisbursementRequest) -> list[Document]:
    """The papers of the request, oldest first."""
    return list_documents(EVIDENCE, [request.public_id])


def find_evidence(request: DisbursementRequest, document_id: str) -> Document | None:
    """The paper of this public id, when it is of the request."""
    papers = list_evidence(request)
    return next((paper for paper in papers if paper.public_id == document_id), None)
