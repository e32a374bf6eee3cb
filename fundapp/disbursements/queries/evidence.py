"""The papers that show why help is asked for, and the slips of the bank of its payments."""

from fundapp.disbursements.models import DisbursementRequest
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents

#: The ``subject_type`` of such a paper.
EVIDENCE = "request_evidence"
#: The ``subject_type`` of a slip of the bank; its ``subject_ref`` is the payout's.
SLIP = "payout_slip"


def list_evidence(request: DisbursementRequest) -> list[Document]:
    """The papers of the request, oldest first."""
    return list_documents(EVIDENCE, [request.public_id])


def list_payout_slips(request: DisbursementRequest) -> dict[str, list[Document]]:
    """The slips of the bank by the public id of their payment, oldest first."""
    slips: dict[str, list[Document]] = {payout.public_id: [] for payout in request.payouts}
    for document in list_documents(SLIP, slips):
        slips[document.subject_ref].append(document)
    return slips


def find_evidence(request: DisbursementRequest, document_id: str) -> Document | None:
    """The paper of this public id, when it is of the request."""
    papers = list_evidence(request)
    return next((paper for paper in papers if paper.public_id == document_id), None)
