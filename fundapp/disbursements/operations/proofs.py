"""Proofs of receipt: filing what the payee says, and reading the signed papers."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.disbursements.encryption import encrypt_proof_of_receipt
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import NoteMissingError, ReceiptDayError, SignedPaperMissingError
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import DisbursementRequest, ProofOfReceipt, ReceiptOutcome
from fundapp.disbursements.policy import may_file_proof_of_receipt
from fundapp.disbursements.queries import get_request
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.disbursements.reader import children_of, document_of, purpose_of
from fundapp.disbursements.steps import move_on, require_action, require_allowed
from fundapp.disbursements.workflow import action_of_outcome
from fundapp.documents.intake import Accepted
from fundapp.documents.models import Document
from fundapp.documents.operations import StoredDocument, store_document
from fundapp.documents.queries import find_same_document
from fundapp.errors import NotFoundError, StaleError, require_readable_name
from fundapp.identity.queries import current_authority
from fundapp.ids import new_id
from fundapp.trail.operations import record_event


def file_proof_of_receipt(
    public_id: str,
    *,
    outcome: ReceiptOutcome,
    confirmed_on: date,
    confirmed_by: str,
    note: str = "",
    document: Accepted | None = None,
    version: int,
    actor: Actor,
) -> ProofOfReceipt:
    """File what the guardian or school says of the money; "received" settles the request, now or
    later. Neither who asked nor who paid files it.

    ``document`` is the signed paper, clean, without which nothing counts as received. A form that
    is sent again with its paper gives the proof that was filed the first time; a file that was lost
    since is written again.
    Raises NotFoundError, StaleError, ThreePeopleError, NotYoursError, ReceiptDayError,
    NoteMissingError, SignedPaperMissingError, UnreadableNameError.
    """
    try:
        request, actor = lock_request(public_id, version=version, actor=actor)
    except StaleError:
        filed = _find_filed(public_id, outcome, confirmed_on, document, actor)
        if filed is None:
            raise
        return filed
    status = require_action(request, action_of_outcome(outcome))
    require_allowed(may_file_proof_of_receipt(actor, request), actor, request)
    if not request.payouts[-1].paid_on <= confirmed_on <= clock.today():
        raise ReceiptDayError(field="confirmed_on")
    if outcome is not ReceiptOutcome.RECEIVED and not note:
        raise NoteMissingError(field="note")
    if outcome is ReceiptOutcome.RECEIVED and document is None:
        raise SignedPaperMissingError(field="document")
    require_readable_name(confirmed_by, field="confirmed_by")
    proof = ProofOfReceipt(
        id=new_id(),
        outcome=outcome,
        confirmed_on=confirmed_on,
        document_id=_store(document, request, actor).document.id if document else None,
        filed_by_id=actor.person_id,
        filed_at=clock.now(),
    )
    encrypt_proof_of_receipt(proof, confirmed_by, note)
    request.proofs.append(proof)
    move_on(request, status, verb="prove", actor=actor, note=str(outcome))
    return proof


def read_signed_paper(public_id: str, document_id: str, *, actor: Actor) -> tuple[Document, bytes]:
    """A signed paper of the request and its bytes; NotFoundError when there is none of that public
    id, or papers may not be shown to the actor.
    """
    request = get_request(public_id, viewer=actor)
    parts = shown_parts(actor, request, clock.today())
    if not parts.receipt:
        raise NotFoundError
    document = _find_paper(request, document_id)
    if document is None:
        raise NotFoundError
    purpose = purpose_of(parts, Purpose.PROOF)
    content = Reader(actor, purpose).document(document, about=children_of(request))
    _record("disbursements:proof:open", request, actor)
    return document, content


def _record(action: str, request: DisbursementRequest, actor: Actor) -> None:
    record_event(action, actor=actor, subject_type=SOURCE_TYPE, subject_ref=request.public_id)


def _find_paper(request: DisbursementRequest, document_id: str) -> Document | None:
    papers = [document for proof in request.proofs if (document := document_of(proof))]
    return next((paper for paper in papers if paper.public_id == document_id), None)


def _store(paper: Accepted, request: DisbursementRequest, actor: Actor) -> StoredDocument:
    return store_document(
        paper, subject_type=SOURCE_TYPE, subject_ref=request.public_id, actor=actor
    )


def _find_filed(
    public_id: str,
    outcome: ReceiptOutcome,
    confirmed_on: date,
    paper: Accepted | None,
    actor: Actor,
) -> ProofOfReceipt | None:
    """The actor's own proof that says the same with the same paper, whose file is then intact; or
    None.
    """
    actor = current_authority(actor)
    request = get_request(public_id, viewer=actor)
    if paper is None or not may_file_proof_of_receipt(actor, request):
        return None
    same = find_same_document(SOURCE_TYPE, public_id, paper.original_sha256)
    said = (outcome, confirmed_on, actor.person_id, same.id if same else 0)
    for proof in request.proofs:
        if said == (proof.outcome, proof.confirmed_on, proof.filed_by_id, proof.document_id):
            if _store(paper, request, actor).is_written:
                _record("disbursements:proof:restore", request, actor)
            return proof
    return None
