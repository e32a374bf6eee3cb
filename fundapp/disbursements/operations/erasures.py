"""Erasing what a settled request says of people."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import db, lock
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import StillOpenError
from fundapp.disbursements.models import DisbursementRequest, ProofOfReceipt
from fundapp.disbursements.queries.requests import ERASED
from fundapp.disbursements.workflow import OPEN_STATES
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason
from fundapp.remarks.policy import may_erase
from fundapp.remarks.queries import list_remarks
from fundapp.trail.operations import record_event
from fundapp.trail.queries import list_events


def erase_request_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """Erase why help was asked for, the notes and names of its proofs of receipt, and the reasons
    of decisions; of a request that was never paid the payee and the account too.

    Amounts, children, fund, people who acted, hashes and digests stay; nobody reads the words for
    that. Raises ForbiddenError, UnknownRemarkError, StillOpenError, RemarkErasedError.
    """
    require(may_erase(actor))
    wanted = select(DisbursementRequest).where(DisbursementRequest.number == number)
    request = lock(wanted.options(lazyload("*")))
    if request is None:
        raise UnknownRemarkError(field="number")
    if request.status in OPEN_STATES:
        raise StillOpenError(field="number")
    events = list_events(SOURCE_TYPE, request.public_id)
    if any(event.action == ERASED for event in events):
        raise RemarkErasedError(field="number")
    _empty(request, "reason_encrypted")
    if not request.payouts:
        _empty(request, "payee_name_encrypted")
        request.payee_account_encrypted = None
    for proof in request.proofs:
        _empty(proof, "confirmed_by_encrypted")
        if proof.note_encrypted is not None:
            _empty(proof, "note_encrypted")
    for remark in list_remarks(SOURCE_TYPE, [request.public_id]):
        if remark.erased_at is None:
            remark.words_encrypted = None
            remark.erased_at, remark.erased_by, remark.erased_why = clock.now(), actor.ref, why
    record_event(
        ERASED,
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
        note=str(why),
    )
    db.session.flush()


def _empty(row: DisbursementRequest | ProofOfReceipt, column: str) -> None:
    """Put the empty text in the place of what the column holds, unread."""
    setattr(row, column, encrypt(type(row), column, row.id, ""))
