"""Reading what is known of the card processor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.gateways.values import RefundCall
from fundapp.giving.models import (
    Checkout,
    CheckoutOrigin,
    CheckoutStatus,
    Donor,
    HandledNotice,
    Instalment,
    MovementKind,
    Payment,
    Pledge,
    ProcessorMovement,
    ProcessorNotice,
    ProcessorPayout,
    RefundOrder,
    RefundStatus,
    SavedCard,
)
from fundapp.giving.policy import refund_subject

#: How many rows a list shows.
_MOST = 50


@dataclass(frozen=True, slots=True)
class CardPayout:
    """A payout with what it is made of, in satang: charges − fees − refunds − disputes."""

    payout_id: str
    arrives_on: date
    amount_satang: int
    charges_satang: int
    fees_satang: int
    refunds_satang: int
    disputes_satang: int
    #: Of each fund, by code: what it gets, or gives when less than 0.
    funds: dict[str, int]
    movements: Sequence[ProcessorMovement]

    @property
    def adds_up(self) -> bool:
        """Whether its parts are what was paid out."""
        taken = self.fees_satang + self.refunds_satang + self.disputes_satang
        return self.charges_satang - taken == self.amount_satang


def is_checkout_of(session_id: str, token: str) -> bool:
    """Whether the page of the processor was made for this pledge."""
    asked = (
        exists()
        .where(Checkout.session_id == session_id)
        .where(Checkout.pledge_id == Pledge.id, Pledge.token == token)
    )
    return bool(db.session.scalar(select(asked)))


def find_origin(ref: str) -> tuple[str, str | None]:
    """From where a page was asked for, and its id at the processor; empty when it is over."""
    found = (
        select(CheckoutOrigin.origin, Checkout.session_id)
        .join(Checkout, Checkout.id == CheckoutOrigin.checkout_id)
        .where(Checkout.public_id == ref)
    )
    row = db.session.execute(found).one_or_none()
    return (row.origin, row.session_id) if row else ("", None)


def list_waiting_notices(most: int) -> list[tuple[str, str]]:
    """Ids and subjects of notices that are not booked, the oldest first."""
    return _notices(~_HANDLED, most)


def list_notices(since: datetime) -> list[tuple[str, str]]:
    """Ids and subjects of all notices received since then."""
    return _notices(ProcessorNotice.received_at >= since, None)


_HANDLED = exists().where(HandledNotice.notice_id == ProcessorNotice.notice_id)


def _notices(condition: object, most: int | None) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(ProcessorNotice.notice_id, ProcessorNotice.subject)
        .where(condition)  # type: ignore[arg-type]
        .order_by(ProcessorNotice.received_at, ProcessorNotice.notice_id)
        .limit(most)
    )
    return [(row.notice_id, row.subject) for row in rows]


def list_notice_ids(since: datetime) -> set[str]:
    """The notices that were received since then."""
    found = select(ProcessorNotice.notice_id).where(ProcessorNotice.received_at >= since)
    return set(db.session.scalars(found))


def list_open_sessions(made_before: datetime) -> list[str]:
    """Pages of the processor that may still be paid, the oldest first."""
    found = (
        select(Checkout.session_id)
        .where(
            Checkout.status == CheckoutStatus.OPEN,
            Checkout.made_at < made_before,
            Checkout.session_id.is_not(None),
        )
        .order_by(Checkout.made_at)
        .limit(1000)
    )
    return [each for each in db.session.scalars(found) if each is not None]


def list_pledges_to_charge(today: date) -> list[int]:
    """Pledges with a card that is charged by itself and is not to wait for a later day."""
    found = select(SavedCard.pledge_id).where(
        SavedCard.stopped_at.is_(None),
        SavedCard.next_try_on.is_(None) | (SavedCard.next_try_on <= today),
        exists().where(
            Instalment.pledge_id == SavedCard.pledge_id,
            Instalment.paid_satang < Instalment.amount_satang,
            Instalment.due_on <= today,
        ),
    )
    return list(db.session.scalars(found.order_by(SavedCard.pledge_id)))


def find_saved_card(pledge_id: int) -> SavedCard | None:
    """The card that the pledge is charged to, unless it was stopped."""
    card = db.session.get(SavedCard, pledge_id)
    return card if card is not None and card.stopped_at is None else None


def list_refund_calls() -> list[RefundCall]:
    """Refunds that were ordered and that the processor has not answered, the oldest first."""
    found = (
        select(RefundOrder, Donor.email)
        .join(Payment, Payment.id == RefundOrder.payment_id)
        .join(Donor, Donor.id == Payment.donor_id)
        .where(RefundOrder.status == RefundStatus.ORDERED)
        .order_by(RefundOrder.ordered_at, RefundOrder.id)
    )
    return [
        RefundCall(
            order.public_id, order.idempotency_key, order.intent_id, order.amount_satang, email
        )
        for order, email in db.session.execute(found)
    ]


def list_refund_orders(payment: Payment) -> list[RefundOrder]:
    """The refunds that were ordered of a payment, and of what was kept of one by card."""
    same = RefundOrder.intent_id == refund_subject(payment)
    return list(db.session.scalars(select(RefundOrder).where(same).order_by(RefundOrder.id)))


def known_movements(movement_ids: Collection[str]) -> set[str]:
    """Which of these movements are booked."""
    found = select(ProcessorMovement.movement_id)
    return set(db.session.scalars(found.where(ProcessorMovement.movement_id.in_(movement_ids))))


def list_card_payouts() -> list[ProcessorPayout]:
    """The newest payouts of the card processor."""
    order = (ProcessorPayout.arrives_on.desc(), ProcessorPayout.payout_id.desc())
    return list(db.session.scalars(select(ProcessorPayout).order_by(*order).limit(_MOST)))


def find_card_payout(payout_id: str) -> CardPayout:
    """A payout with its parts; NotFoundError."""
    payout = db.session.get(
        ProcessorPayout,
        payout_id,
        options=[
            selectinload(ProcessorPayout.movements).options(joinedload(ProcessorMovement.payment))
        ],
    )
    if payout is None:
        raise NotFoundError
    funds: dict[str, int] = {}
    for row in payout.movements:
        funds[row.fund_code] = funds.get(row.fund_code, 0) + row.net_satang

    def total(*kinds: MovementKind) -> int:
        return sum(row.amount_satang for row in payout.movements if row.kind in kinds)

    return CardPayout(
        payout_id=payout_id,
        arrives_on=payout.arrives_on,
        amount_satang=payout.amount_satang,
        charges_satang=total(MovementKind.CHARGE),
        fees_satang=sum(row.fee_satang for row in payout.movements),
        refunds_satang=-total(MovementKind.REFUND, MovementKind.REFUND_FAILED),
        disputes_satang=-total(MovementKind.DISPUTE, MovementKind.DISPUTE_WON),
        funds=dict(sorted(funds.items())),
        movements=payout.movements,
    )


def waiting_at_processor() -> int:
    """What the processor holds and has not paid out, in satang."""
    net = func.coalesce(func.sum(ProcessorMovement.amount_satang - ProcessorMovement.fee_satang), 0)
    held = select(net).where(ProcessorMovement.payout_id.is_(None))
    return int(db.session.scalar(held) or 0)
