"""The link on a voucher: printing it, and answering by it without an account."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import db, lock
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import (
    NoteMissingError,
    NotPaidYetError,
    ReceiptLinkOverError,
)
from fundapp.disbursements.models import (
    DisbursementRequest,
    ReceiptConfirmation,
    ReceiptLink,
    ReceiptOutcome,
)
from fundapp.disbursements.operations.files import read_voucher
from fundapp.disbursements.policy import may_confirm_by_link, may_print_receipt_link
from fundapp.disbursements.queries.confirmations import get_receipt_link
from fundapp.disbursements.reader import RequestFile
from fundapp.disbursements.steps import (
    end_receipt_link,
    move_on,
    require_action,
    require_allowed,
)
from fundapp.disbursements.workflow import action_of_outcome
from fundapp.identity.credentials import new_token, token_hash
from fundapp.identity.queries import current_authority
from fundapp.trail.operations import record_event

#: How long a guardian or school can answer.
LASTS = timedelta(days=90)


def print_receipt_link(public_id: str, *, actor: Actor) -> tuple[RequestFile, str]:
    """The voucher and the token of a new link for it, which is shown this once; the link of an
    earlier print ends.

    Raises NotFoundError, ThreePeopleError for who asked, NotYoursError.
    """
    file = read_voucher(public_id, actor=actor)
    request = _lock(file.request.id)
    require_allowed(may_print_receipt_link(current_authority(actor), request), actor, request)
    now, token = clock.now(), new_token()
    end_receipt_link(request)
    link = ReceiptLink(
        request_id=request.id,
        requested_by_id=request.requested_by_id,
        token_sha256=token_hash(token),
        printed_by_id=actor.person_id,
        printed_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(link)
    record_event(
        "disbursements:request:print-link",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=request.public_id,
    )
    db.session.flush()
    return file, token


def confirm_by_link(
    token: str, *, outcome: ReceiptOutcome, note: str = "", actor: Actor
) -> ReceiptConfirmation:
    """What the holder of the link says of the money; the link ends with it. "Received" settles the
    request, anything else keeps it open.

    Raises ForbiddenError, NotFoundError, ReceiptLinkOverError, NotPaidYetError, WrongStateError,
    NoteMissingError.
    """
    require(may_confirm_by_link(actor))
    link = get_receipt_link(token)
    request = _lock(link.request_id)
    db.session.refresh(link)
    now = clock.now()
    if not link.is_open(now):
        raise ReceiptLinkOverError
    if request.payout is None:
        raise NotPaidYetError
    status = require_action(request, action_of_outcome(outcome))
    if outcome is not ReceiptOutcome.RECEIVED and not note:
        raise NoteMissingError(field="note")
    confirmation = ReceiptConfirmation(id=link.id, outcome=outcome, confirmed_at=now)
    if note:
        confirmation.note_encrypted = encrypt(ReceiptConfirmation, "note_encrypted", link.id, note)
    request.confirmations.append(confirmation)
    db.session.flush()
    link.ended_at = now
    move_on(request, status, verb="answer", actor=actor, note=str(outcome))
    return confirmation


def _lock(request_id: int) -> DisbursementRequest:
    """The request, locked and read again."""
    wanted = select(DisbursementRequest).where(DisbursementRequest.id == request_id)
    request = lock(wanted.options(lazyload("*")))
    if request is None:
        raise LookupError(f"no request {request_id}")
    db.session.expire(request, ("payouts", "confirmations"))
    return request
