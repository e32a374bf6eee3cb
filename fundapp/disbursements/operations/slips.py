"""Slips of the bank that show a payment: filing and reading them."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.models import Purpose
from fundapp.children.reader import Reader
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import SlipMissingError
from fundapp.disbursements.locking import lock_request
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.policy import may_pay
from fundapp.disbursements.queries import get_request, list_payout_slips
from fundapp.disbursements.queries.evidence import SLIP
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.disbursements.reader import children_of, purpose_of
from fundapp.disbursements.steps import require_allowed
from fundapp.documents.intake import Accepted
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from fundapp.errors import NotFoundError
from fundapp.trail.operations import record_event


def file_payout_slip(
    public_id: str, slip: Accepted | None, *, version: int, actor: Actor
) -> DisbursementRequest:
    """File a slip of the bank with the payment of the request that stands, as whoever may pay. The
    same slip again changes nothing.

    Raises NotFoundError, also when nothing is paid, StaleError, ThreePeopleError, NotYoursError,
    SlipMissingError.
    """
    request, actor = lock_request(public_id, version=version, actor=actor)
    require_allowed(may_pay(actor, request), actor, request)
    if request.payout is None:
        raise NotFoundError
    if slip is None:
        raise SlipMissingError(field="slip")
    store_document(slip, subject_type=SLIP, subject_ref=request.payout.public_id, actor=actor)
    _record("file", request, actor)
    return request


def read_payout_slip(public_id: str, document_id: str, *, actor: Actor) -> tuple[Document, bytes]:
    """A slip of a payment of the request and its bytes; NotFoundError when there is none of that
    public id, or papers may not be shown to the actor.
    """
    request = get_request(public_id, viewer=actor)
    parts = shown_parts(actor, request, clock.today())
    slips = [slip for several in list_payout_slips(request).values() for slip in several]
    found = next((slip for slip in slips if slip.public_id == document_id), None)
    if found is None or not parts.receipt:
        raise NotFoundError
    reader = Reader(actor, purpose_of(parts, Purpose.PROOF))
    content = reader.document(found, about=children_of(request))
    _record("open", request, actor)
    return found, content


def _record(verb: str, request: DisbursementRequest, actor: Actor) -> None:
    record_event(
        f"disbursements:slip:{verb}",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
    )
