"""Payments at the card processor, made by what donors and the processor do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fundapp import clock
from fundapp.access.actors import CARD_PROCESSOR
from fundapp.db import db, unit_of_work
from fundapp.giving.gateways.stripe import StripeGateway
from fundapp.giving.gateways.values import (
    GATEWAY,
    MovementFacts,
    PaymentFacts,
    PayoutFacts,
    PayoutItem,
)
from fundapp.giving.models import Method, MovementKind, Pledge, ProcessorPayout
from fundapp.giving.operations import book_card_payment, book_card_payout
from tests.fakes.stripe import FakeStripe


@contextmanager
def card_processor(app: Flask, client: FlaskClient) -> Iterator[FakeStripe]:
    """The card processor; what it tells waits until `deliver`, and goes to the webhook. The client
    reads English from then on.
    """
    secret = "whsec_of_the_tests"
    client.set_cookie("lang", "en")
    with FakeStripe() as processor:
        app.extensions[GATEWAY] = StripeGateway(processor.key, secret, processor.url)
        processor.deliveries.secret, processor.deliveries.way = secret, "held"
        processor.deliveries.send = lambda *notice: send_notice(client, *notice).status_code
        yield processor


def send_notice(client: FlaskClient, body: bytes, signature: str) -> Any:
    """The answer of the webhook."""
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return client.post("/webhooks/stripe", data=body, headers=headers)


def make_card_payout(satang: int = 50_000, fee: int = 2_825) -> None:
    """A gift that nobody had promised, and its payout, as the processor tells of them."""
    now, count = clock.now(), db.session.scalar(select(func.count(ProcessorPayout.payout_id)))
    intent, moved = f"pi_{count}", f"txn_{count}"
    charge = MovementFacts(moved, MovementKind.CHARGE, satang, fee, now)
    paid = PaymentFacts(intent, "", satang, Method.CARD, True, now, (charge,))
    unit_of_work(book_card_payment, paid, actor=CARD_PROCESSOR)
    item = PayoutItem(moved, intent, satang - fee, now)
    payout = PayoutFacts(f"po_{count}", satang - fee, True, clock.today(), (item,))
    unit_of_work(book_card_payout, payout, actor=CARD_PROCESSOR)


def open_checkout(client: FlaskClient, pledge: Pledge, number: int = 1, keep: str = "") -> str:
    """The session of the page at the processor that the pledge's button leads to."""
    data = {"instalment": str(number), "keep": keep}
    answer = client.post(f"/pledges/{pledge.token}/card", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[2]


def pay_by_card(fake: FakeStripe, client: FlaskClient, pledge: Pledge, **values: Any) -> str:
    """The payment at the processor of an instalment that was paid there; nothing is told yet."""
    session = open_checkout(client, pledge, values.pop("number", 1), values.pop("keep", ""))
    fake.command("pay", {"id": session, **values})
    return str(fake.world.objects[session]["payment_intent"])
