"""Refunds of card payments: one person asks, another confirms, the processor gives back."""

import pytest

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving import batches, operations
from fundapp.giving.errors import NotRefundableError, RefundAmountError, RefundWayError
from fundapp.giving.kinds import REFUND
from fundapp.giving.models import Payment, PaymentStatus, RefundOrder, RefundStatus, ReturnReason
from fundapp.proposals.errors import OwnProposalError
from fundapp.proposals.operations import confirm_proposal, make_proposal
from tests.factories.actors import OFFICER
from tests.factories.card_payments import card_processor, pay_by_card
from tests.factories.giving import make_payment, make_pledge
from tests.factories.identity import confirm_open_proposals, make_user, sign_in
from tests.raw_sql import not_refused


@pytest.fixture
def fake(app, client):
    """The card processor."""
    with card_processor(app, client) as processor:
        yield processor


@pytest.fixture
def gateway(app, fake):
    return app.extensions["card_gateway"]


def gift(fake, client, method="card"):
    """A payment that came through the processor."""
    pay_by_card(fake, client, make_pledge(), method=method)
    fake.deliveries.deliver()
    return db.session.scalars(db.select(Payment)).one()


@pytest.fixture
def refunded(funds, fake, client, gateway):
    """A gift of which a part was refunded, and what is left paid out."""
    confirmed(gift(fake, client), 5_000)
    batches.send_refunds(gateway)
    fake.command("pay-out", {})
    fake.deliveries.deliver()


def ask(payment, satang, by=None):
    actor = (by or make_user(Role.FUND_OFFICER)).as_actor()
    after = {"amount": satang}
    return unit_of_work(make_proposal, REFUND, payment.public_id, after, actor=actor)


def confirmed(payment, satang):
    """A refund that was asked for and confirmed by two people."""
    ask(payment, satang)
    confirm_open_proposals()
    return order()


def order():
    db.session.expire_all()
    return db.session.scalars(db.select(RefundOrder)).one()


def broken_checks():
    return [r for r in run_checks() if r.violations and not r.check.is_warning]


def test_from_the_page_to_the_books(fake, funds, client, app, runner):
    payment = gift(fake, client)
    address = f"/payments/{payment.public_id}"
    sign_in(client, make_user(Role.FUND_OFFICER))
    page = client.get(address).text
    assert f"{address}/refund" in page
    assert f"{address}/reverse" not in page
    assert client.post(f"{address}/refund", data={"amount": "333.35"}).status_code == 422
    assert client.post(f"{address}/refund", data={"amount": "100"}).status_code == 303
    assert f"{address}/refund" not in client.get(address).text
    assert db.session.scalars(db.select(RefundOrder)).all() == []
    confirm_open_proposals()
    assert order().status is RefundStatus.ORDERED
    assert payment.status is PaymentStatus.RECEIVED
    runner.invoke(args=["worker", "--once"])
    assert (order().status, order().refund_id is not None) == (RefundStatus.PAID, True)
    assert payment.return_reason is ReturnReason.REFUND
    kept = db.session.scalars(db.select(Payment).where(Payment.status == "received")).one()
    assert kept.amount_satang == 23_334
    assert client.get(f"/payments/{kept.public_id}").status_code == 200
    fake.deliveries.deliver(order="reversed", times=2)
    assert len(db.session.scalars(db.select(Payment)).all()) == 2
    assert broken_checks() == []


@pytest.mark.sqlite
def test_two_people(funds, fake, client):
    payment, one = gift(fake, client), make_user(Role.ADMINISTRATOR)
    proposal = ask(payment, 5_000, by=one)
    with pytest.raises(OwnProposalError):
        unit_of_work(confirm_proposal, proposal.public_id, actor=one.as_actor())
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.order_refund, payment.public_id, 5_000, actor=OFFICER)


@pytest.mark.sqlite
def test_promptpay_waits_for_the_givers_account(funds, fake, client, gateway):
    payment = gift(fake, client, method="promptpay")
    confirmed(payment, 33_334)
    batches.send_refunds(gateway)
    assert order().status is RefundStatus.WAITING
    with pytest.raises(NotRefundableError):
        ask(payment, 5_000)
    (refund,) = fake.world.all("refund")
    fake.command("finish-refund", {"id": refund["id"], "outcome": "paid"})
    fake.deliveries.deliver()
    assert order().status is RefundStatus.PAID
    fake.command("finish-refund", {"id": refund["id"], "outcome": "failed"})
    fake.deliveries.deliver(order="reversed")
    assert order().status is RefundStatus.FAILED
    assert broken_checks() == []


def test_the_same_call_until_there_is_an_answer(funds, fake, client, gateway):
    confirmed(gift(fake, client), 5_000)
    fake.failures = 2
    batches.send_refunds(gateway)
    assert order().status is RefundStatus.ORDERED
    batches.send_refunds(gateway)
    batches.send_refunds(gateway)
    assert order().status is RefundStatus.PAID
    assert len(fake.world.all("refund")) == 1


@pytest.mark.sqlite
def test_what_the_processor_refuses(funds, fake, client, gateway):
    payment = gift(fake, client)
    confirmed(payment, 33_334)
    fake.world.refund({"payment_intent": order().intent_id, "amount": "5000"})
    batches.send_refunds(gateway)
    assert order().status is RefundStatus.REFUSED


@pytest.mark.sqlite
def test_what_cannot_be_refunded(funds, fake, client):
    payment = gift(fake, client)
    for satang in (0, -5, 33_335):
        with pytest.raises(RefundAmountError):
            ask(payment, satang)
    with pytest.raises(RefundWayError):
        ask(make_payment(5_000), 5_000)


KEPT = [
    "UPDATE refund_orders SET amount_satang = 1",
    "UPDATE refund_orders SET refund_id = 're_another'",
    "UPDATE refund_orders SET status = 'ordered'",
    "DELETE FROM refund_orders",
    "UPDATE processor_notices SET subject = ''",
    "DELETE FROM processor_notices",
    "UPDATE handled_notices SET handled_at = '2026-11-01 00:00:00'",
    "DELETE FROM handled_notices",
    "UPDATE processor_movements SET fee_satang = 0",
    "DELETE FROM processor_movements",
    "UPDATE processor_payouts SET amount_satang = 1",
    "UPDATE processor_movements SET payout_id = NULL",
]


def test_the_tables_keep_what_happened(refunded):
    assert not_refused(KEPT, r"frozen|append-only|kept for ever") == []
