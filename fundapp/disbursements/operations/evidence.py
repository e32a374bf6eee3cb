"""Papers that show why help is asked for: kept with the request, and read by whoever decides.

They come with the request, and with each time that it is sent in again; at no other time, so what
an approver was shown is what there is.
"""

from collections.abc import Sequence

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.queries import find_evidence, get_request
from fundapp.disbursements.queries.evidence import EVIDENCE
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.disbursements.reader import children_of, purpose_of
from fundapp.documents.intake import Accepted
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from fundapp.errors import NotFoundError
from fundapp.trail.operations import record_event


def keep_evidence(
    request: DisbursementRequest, papers: Sequence[Accepted], *, actor: Actor
) -> None:
    """Keep the papers with the request, which the caller sends in; the same paper is kept once."""
    for paper in papers:
        store_document(paper, subject_type=EVIDENCE, subject_ref=request.public_id, actor=actor)


def read_evidence(public_id: str, document_id: str, *, actor: Actor) -> tuple[Document, bytes]:
    """A paper of the request and its bytes; NotFoundError when there is none of that public id, or
    why help is needed may not be shown to the actor.
    """
    request = get_request(public_id, viewer=actor)
    parts = shown_parts(actor, request, clock.today())
    document = find_evidence(request, document_id)
    if document is None or not parts.reason:
        raise NotFoundError
    reader = Reader(actor, purpose_of(parts, Purpose.REQUEST))
    content = reader.document(document, about=children_of(request))
    record_event(
        "disbursements:evidence:open",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
    )
    return document, content
