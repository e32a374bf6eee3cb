"""Pledges that are charged to a card: on the due date, with further tries, and a stop.

What is asked of the processor is stored before it is asked, as for a page on which a donor pays.
"""

from datetime import timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.giving import emails, policy
from fundapp.giving.allocation import next_open
from fundapp.giving.channels.queries import has_way
from fundapp.giving.gateways.values import PaymentFacts
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import Checkout, CheckoutStatus, Pledge, PledgeStatus, SavedCard
from fundapp.mail.operations import queue_message
from fundapp.trail.operations import record_event

#: Days until the next try after the first, second … refusal; after the last one it is stopped.
TRY_AGAIN_AFTER = (1, 3, 5)
#: For so long the same call may be made again with the same key.
_KEY_LIVES = timedelta(hours=23)


def keep_card(checkout: Checkout, facts: PaymentFacts, *, actor: Actor) -> None:
    """Charge the coming instalments of a pledge to the card with which the donor, who asked for it,
    has just paid; the latest card counts. What was charged by itself ends the tries. Raises
    ForbiddenError.
    """
    require(policy.may_book_card_payment(actor))
    card = _lock_card(checkout.pledge_id)
    if checkout.is_by_itself and card is not None:
        card.refusals, card.next_try_on = 0, None
        return
    if not (checkout.keeps_card and facts.customer_id and facts.card_id):
        return
    if card is not None and card.card_id == facts.card_id:
        return
    if card is None:
        card = SavedCard(pledge_id=checkout.pledge_id)
        db.session.add(card)
    card.customer_id, card.card_id = facts.customer_id, facts.card_id
    card.refusals, card.next_try_on, card.stopped_at = 0, None, None
    card.kept_at = clock.now()
    db.session.flush()
    _record("keep", checkout.pledge_id, actor)


def stop_card(token: str, *, actor: Actor) -> None:
    """Charge nothing more by itself; the pledge stays. Raises ForbiddenError, NotFoundError."""
    require(policy.may_change_pledge(actor))
    pledge = lock_pledge(Pledge.token == token)
    card = _lock_card(pledge.id)
    if card is None:
        raise NotFoundError
    if card.stopped_at is None:
        card.stopped_at = clock.now()
        db.session.flush()
        _record("stop", pledge.id, actor)


def begin_charge(pledge_id: int, *, actor: Actor) -> tuple[Checkout, SavedCard] | None:
    """The charge that is due of a pledge with a card, stored before it is asked for; None when
    nothing is. One without an answer comes again, with its key.

    Only what is due since the card was kept is charged, and nothing while the pledge is paused,
    cancelled, or its fund not open. Raises ForbiddenError, NotFoundError.
    """
    require(policy.may_book_card_payment(actor))
    pledge = lock_pledge(Pledge.id == pledge_id)
    card, today = _lock_card(pledge_id), clock.today()
    if card is None or card.stopped_at or (card.next_try_on and card.next_try_on > today):
        return None
    begun = lock(select(Checkout).where(Checkout.pledge_id == pledge_id, *_OPEN_CHARGE))
    if begun is not None and begun.made_at > clock.now() - _KEY_LIVES:
        return begun, card
    if begun is not None:
        # Had it been paid, the hourly look at the processor would have found it.
        begun.status = CheckoutStatus.EXPIRED
        db.session.flush()
    since = clock.local_day(card.kept_at)
    due = [row for row in pledge.instalments if since <= row.due_on <= today]
    instalment = next_open(due)
    if (
        pledge.status is not PledgeStatus.ACTIVE
        or not pledge.takes_gifts
        or instalment is None
        or not policy.may_be_paid_by_card(instalment, pledge)
    ):
        return None
    charge = Checkout(
        pledge_id=pledge_id,
        reference=instalment.reference,
        amount_satang=instalment.open_satang,
        is_by_itself=True,
        made_at=clock.now(),
    )
    db.session.add(charge)
    db.session.flush()
    return charge, card


def note_refusal(public_id: str, *, actor: Actor) -> None:
    """The card was refused: the next try is days later, after the last one it is stopped; the donor
    is told. Raises ForbiddenError, NotFoundError.
    """
    require(policy.may_book_card_payment(actor))
    charge = lock(select(Checkout).where(Checkout.public_id == public_id))
    card = _lock_card(charge.pledge_id) if charge is not None else None
    if charge is None or card is None:
        raise NotFoundError
    if charge.status is not CheckoutStatus.OPEN:
        return
    charge.status = CheckoutStatus.FAILED
    card.refusals += 1
    if card.refusals > len(TRY_AGAIN_AFTER):
        card.stopped_at, card.next_try_on = clock.now(), None
    else:
        card.next_try_on = clock.today() + timedelta(days=TRY_AGAIN_AFTER[card.refusals - 1])
    db.session.flush()
    _record("refuse", charge.pledge_id, actor)
    pledge = charge.pledge
    if has_way(pledge.donor):
        told = emails.card_refused(pledge, charge.amount_satang, card.next_try_on)
        queue_message(told, actor=actor)


_OPEN_CHARGE = (Checkout.is_by_itself, Checkout.status == CheckoutStatus.OPEN)


def _lock_card(pledge_id: int) -> SavedCard | None:
    return lock(select(SavedCard).where(SavedCard.pledge_id == pledge_id))


def _record(verb: str, pledge_id: int, actor: Actor) -> None:
    record_event(
        f"giving:card:{verb}", actor=actor, subject_type="pledge", subject_ref=str(pledge_id)
    )
