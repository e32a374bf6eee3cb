"""What is asked of the card processor, outside of any transaction, and then booked in one.

A notice only says where to look: what happened is asked of the processor, so notices may come late,
twice, out of order or not at all.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from fundapp import clock
from fundapp.access.actors import CARD_PROCESSOR, Actor
from fundapp.db import unit_of_work
from fundapp.errors import DomainError, NotFoundError, RuleError
from fundapp.giving import operations, queries
from fundapp.giving.gateways.values import (
    CardGateway,
    ChargeOrder,
    CheckoutOrder,
    CheckoutPage,
    ProcessorAwayError,
)
from fundapp.giving.labels import checkout_title

logger = logging.getLogger(__name__)
#: How many notices a round handles at most.
MOST_AT_ONCE = 200
#: By so much our clock may be behind that of the processor.
_STORED_BEFORE = timedelta(hours=1)
#: How often the browser that came back from the processor may find its page changed meanwhile.
_ANEW = 3


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the processor sends the donor's browser back to; the first says which page it was."""

    paid: str
    left: str


@dataclass(frozen=True, slots=True)
class Handled:
    """How many notices are booked, and how many wait because they could not be."""

    booked: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Charged:
    """How many instalments were charged to a card, and how many cards were refused."""

    paid: int = 0
    refused: int = 0


def send_to_processor(
    gateway: CardGateway,
    token: str,
    number: str,
    addresses: Addresses,
    *,
    actor: Actor,
    keeps_card: bool = False,
    origin: str = "",
) -> tuple[str, RuleError | None]:
    """The address at the processor where an instalment is paid. The key of the call is stored
    before it is made: whoever asks again gets the same page, as long as it can be paid.

    What a rule refuses is the second value. Raises ForbiddenError, NotFoundError.
    """
    try:
        begin = partial(
            _begin, token, number, addresses, actor, keeps_card=keeps_card, origin=origin
        )
        return _page_for(gateway, begin, actor), None
    except RuleError as error:
        return "", error


def _page_for(
    gateway: CardGateway, begin: Callable[[], tuple[CheckoutOrder, str | None]], actor: Actor
) -> str:
    for _time in range(_ANEW):
        order, session_id = unit_of_work(begin)
        if session_id is None:
            page = gateway.open_checkout(order)
            unit_of_work(operations.note_session, order.ref, page.session_id, actor=actor)
        else:
            page = gateway.find_checkout(session_id)
        if page.is_open:
            return page.url
        _book_page(gateway, page)
    raise ProcessorAwayError


def _begin(
    token: str, number: str, addresses: Addresses, actor: Actor, *, keeps_card: bool, origin: str
) -> tuple[CheckoutOrder, str | None]:
    """What is asked of the processor, and the page that it made before."""
    checkout = operations.begin_checkout(
        token, number, keeps_card=keeps_card, origin=origin, actor=actor
    )
    order = CheckoutOrder(
        ref=checkout.public_id,
        key=checkout.idempotency_key,
        amount_satang=checkout.amount_satang,
        # In the pledge's language: with the same key everything must be the same.
        title=checkout_title(checkout.pledge.locale),
        email=checkout.pledge.donor.email,
        locale=checkout.pledge.locale,
        return_url=addresses.paid,
        cancel_url=addresses.left,
        expires_at=checkout.made_at + operations.OPEN_FOR,
        keeps_card=keeps_card,
    )
    return order, checkout.session_id


def charge_due(gateway: CardGateway) -> Charged:
    """Charge the instalments that are due to the cards that were kept for them.

    Ends early when the processor is away: the same calls are made again, with their keys.
    """
    paid = refused = 0
    for pledge_id in unit_of_work(queries.list_pledges_to_charge, clock.today()):
        order = unit_of_work(_begin_charge, pledge_id)
        if order is None:
            continue
        try:
            intent_id = gateway.charge_card(order)
        except ProcessorAwayError as error:
            logger.warning("the charge %s: %s", order.ref, error)
            break
        if intent_id is None:
            unit_of_work(operations.note_refusal, order.ref, actor=CARD_PROCESSOR)
            refused += 1
        else:
            paid += _try_to_book(gateway, intent_id)
    return Charged(paid, refused)


def send_refunds(gateway: CardGateway) -> None:
    """Ask the processor for the refunds that two people ordered, and book what it says."""
    for call in unit_of_work(queries.list_refund_calls):
        try:
            is_taken = gateway.refund(call)
        except ProcessorAwayError as error:
            logger.warning("the refund %s: %s", call.ref, error)
            break
        if is_taken:
            _try_to_book(gateway, call.intent_id)
        else:
            unit_of_work(operations.refuse_refund, call.ref, actor=CARD_PROCESSOR)


def _begin_charge(pledge_id: int) -> ChargeOrder | None:
    begun = operations.begin_charge(pledge_id, actor=CARD_PROCESSOR)
    if begun is None:
        return None
    charge, card = begun
    return ChargeOrder(
        ref=charge.public_id,
        key=charge.idempotency_key,
        amount_satang=charge.amount_satang,
        customer_id=card.customer_id,
        card_id=card.card_id,
    )


