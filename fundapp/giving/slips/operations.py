"""Slips are sent by donors; the office rejects them, takes them up again, or names the payment."""

from sqlalchemy import ColumnElement, func, or_, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.encryption import encrypt
from fundapp.db import db, lock
from fundapp.documents.intake import Accepted
from fundapp.documents.operations import store_document
from fundapp.documents.policy import SLIP
from fundapp.errors import NotFoundError
from fundapp.giving import emails
from fundapp.giving.channels.queries import has_way
from fundapp.giving.errors import (
    SlipDecidedError,
    SlipNotNeededError,
    SlipsWaitError,
    SlipUsedError,
)
from fundapp.giving.locking import lock_payment, lock_pledge
from fundapp.giving.models import (
    PaymentStatus,
    Pledge,
    Slip,
    SlipRejection,
    SlipStatus,
)
from fundapp.giving.payment_instructions import payable_instalment
from fundapp.giving.slips.codes import SlipCode
from fundapp.giving.slips.policy import MOST_WAITING, may_decide_slip, may_send_slip
from fundapp.giving.slips.steps import confirm, digest_of, is_free, lock_alike, record, reopen
from fundapp.ids import new_id, new_public_id
from fundapp.mail.operations import queue_message


def send_slip(
    token: str, *, number: str, slip: Accepted, code: SlipCode | None, actor: Actor
) -> Slip:
    """Keep a slip of the transfer for the instalment ``number`` of a pledge, else its next one: a
    claim that the office compares with the bank. Nothing is booked.

    ``slip`` is the clean file, ``code`` what its QR code said. The same file, or another picture of
    the same transfer, sent again for the pledge is the slip that is there. Raises ForbiddenError,
    NotFoundError, SlipNotNeededError and SlipsWaitError.
    """
    require(may_send_slip(actor))
    pledge = lock_pledge(Pledge.token == token)
    digest = digest_of(code)
    known = _find_known(pledge, slip, digest)
    if known is not None:
        if known.original_sha256 == slip.original_sha256:
            _store(known.public_id, slip, actor)
        return known
    instalment = payable_instalment(pledge, number)
    if instalment is None:
        raise SlipNotNeededError(field="slip")
    _require_room(pledge)
    slip_id, public_id = new_id(), new_public_id()
    sent = Slip(
        id=slip_id,
        public_id=public_id,
        pledge_id=pledge.id,
        instalment_id=instalment.id,
        document_id=_store(public_id, slip, actor),
        original_sha256=slip.original_sha256,
        sending_bank=code.bank if code else None,
        trans_ref_encrypted=_encrypted(slip_id, code),
        code_digest=digest,
        status=SlipStatus.WAITING,
        sent_at=clock.now(),
    )
    db.session.add(sent)
    record(sent, "send", actor)
    db.session.flush()
    return sent


def reject_slip(public_id: str, rejection: SlipRejection, *, actor: Actor) -> Slip:
    """Say that no money came for a slip, and why; the donor reads it on the pledge's page and in
    a message.

    Raises ForbiddenError, NotFoundError and SlipDecidedError.
    """
    require(may_decide_slip(actor))
    slip = _lock_waiting(public_id)
    slip.status, slip.rejection = SlipStatus.REJECTED, rejection
    slip.decided_by, slip.decided_at = actor.ref, clock.now()
    record(slip, "reject", actor, note=rejection.value)
    if has_way(slip.pledge.donor):
        queue_message(emails.slip_rejected(slip), actor=actor)
    db.session.flush()
    return slip


def take_up_slip(public_id: str, *, actor: Actor) -> Slip:
    """Let a slip that was rejected by mistake wait again.

    Raises ForbiddenError, NotFoundError and SlipDecidedError.
    """
    require(may_decide_slip(actor))
    slip = _lock(public_id)
    if slip.status is not SlipStatus.REJECTED:
        raise SlipDecidedError
    reopen(slip, actor)
    return slip


def confirm_slip(public_id: str, payment_public_id: str, *, actor: Actor) -> Slip:
    """Say that a slip is of a payment that is booked: of the same pledge, and of no other slip.

    Raises ForbiddenError, NotFoundError, SlipDecidedError and SlipUsedError.
    """
    require(may_decide_slip(actor))
    # The payment first, as when it is reversed: then a slip is confirmed by one that counts.
    payment = lock_payment(payment_public_id)
    slip = _lock_waiting(public_id)
    alike = lock_alike([slip])
    if payment.pledge_id != slip.pledge_id:
        raise NotFoundError
    taken = select(Slip.id).where(Slip.payment_id == payment.id)
    is_counted = payment.status is PaymentStatus.RECEIVED
    if not is_counted or not is_free(slip, alike) or db.session.scalar(taken) is not None:
        raise SlipUsedError
    confirm(slip, payment, actor)
    return slip


def _encrypted(slip_id: int, code: SlipCode | None) -> bytes | None:
    return encrypt(Slip, "trans_ref_encrypted", slip_id, code.trans_ref) if code else None


def _store(public_id: str, slip: Accepted, actor: Actor) -> int:
    stored = store_document(slip, subject_type=SLIP, subject_ref=public_id, actor=actor)
    return stored.document.id


def _find_known(pledge: Pledge, slip: Accepted, digest: bytes | None) -> Slip | None:
    """The pledge's slip of the same file, or of the same transfer unless it was rejected."""
    alike: list[ColumnElement[bool]] = [Slip.original_sha256 == slip.original_sha256]
    if digest is not None:
        alike.append((Slip.code_digest == digest) & (Slip.status != SlipStatus.REJECTED))
    same = select(Slip).where(Slip.pledge_id == pledge.id, or_(*alike)).order_by(Slip.id)
    return db.session.scalars(same).first()


def _require_room(pledge: Pledge) -> None:
    of_donor = select(Pledge.id).where(Pledge.donor_id == pledge.donor_id)
    waiting = select(func.count()).where(
        Slip.pledge_id.in_(of_donor), Slip.status == SlipStatus.WAITING
    )
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise SlipsWaitError(field="slip")


def _lock_waiting(public_id: str) -> Slip:
    slip = _lock(public_id)
    if slip.status is not SlipStatus.WAITING:
        raise SlipDecidedError
    return slip


def _lock(public_id: str) -> Slip:
    slip = lock(select(Slip).where(Slip.public_id == public_id))
    if slip is None:
        raise NotFoundError
    return slip
