"""What happens to slips when money is booked or a booking is reversed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, or_, select

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.crypto import keyring
from fundapp.db import db, lock, lock_all
from fundapp.giving.models import Payment, PaymentStatus, Slip, SlipStatus
from fundapp.giving.slips.codes import SlipCode
from fundapp.giving.slips.policy import came_by_bank, choose_slip
from fundapp.trail.operations import record_event


def close_slips(payments: Sequence[Payment], actor: Actor) -> None:
    """Confirm of each payment that is now booked the slip that claimed it, if one waits; the caller
    holds the pledges' locks. A slip of a transfer that another slip was confirmed for keeps
    waiting: money that arrived is booked whatever slips say.
    """
    booked = [payment for payment in payments if payment.pledge_id and came_by_bank(payment)]
    if not booked:
        return
    pledge_ids = {payment.pledge_id for payment in booked}
    of_pledges = Slip.pledge_id.in_(pledge_ids), Slip.status == SlipStatus.WAITING
    waiting = list(db.session.scalars(select(Slip).where(*of_pledges)))
    if not waiting:
        return
    locked = lock_alike(waiting)
    used: set[int] = set()
    for payment in booked:
        own = [slip for slip in waiting if slip.pledge_id == payment.pledge_id]
        free = [slip for slip in own if is_free(slip, locked)]
        slip = choose_slip(free, {part.instalment_id for part in payment.allocations}, used)
        if slip is not None:
            used.add(slip.id)
            confirm(slip, payment, actor)


def digest_of(code: SlipCode | None) -> bytes | None:
    """The keyed hash of a code, which two slips of one transfer share."""
    text = f"{code.bank}\x1f{code.trans_ref}" if code else ""
    return keyring().lookup(text, "slips.code_digest") if code else None


def lock_alike(slips: Sequence[Slip]) -> list[Slip]:
    """These slips and all of the same transfers or files, locked in one order and read anew."""
    alike = or_(
        Slip.id.in_([slip.id for slip in slips]),
        Slip.code_digest.in_([slip.code_digest for slip in slips if slip.code_digest]),
        Slip.original_sha256.in_([slip.original_sha256 for slip in slips]),
    )
    return lock_all(select(Slip).where(alike).order_by(Slip.id))


def is_free(slip: Slip, others: Sequence[Slip]) -> bool:
    """Whether it waits, and no slip of the same transfer or file is confirmed."""
    return slip.status is SlipStatus.WAITING and not any(
        other.status is SlipStatus.CONFIRMED and is_alike(slip, other) for other in others
    )


def is_alike(slip: Slip, other: Slip | Row[*tuple[Any, ...]]) -> bool:
    """Whether two slips, or a slip and what was read of another, are of the same transfer, or the
    same file.
    """
    same_code = slip.code_digest is not None and slip.code_digest == other.code_digest
    return same_code or slip.original_sha256 == other.original_sha256


def confirm(slip: Slip, payment: Payment, actor: Actor) -> None:
    """Close a locked slip by the payment that it claimed."""
    slip.status, slip.payment_id = SlipStatus.CONFIRMED, payment.id
    slip.decided_by, slip.decided_at = actor.ref, clock.now()
    record(slip, "confirm", actor)
    db.session.flush()


def reopen_slip_of(payment: Payment, actor: Actor) -> None:
    """Let the slip of a payment that is reversed wait again."""
    slip = lock(select(Slip).where(Slip.payment_id == payment.id))
    if slip is not None and payment.status is PaymentStatus.REVERSED:
        reopen(slip, actor)


def reopen(slip: Slip, actor: Actor) -> None:
    """Let a locked slip wait again."""
    slip.status, slip.payment_id, slip.rejection = SlipStatus.WAITING, None, None
    slip.decided_by = slip.decided_at = None
    record(slip, "reopen", actor)
    db.session.flush()


def record(slip: Slip, verb: str, actor: Actor, note: str = "") -> None:
    """Write to the trail what was done to a slip."""
    record_event(
        f"giving:slip:{verb}",
        actor=actor,
        subject_type="slip",
        subject_ref=slip.public_id,
        note=note,
    )