def take_back(gateway: CardGateway, token: str, session_id: str) -> bool:
    """Book at once what the donor paid who comes back from the processor; whether it is known to be
    paid.

    The notice may come before, after or at the same time. NotFoundError for a page of another
    pledge.
    """
    if not unit_of_work(queries.is_checkout_of, session_id, token):
        raise NotFoundError
    try:
        return _book_page(gateway, gateway.find_checkout(session_id))
    except ProcessorAwayError:
        return False


def take_notice(gateway: CardGateway, body: bytes, signature: str) -> str:
    """Keep a notice, and then book of what it tells. It is kept when this returns, even if it could
    not be booked: the worker tries again. When it tells, for the first time, that a payment failed,
    what comes back is the ref of its page, else nothing. Raises NoticeRefusedError.
    """
    notice = gateway.read_notice(body, signature)
    digest = hashlib.sha256(body).hexdigest()
    if unit_of_work(operations.store_notice, notice, digest, actor=CARD_PROCESSOR):
        is_first = _handle(gateway, notice.notice_id, notice.subject)
        return notice.failed_ref if is_first else ""
    return ""


def close_page(gateway: CardGateway, session_id: str) -> None:
    """Let nobody try cards on a page any more; while the processor is away it stays open."""
    try:
        gateway.close_checkout(session_id)
        _book_page(gateway, gateway.find_checkout(session_id))
    except ProcessorAwayError as error:
        logger.warning("the page %s cannot be closed: %s", session_id, error)


def handle_waiting(gateway: CardGateway) -> Handled:
    """Book of what the notices tell that wait, the oldest first."""
    return handle(gateway, unit_of_work(queries.list_waiting_notices, MOST_AT_ONCE))


def handle(gateway: CardGateway, notices: Iterable[tuple[str, str]]) -> Handled:
    """Book of what notices tell, given by id and subject; of each subject once."""
    done: dict[str, bool] = {}
    booked = waiting = 0
    for notice_id, subject in notices:
        if subject not in done:
            done[subject] = _try_to_book(gateway, subject)
        if done[subject]:
            unit_of_work(operations.mark_handled, notice_id, actor=CARD_PROCESSOR)
        booked, waiting = booked + done[subject], waiting + (not done[subject])
    return Handled(booked, waiting)


def reconcile(gateway: CardGateway, since: datetime) -> Handled:
    """Ask for every notice since then and keep those that never arrived; look at every page that is
    still open; book all that is not booked. Raises ProcessorAwayError.
    """
    told = {notice.notice_id: notice for notice in gateway.list_notices(since)}
    known = unit_of_work(queries.list_notice_ids, since - _STORED_BEFORE)
    for notice_id in told.keys() - known:
        unit_of_work(operations.store_notice, told[notice_id], "", actor=CARD_PROCESSOR)
    long_ago = clock.now() - timedelta(minutes=10)
    for session_id in unit_of_work(queries.list_open_sessions, long_ago):
        _try_to_book(gateway, session_id)
    return handle_waiting(gateway)


def _handle(gateway: CardGateway, notice_id: str, subject: str) -> bool:
    """Whether it is booked, and was not before."""
    return _try_to_book(gateway, subject) and unit_of_work(
        operations.mark_handled, notice_id, actor=CARD_PROCESSOR
    )


def _try_to_book(gateway: CardGateway, subject: str) -> bool:
    """Whether all is booked that the processor says of ``subject``; why not is in the log."""
    try:
        _book(gateway, subject)
    except DomainError as error:
        logger.warning("of %s at the card processor: %s", subject, error)
        return False
    except Exception:
        # The notice is kept, and the worker comes back to it.
        logger.exception("what happened to %s at the card processor is not booked", subject)
        return False
    return True


def _book(gateway: CardGateway, subject: str) -> None:
    if not subject:
        return
    if gateway.is_page(subject):
        _book_page(gateway, gateway.find_checkout(subject))
    elif gateway.is_payout(subject):
        _book_payout(gateway, subject)
    else:
        _book_payment(gateway, subject)


def _book_page(gateway: CardGateway, page: CheckoutPage) -> bool:
    if page.is_expired:
        unit_of_work(operations.end_checkout, page.session_id, actor=CARD_PROCESSOR)
    return page.intent_id is not None and _book_payment(gateway, page.intent_id)


def _book_payment(gateway: CardGateway, intent_id: str) -> bool:
    facts = gateway.find_payment(intent_id)
    unit_of_work(operations.book_card_payment, facts, actor=CARD_PROCESSOR)
    return facts.is_paid


def _book_payout(gateway: CardGateway, payout_id: str) -> None:
    """Its payments first: their notices may not have come yet."""
    facts = gateway.find_payout(payout_id)
    ids = [item.movement_id for item in facts.items]
    known = unit_of_work(queries.known_movements, ids)
    missing = (each for each in facts.items if each.movement_id not in known and each.intent_id)
    for intent_id in dict.fromkeys(item.intent_id for item in missing if item.intent_id):
        _book_payment(gateway, intent_id)
    unit_of_work(operations.book_card_payout, facts, actor=CARD_PROCESSOR)
