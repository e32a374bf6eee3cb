"""Donors are sent to the card processor, and its notices are kept."""

from datetime import timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, insert_if_new, lock
from fundapp.errors import NotFoundError
from fundapp.giving import policy
from fundapp.giving.errors import CardAmountError, NothingToPayError
from fundapp.giving.gateways.values import Notice
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import (
    Checkout,
    CheckoutOrigin,
    CheckoutStatus,
    HandledNotice,
    Pledge,
    ProcessorNotice,
)
from fundapp.giving.payment_instructions import payable_instalment
from fundapp.giving.steps import forget_origin
from fundapp.trail.operations import record_event

#: For so long a page at the processor takes money; it allows 24 hours.
OPEN_FOR = timedelta(hours=23)
#: Younger than this it is offered again.
_OFFERED_FOR = timedelta(hours=20)


def begin_checkout(
    token: str, number: str, *, keeps_card: bool = False, origin: str = "", actor: Actor
) -> Checkout:
    """A page of the processor that is to be made for the instalment ``number`` of a pledge: the one
    of before while it can still be paid, else a new one. With ``keeps_card`` the coming instalments
    are charged to the card on their due dates. ``origin`` is a keyed hash of where it is asked for.

    Raises ForbiddenError, NotFoundError, NothingToPayError, CardAmountError.
    """
    require(policy.may_change_pledge(actor))
    pledge = lock_pledge(Pledge.token == token)
    instalment = payable_instalment(pledge, number)
    if instalment is None or not policy.takes_cards(pledge):
        raise NothingToPayError
    satang = instalment.open_satang
    if not policy.LEAST_BY_CARD <= satang <= policy.MOST_BY_CARD:
        raise CardAmountError
    same = (
        Checkout.pledge_id == pledge.id,
        Checkout.reference == instalment.reference,
        Checkout.amount_satang == satang,
        Checkout.status == CheckoutStatus.OPEN,
        Checkout.keeps_card == keeps_card,
        ~Checkout.is_by_itself,
        Checkout.made_at > clock.now() - _OFFERED_FOR,
    )
    known = db.session.scalars(select(Checkout).where(*same).limit(1)).first()
    if known is not None:
        _note_origin(known, origin)
        return known
    checkout = Checkout(
        pledge_id=pledge.id,
        reference=instalment.reference,
        amount_satang=satang,
        keeps_card=keeps_card,
        made_at=clock.now(),
    )
    db.session.add(checkout)
    db.session.flush()
    _note_origin(checkout, origin)
    record_event(
        "giving:checkout:begin", actor=actor, subject_type="pledge", subject_ref=str(pledge.id)
    )
    return checkout


def _note_origin(checkout: Checkout, origin: str) -> None:
    """Keep who asked last; it is who can type cards there now."""
    if origin:
        db.session.merge(CheckoutOrigin(checkout_id=checkout.id, origin=origin))
        db.session.flush()


def note_session(public_id: str, session_id: str, *, actor: Actor) -> None:
    """Keep which page the processor made. Raises ForbiddenError, NotFoundError."""
    require(policy.may_change_pledge(actor))
    checkout = lock(select(Checkout).where(Checkout.public_id == public_id))
    if checkout is None:
        raise NotFoundError
    checkout.session_id = session_id
    db.session.flush()


def end_checkout(session_id: str, *, actor: Actor) -> None:
    """Note that nobody can pay a page any more; one that was paid, or is not ours, stays as it is.
    Raises ForbiddenError.
    """
    require(policy.may_book_card_payment(actor))
    checkout = lock(select(Checkout).where(Checkout.session_id == session_id))
    if checkout is not None and checkout.status is CheckoutStatus.OPEN:
        checkout.status = CheckoutStatus.EXPIRED
        forget_origin(checkout)
        db.session.flush()


def store_notice(notice: Notice, body_sha256: str, *, actor: Actor) -> bool:
    """Keep a notice before anything is done with it; the same one again changes nothing. Whether
    what it tells is still to be booked. Raises ForbiddenError.
    """
    require(policy.may_book_card_payment(actor))
    if db.session.get(ProcessorNotice, notice.notice_id) is None:
        insert_if_new(
            ProcessorNotice,
            notice_id=notice.notice_id,
            kind=notice.kind,
            subject=notice.subject,
            happened_at=notice.happened_at,
            received_at=clock.now(),
            body_sha256=body_sha256,
        )
    return db.session.get(HandledNotice, notice.notice_id) is None


def mark_handled(notice_id: str, *, actor: Actor) -> bool:
    """Note that all of which a notice told is booked; whether nobody had noted it before. Raises
    ForbiddenError.
    """
    require(policy.may_book_card_payment(actor))
    is_new = db.session.get(HandledNotice, notice_id) is None
    if is_new:
        insert_if_new(HandledNotice, notice_id=notice_id, handled_at=clock.now())
    return is_new
