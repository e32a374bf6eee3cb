"""Erasing what a settled request says of people."""

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import db, lock
from fundapp.disbursements.encryption import payee_digest
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import StillOpenError
from fundapp.disbursements.models import (
    DisbursementRequest,
    ProofOfReceipt,
    ReceiptConfirmation,
    RequestPayee,
)
from fundapp.disbursements.queries import list_evidence
from fundapp.disbursements.queries.erasures import ERASED, written_of
from fundapp.disbursements.workflow import OPEN_STATES
from fundapp.markers import N_
from fundapp.remarks.erasers import BACKUPS, Erasure
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason, Remark
from fundapp.remarks.policy import may_erase
from fundapp.remarks.queries import list_remarks
from fundapp.remarks.steps import erase_remark
from fundapp.trail.operations import record_event
from fundapp.trail.queries import list_events

#: What goes.
WHY = N_("Why help was asked for")
PAYEE = N_("The payee and the account, as nothing was paid")
PAYEE_REASON = N_("Why somebody else took the money")
PAYEE_IDENTITY = N_("The payee's address and identity number")
CONFIRMERS = N_("Who confirmed the receipt")
NOTES = N_("Notes on the receipt")
REASONS = N_("Reasons of decisions and of cancelling")
#: What stays.
FACTS = N_(
    "The amounts, the fund, the codes of the children, who acted when, "
    "the codes and digests of the reasons"
)
PAID_PAYEE = N_("The payee and the account, because the money was paid")
PAPERS = N_("The signed papers of the receipt, which are encrypted")
EVIDENCE_PAPERS = N_("The papers that show why help was asked for, which are encrypted")


def plan_erasure(number: str, *, actor: Actor) -> Erasure:
    """What `erase_request_words` would erase of the request with this number, and what would stay.

    Nothing is decrypted. Raises as it does.
    """
    require(may_erase(actor))
    request = _checked(db.session.scalar(_request_with(number)))
    notes = sum(each.note_encrypted is not None for each in _answers(request))
    papers = sum(proof.document_id is not None for proof in request.proofs)
    goes = [
        (WHY, 1),
        (PAYEE, int(not request.payouts)),
        (CONFIRMERS, len(request.proofs)),
        (PAYEE_REASON, int(request.payee is not None and bool(request.payee.why_encrypted))),
        (PAYEE_IDENTITY, int(_has_identity(request))),
        (NOTES, notes),
        (REASONS, len(_remarks_to_erase(request))),
    ]
    stays = [
        FACTS,
        *[PAID_PAYEE] * bool(request.payouts),
        *[PAPERS] * bool(papers),
        *[EVIDENCE_PAPERS] * bool(list_evidence(request)),
        BACKUPS,
    ]
    return Erasure(written_of(request), tuple(each for each in goes if each[1]), tuple(stays))


def erase_request_words(number: str, *, why: ErasureReason, actor: Actor) -> None:
    """Erase why help was asked for, the notes and names of its proofs of receipt, the payee's
    address and identity number, and the reasons of decisions; of a request that was never paid the
    payee and the account too.

    Amounts, codes of children, fund, people who acted, signed papers, hashes and digests stay;
    nobody reads the words for that. Raises ForbiddenError, UnknownRemarkError, StillOpenError,
    RemarkErasedError.
    """
    require(may_erase(actor))
    request = _checked(lock(_request_with(number)))
    _empty(request, "reason_encrypted")
    if not request.payouts:
        _empty(request, "payee_name_encrypted")
        request.payee_account_encrypted = None
        db.session.merge(payee_digest(request.id, "", None))
    if request.payee is not None and request.payee.why_encrypted is not None:
        _empty(request.payee, "why_encrypted")
    if request.payee is not None:
        request.payee.address_encrypted = request.payee.id_number_encrypted = None
    for proof in request.proofs:
        _empty(proof, "confirmed_by_encrypted")
    for answer in _answers(request):
        if answer.note_encrypted is not None:
            _empty(answer, "note_encrypted")
    for remark in _remarks_to_erase(request):
        erase_remark(remark, why=why, actor=actor)
    record_event(
        ERASED,
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
        note=str(why),
    )
    db.session.flush()


def _request_with(number: str) -> Select[DisbursementRequest]:
    wanted = select(DisbursementRequest).where(DisbursementRequest.number == number)
    return wanted.options(lazyload("*"))


def _checked(request: DisbursementRequest | None) -> DisbursementRequest:
    """The request, when there is one that is settled and whose words have not been erased."""
    if request is None:
        raise UnknownRemarkError(field="number")
    if request.status in OPEN_STATES:
        raise StillOpenError(field="number")
    events = list_events(SOURCE_TYPE, request.public_id)
    if any(event.action == ERASED for event in events):
        raise RemarkErasedError(field="number")
    return request


def _remarks_to_erase(request: DisbursementRequest) -> list[Remark]:
    remarks = list_remarks(SOURCE_TYPE, [request.public_id])
    return [remark for remark in remarks if remark.erased_at is None]


def _has_identity(request: DisbursementRequest) -> bool:
    payee = request.payee
    return payee is not None and bool(payee.address_encrypted or payee.id_number_encrypted)


def _answers(request: DisbursementRequest) -> list[ProofOfReceipt | ReceiptConfirmation]:
    """What was said of the money, on paper and by link."""
    return [*request.proofs, *request.confirmations]


def _empty(
    row: DisbursementRequest | RequestPayee | ProofOfReceipt | ReceiptConfirmation, column: str
) -> None:
    """Put the empty text in the place of what the column holds, unread."""
    setattr(row, column, encrypt(type(row), column, row.id, ""))
