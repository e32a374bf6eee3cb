"""Stripe, by its own library; nothing else in the program knows it.

The interface's version is pinned. Ways to pay are named by ``allowed_payment_method_types``: the
version no longer takes ``payment_method_types``.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import stripe

from fundapp import clock
from fundapp.giving.gateways.values import (
    ChargeOrder,
    CheckoutOrder,
    CheckoutPage,
    MovementFacts,
    Notice,
    NoticeRefusedError,
    PaymentFacts,
    PayoutFacts,
    PayoutItem,
    ProcessorAwayError,
    RefundCall,
    RefundFacts,
)
from fundapp.giving.models import Method, MovementKind, RefundStatus

VERSION = "2026-10-28.endive"
#: Seconds that an answer may take, and how often a call is made again with the same key.
_PATIENCE, _RETRIES = 10, 1
#: Seconds by which the time of a signature may differ from ours.
_TOLERANCE = 300
_METHODS = {"card": Method.CARD, "promptpay": Method.PROMPTPAY}
_REFUNDS = {
    "requires_action": RefundStatus.WAITING,
    "pending": RefundStatus.WAITING,
    "succeeded": RefundStatus.PAID,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
#: What moved by a refund, and how a payment shows it with its refunds: the ten newest of them.
_OF_REFUNDS = ("balance_transaction", "failure_balance_transaction")
_REFUNDS_INSIDE = [f"latest_charge.refunds.data.{name}" for name in _OF_REFUNDS]
_LOCALES = frozenset({"th", "en", "ms"})


class StripeGateway:
    """The account of ``secret_key``; ``api_base`` replaces Stripe's own address."""

    def __init__(self, secret_key: str, webhook_secret: str, api_base: str = "") -> None:
        self._webhook_secret = webhook_secret
        self._is_live = "_live_" in secret_key
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=VERSION,
            base_addresses={"api": api_base} if api_base else {},
            max_network_retries=_RETRIES,
            http_client=stripe.RequestsClient(timeout=_PATIENCE),
        )

    def open_checkout(self, order: CheckoutOrder) -> CheckoutPage:
        """A Checkout session for cards and PromptPay."""
        reference = {"checkout": order.ref}
        asked: Any = {
            "mode": "payment",
            "submit_type": "donate",
            "allowed_payment_method_types": ["card", "promptpay"],
            "locale": order.locale if order.locale in _LOCALES else "auto",
            "client_reference_id": order.ref,
            "metadata": reference,
            "payment_intent_data": {"metadata": reference},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "thb",
                        "unit_amount": order.amount_satang,
                        "product_data": {"name": order.title},
                    },
                }
            ],
            "success_url": order.return_url,
            "cancel_url": order.cancel_url,
            "expires_at": int(order.expires_at.timestamp()),
        }
        if order.keeps_card:
            # PromptPay cannot be kept.
            asked["allowed_payment_method_types"] = ["card"]
            asked["customer_creation"] = "always"
            asked["payment_intent_data"]["setup_future_usage"] = "off_session"
        if order.email:
            asked["customer_email"] = order.email
        with _answering():
            made = self._client.v1.checkout.sessions.create(asked, {"idempotency_key": order.key})
            return _page(made.to_dict())

    def find_checkout(self, session_id: str) -> CheckoutPage:
        """A Checkout session; one that the account does not know is as good as over."""
        with _answering():
            try:
                return _page(self._client.v1.checkout.sessions.retrieve(session_id).to_dict())
            except stripe.InvalidRequestError as error:
                if error.code != "resource_missing":
                    raise
                return CheckoutPage(session_id, "", False, True, "", None)

    def close_checkout(self, session_id: str) -> None:
        """Expire a Checkout session; one that is not open stays as it is."""
        with _answering(), suppress(stripe.InvalidRequestError):
            self._client.v1.checkout.sessions.expire(session_id)

    def charge_card(self, order: ChargeOrder) -> str | None:
        """A PaymentIntent without the donor."""
        asked: Any = {
            "amount": order.amount_satang,
            "currency": "thb",
            "customer": order.customer_id,
            "payment_method": order.card_id,
            "off_session": True,
            "confirm": True,
            "metadata": {"checkout": order.ref},
        }
        with _answering():
            try:
                made = self._client.v1.payment_intents.create(
                    asked, {"idempotency_key": order.key}
                ).to_dict()
            except stripe.CardError:
                return None
            return str(made["id"])

    def refund(self, call: RefundCall) -> bool:
        """A Refund."""
        asked: Any = {
            "payment_intent": call.intent_id,
            "amount": call.amount_satang,
            "reason": "requested_by_customer",
            "metadata": {"refund": call.ref},
        }
        if call.email:
            asked["instructions_email"] = call.email
        with _answering():
            try:
                self._client.v1.refunds.create(asked, {"idempotency_key": call.key})
            except stripe.InvalidRequestError:
                return False
            return True

    def find_payment(self, intent_id: str) -> PaymentFacts:
        """A PaymentIntent, with the balance transactions of its charge, refunds and disputes."""
        with _answering():
            asked: Any = {"payment_intent": intent_id, "limit": 100}
            intent = self._client.v1.payment_intents.retrieve(
                intent_id, {"expand": ["latest_charge.balance_transaction", *_REFUNDS_INSIDE]}
            ).to_dict()
            charge = intent.get("latest_charge") or {}
            refunds = charge.get("refunds") or {"data": [], "has_more": False}
            rows: Iterable[dict[str, Any]] = refunds["data"]
            if refunds["has_more"]:
                inner = [f"data.{name}" for name in _OF_REFUNDS]
                rows = self._all(self._client.v1.refunds.list, asked | {"expand": inner})
            disputed = charge.get("disputed")
            disputes = self._all(self._client.v1.disputes.list, asked) if disputed else ()
            return _payment(intent, list(rows), list(disputes))

    def find_payout(self, payout_id: str) -> PayoutFacts:
        """A payout, with the balance transactions that it is made of."""
        with _answering():
            payout = self._client.v1.payouts.retrieve(payout_id).to_dict()
            asked: Any = {"payout": payout_id, "limit": 100, "expand": ["data.source"]}
            moved = self._all(self._client.v1.balance_transactions.list, asked)
            return PayoutFacts(
                payout_id=payout_id,
                amount_satang=payout["amount"],
                is_paid=payout["status"] == "paid",
                arrives_on=_moment(payout["arrival_date"]).date(),
                items=tuple(_item(each) for each in moved if each["type"] != "payout"),
            )

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """The event of a webhook."""
        try:
            event = self._client.construct_event(
                body, signature, self._webhook_secret, tolerance=_TOLERANCE
            )
            # The library refuses what is too old, and takes what is signed for a later time.
            signed_at = next(int(part[2:]) for part in signature.split(",") if part[:2] == "t=")
            if signed_at > clock.now().timestamp() + _TOLERANCE:
                raise NoticeRefusedError
            told = event.to_dict()
            if told["livemode"] != self._is_live:
                raise NoticeRefusedError  # of practice, where real money is taken, or the reverse
            return _notice(told)
        except (ValueError, KeyError, TypeError, AttributeError, stripe.StripeError) as error:
            raise NoticeRefusedError from error

    def list_notices(self, since: datetime) -> Iterable[Notice]:
        """Its events since then, of the last 30 days at most, the newest first."""
        with _answering():
            asked: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
            return [_notice(each) for each in self._all(self._client.v1.events.list, asked)]

    def is_page(self, subject: str) -> bool:
        """Whether this is the id of a Checkout session."""
        return subject.startswith("cs_")

    def is_payout(self, subject: str) -> bool:
        """Whether this is the id of a payout."""
        return subject.startswith("po_")

    @staticmethod
    def _all(ask: Callable[..., Any], asked: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        for each in ask(asked).auto_paging_iter():
            yield each.to_dict()


@contextmanager
def _answering() -> Iterator[None]:
    """ProcessorAwayError for whatever the library or an unexpected answer raises."""
    try:
        yield
    except (stripe.StripeError, KeyError, TypeError) as error:
        raise ProcessorAwayError from error


def _page(session: dict[str, Any]) -> CheckoutPage:
    return CheckoutPage(
        session_id=session["id"],
        url=session.get("url") or "",
        is_open=session["status"] == "open",
        is_expired=session["status"] == "expired",
        ref=(session.get("metadata") or {}).get("checkout", ""),
        intent_id=session.get("payment_intent"),
    )


def _payment(
    intent: dict[str, Any], refunds: list[dict[str, Any]], disputes: list[dict[str, Any]]
) -> PaymentFacts:
    charge = intent.get("latest_charge") or {}
    way = (charge.get("payment_method_details") or {}).get("type", "card")
    moved = [_movement(charge.get("balance_transaction"), MovementKind.CHARGE)]
    for refund in refunds:
        moved.append(_movement(refund.get("balance_transaction"), MovementKind.REFUND))
        failure = refund.get("failure_balance_transaction")
        moved.append(_movement(failure, MovementKind.REFUND_FAILED))
    for dispute in disputes:
        for each in dispute.get("balance_transactions") or ():
            back = each["amount"] > 0
            moved.append(
                _movement(each, MovementKind.DISPUTE_WON if back else MovementKind.DISPUTE)
            )
    if moved[0] is None:
        # Without that of the charge nothing else is booked yet.
        moved = []
    # Of one second the charge comes first, then what took back, then what came back.
    order = list(MovementKind)
    found = sorted(
        (each for each in moved if each is not None),
        key=lambda each: (each.happened_at, order.index(each.kind), each.movement_id),
    )
    return PaymentFacts(
        intent_id=intent["id"],
        ref=(intent.get("metadata") or {}).get("checkout", ""),
        amount_satang=intent.get("amount_received") or intent["amount"],
        method=_METHODS.get(way, Method.CARD),
        is_paid=intent["status"] == "succeeded",
        is_baht=intent["currency"] == "thb",
        paid_at=_moment(charge.get("created") or intent["created"]),
        movements=tuple(found),
        customer_id=intent.get("customer"),
        card_id=intent.get("payment_method"),
        refunds=tuple(_refund(each) for each in refunds),
    )


def _refund(refund: dict[str, Any]) -> RefundFacts:
    ref = (refund.get("metadata") or {}).get("refund", "")
    return RefundFacts(refund["id"], ref, _REFUNDS[refund["status"]])


def _movement(moved: dict[str, Any] | None, kind: MovementKind) -> MovementFacts | None:
    """A balance transaction; None while there is none."""
    if moved is None:
        return None
    return MovementFacts(
        moved["id"], kind, moved["amount"], moved["fee"], _moment(moved["created"])
    )


def _item(moved: dict[str, Any]) -> PayoutItem:
    source = moved.get("source")
    intent = source.get("payment_intent") if isinstance(source, dict) else None
    return PayoutItem(moved["id"], intent, moved["net"], _moment(moved["created"]))


def _notice(event: dict[str, Any]) -> Notice:
    about = event["data"]["object"]
    is_known = about["object"] in {"checkout.session", "payment_intent", "payout"}
    subject = about["id"] if is_known else about.get("payment_intent")
    failed = event["type"] == "payment_intent.payment_failed"
    ref = (about.get("metadata") or {}).get("checkout", "") if failed else ""
    return Notice(event["id"], event["type"], subject or "", _moment(event["created"]), ref)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
