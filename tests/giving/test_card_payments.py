"""Payments by card and PromptPay at the card processor, from the button to the books."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func

from fundapp.audit.checks import run_checks
from fundapp.db import db
from fundapp.giving import batches
from fundapp.giving.errors import CardPaymentError
from fundapp.giving.models import (
    Checkout,
    CheckoutOrigin,
    CheckoutStatus,
    Frequency,
    HandledNotice,
    Method,
    Payment,
    PaymentStatus,
    PledgeStatus,
    ProcessorMovement,
    ProcessorNotice,
    ReturnReason,
)
from fundapp.giving.queries import get_payment_detail
from fundapp.ledger import chart
from fundapp.ledger.queries import find_holdings
from tests.factories.books import close_month, make_approval
from tests.factories.card_payments import card_processor, open_checkout, pay_by_card, send_notice
from tests.factories.giving import make_pledge, make_return, make_reversal
from tests.fakes.stripe.world import DISPUTE_FEE, fee_of

SESSIONS = "checkout/sessions"


@pytest.fixture
def fake(app, client):
    """The card processor."""
    with card_processor(app, client) as processor:
        yield processor


def payments(status=PaymentStatus.RECEIVED):
    rows = db.session.scalars(db.select(Payment).where(Payment.status == status))
    return [row.amount_satang for row in rows]


def at_processor():
    return find_holdings("GENERAL").of_fund("GENERAL", chart.CARD_PROCESSOR)


def broken_checks():
    return [r for r in run_checks() if r.violations and not r.check.is_warning]


def latest_checkout():
    newest = db.select(Checkout.id).order_by(Checkout.made_at.desc(), Checkout.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def line(satang):
    price = {"currency": "thb", "unit_amount": str(satang), "product_data": {"name": "Gift"}}
    return {"quantity": "1", "price_data": price}


def count(model):
    return db.session.scalar(db.select(func.count()).select_from(model))


def test_a_card_pays_an_instalment(funds, fake, client):
    pledge = make_pledge()
    intent = pay_by_card(fake, client, pledge)
    assert set(fake.deliveries.deliver()) == {200}
    (payment,) = db.session.scalars(db.select(Payment))
    assert (payment.amount_satang, payment.method) == (33_334, Method.CARD)
    assert payment.external_ref == f"processor:{intent}"
    assert payment.pledge.instalments[0].open_satang == 0
    assert get_payment_detail(payment.public_id).receipt.number == 1
    assert at_processor() == 33_334 - fee_of("card", 33_334)
    (checkout,) = db.session.scalars(db.select(Checkout))
    assert checkout.status is CheckoutStatus.PAID
    page = client.get(f"/pledges/{pledge.token}").text
    assert "/card" in page


def test_twice_out_of_order_and_with_the_browser_makes_one_payment(funds, fake, client):
    """Bugs 10 and 14: the receipt needs no browser; notice and return page make one payment."""
    pledge = make_pledge()
    intent = pay_by_card(fake, client, pledge)
    session = db.session.scalars(db.select(Checkout.session_id)).one()
    held = list(fake.deliveries.waiting)
    assert set(fake.deliveries.deliver(order="reversed", times=2)) == {200}
    back = client.get(f"/pledges/{pledge.token}/paid?page={session}", follow_redirects=True)
    assert "Your payment has arrived" in back.text
    fake.deliveries.waiting = held
    assert set(fake.deliveries.deliver(order="shuffled", times=2)) == {200}
    assert payments() == [33_334]
    assert count(ProcessorMovement) == 1
    assert count(ProcessorNotice) == count(HandledNotice) == len(held)
    assert intent in {row.subject for row in db.session.scalars(db.select(ProcessorNotice))}


def test_everything_at_once_makes_one_payment_each(app, funds, fake, client):
    """Bug 14, with refunds: four at a time tell everything twice, and the browsers come back."""
    pledges = [make_pledge() for _time in range(3)]
    intents = [pay_by_card(fake, client, pledge) for pledge in pledges]
    fake.command("refund", {"id": intents[0], "amount": "5000"})
    sessions = [fake.world.all("checkout.session", payment_intent=each)[0] for each in intents]
    notices = [fake.deliveries.signed(event) for event in fake.deliveries.waiting] * 2

    def tell(notice):
        return send_notice(app.test_client(), *notice).status_code

    def come_back(pledge, session):
        address = f"/pledges/{pledge}/paid?page={session}"
        return app.test_client().get(address).status_code

    tokens = [pledge.token for pledge in pledges]
    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        back = [
            pool.submit(come_back, token, session["id"])
            for token, session in zip(tokens, sessions, strict=True)
        ]
        told = pool.map(tell, reversed(notices))
        assert set(told) == {200}
        assert {each.result() for each in back} == {303}
    assert sorted(payments()) == [28_334, 33_334, 33_334]
    assert payments(PaymentStatus.RETURNED) == [33_334]
    batches.handle_waiting(app.extensions["card_gateway"])
    assert count(ProcessorNotice) == count(HandledNotice) == len(notices) / 2
    assert broken_checks() == []


@pytest.mark.sqlite
def test_the_browser_before_any_notice(funds, fake, client):
    pledge = make_pledge()
    session = open_checkout(client, pledge)
    back = client.get(f"/pledges/{pledge.token}/paid?page={session}", follow_redirects=True)
    assert "not told us" in back.text
    fake.command("pay", {"id": session, "method": "promptpay"})
    client.get(f"/pledges/{pledge.token}/paid?page={session}")
    fake.deliveries.deliver()
    assert payments() == [33_334]
    assert db.session.scalars(db.select(Payment.method)).one() is Method.PROMPTPAY
    other = make_pledge()
    assert client.get(f"/pledges/{other.token}/paid?page={session}").status_code == 404


@pytest.mark.sqlite
def test_asking_again_leads_to_the_same_page_until_it_is_over(funds, fake, client):
    pledge = make_pledge()
    first = open_checkout(client, pledge)
    assert open_checkout(client, pledge) == first
    fake.command("expire", {"id": first})
    second = open_checkout(client, pledge)
    assert second != first
    assert count(Checkout) == 2
    keys = [text for method, path, text in fake.calls if (method, path) == ("POST", SESSIONS)]
    assert len(keys) == 2


def test_the_key_is_kept_before_the_call(funds, fake, client):
    pledge, fake.failures = make_pledge(), 2
    refused = client.post(f"/pledges/{pledge.token}/card", data={"instalment": "1"})
    assert "does not answer" in client.get(refused.location).text
    (checkout,) = db.session.scalars(db.select(Checkout))
    assert checkout.session_id is None
    session = open_checkout(client, pledge)
    assert list(fake.used_keys) == [checkout.idempotency_key]
    assert db.session.scalars(db.select(Checkout.session_id)).all() == [session]


@pytest.mark.sqlite
def test_delayed_money_counts_when_it_arrives(funds, fake, client):
    pledge = make_pledge()
    session = open_checkout(client, pledge)
    fake.command("delay", {"id": session})
    fake.deliveries.deliver()
    assert payments() == []
    fake.command("finish", {"id": session, "outcome": "paid"})
    fake.deliveries.deliver()
    assert payments() == [33_334]


@pytest.mark.sqlite
def test_what_never_arrived_is_asked_for(funds, fake, client, runner):
    pledge, fake.deliveries.way = make_pledge(), "lost"
    pay_by_card(fake, client, pledge)
    expired = open_checkout(client, pledge, 2)
    fake.command("expire", {"id": expired})
    assert payments() == []
    result = runner.invoke(args=["giving", "reconcile-stripe"])
    assert (result.exit_code, payments()) == (0, [33_334])
    assert db.session.get(Checkout, latest_checkout()).status is CheckoutStatus.EXPIRED
    before = count(ProcessorMovement), count(Payment)
    replayed = runner.invoke(args=["giving", "replay-webhooks"])
    assert (replayed.exit_code, "waiting 0" in replayed.output) == (0, True)
    assert (count(ProcessorMovement), count(Payment)) == before


def test_a_notice_is_kept_while_the_processor_is_away(funds, fake, client, runner):
    pay_by_card(fake, client, make_pledge())
    fake.failures = 2 * len(fake.deliveries.waiting) + 2
    told = fake.deliveries.deliver()
    assert set(told) == {200}
    assert (payments(), count(ProcessorNotice), count(HandledNotice)) == ([], len(told), 0)
    fake.failures = 0
    runner.invoke(args=["worker", "--once"])
    assert payments() == [33_334]
    assert count(ProcessorNotice) == count(HandledNotice)


@pytest.mark.sqlite
def test_only_what_the_processor_signed_lately_is_kept(funds, fake, client, clock):
    pay_by_card(fake, client, make_pledge())
    event = fake.deliveries.waiting[0]
    body, header = fake.deliveries.signed(event)
    forged = [
        (body.replace(b"pi_", b"px_"), header),
        (body, header.replace("v1=", "v1=00")),
        (body, ""),
        (b"[]", header),
    ]
    for late in (400, -400):
        clock.shift(late)
        forged.append(fake.deliveries.signed(event))
        clock.shift(-late)
    fake.deliveries.secret = "whsec_of_somebody_else"
    forged.append(fake.deliveries.signed(event))
    assert {send_notice(client, *each).status_code for each in forged} == {400}
    assert send_notice(client, b" " * (1024 * 1024 + 1), header).status_code == 413
    assert count(ProcessorNotice) == 0


@pytest.mark.sqlite
def test_a_refund_made_at_the_processor_appears_alone(funds, fake, client):
    """Bug 15; the fund is short when the money is spent."""
    pledge = make_pledge(instalment_count=1, frequency=Frequency.ONCE)
    intent = pay_by_card(fake, client, pledge)
    fake.deliveries.deliver()
    fake.command("refund", {"id": intent})
    fake.deliveries.deliver(order="reversed")
    (payment,) = db.session.scalars(db.select(Payment))
    assert (payment.status, payment.return_reason) == (PaymentStatus.RETURNED, ReturnReason.REFUND)
    assert get_payment_detail(payment.public_id).receipt.voided_at is not None
    assert (payment.pledge.status, payment.pledge.instalments[0].open_satang) == (
        PledgeStatus.ACTIVE,
        100_000,
    )
    assert at_processor() == -fee_of("card", 100_000)


@pytest.mark.sqlite
def test_a_part_is_refunded_months_later(funds, fake, client, clock):
    """Bug 17: the closed month stays; what was kept has a receipt, of the day of the gift."""
    pledge = make_pledge()
    intent = pay_by_card(fake, client, pledge)
    fake.deliveries.deliver()
    close_month()
    clock.shift(60 * 86_400)
    fake.command("refund", {"id": intent, "amount": "10000"})
    fake.deliveries.deliver()
    assert payments() == [23_334]
    assert payments(PaymentStatus.RETURNED) == [33_334]
    (kept,) = db.session.scalars(db.select(Payment).where(Payment.status == "received"))
    assert kept.received_on.isoformat() == "2026-11-24"
    assert get_payment_detail(kept.public_id).booked_on.isoformat() == "2027-01-23"
    assert kept.pledge.instalments[0].open_satang == 10_000
    assert at_processor() == 23_334 - fee_of("card", 33_334)
    assert broken_checks() == []


@pytest.mark.sqlite
def test_more_refunds_than_the_processor_shows_with_a_payment(funds, fake, client):
    intent = pay_by_card(fake, client, make_pledge())
    fake.deliveries.deliver()
    for _part in range(12):
        fake.command("refund", {"id": intent, "amount": "1000"})
    fake.deliveries.deliver(order="reversed")
    assert payments() == [21_334]
    assert at_processor() == 21_334 - fee_of("card", 33_334)


@pytest.mark.sqlite
def test_a_refund_by_promptpay_waits_for_an_account_and_may_fail(funds, fake, client):
    intent = pay_by_card(fake, client, make_pledge(), method="promptpay")
    fake.command("refund", {"id": intent})
    fake.deliveries.deliver()
    assert payments() == [33_334]
    (refund,) = fake.world.all("refund")
    fake.command("finish-refund", {"id": refund["id"], "outcome": "paid"})
    fake.deliveries.deliver()
    assert payments() == []
    fake.command("finish-refund", {"id": refund["id"], "outcome": "failed"})
    fake.deliveries.deliver()
    assert payments() == [33_334]
    assert at_processor() == 33_334 - fee_of("promptpay", 33_334)
    assert broken_checks() == []


@pytest.mark.one_case
@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_dispute(funds, fake, client, outcome):
    intent = pay_by_card(fake, client, make_pledge())
    fake.deliveries.deliver()
    make_approval(30_000)
    fake.command("dispute", {"id": intent})
    fake.deliveries.deliver(order="reversed")
    (returned,) = db.session.scalars(db.select(Payment))
    assert returned.return_reason is ReturnReason.CHARGEBACK
    assert returned.pledge.instalments[0].open_satang == 33_334
    (dispute,) = fake.world.all("dispute")
    fake.command("close-dispute", {"id": dispute["id"], "outcome": outcome})
    fake.deliveries.deliver(order="reversed", times=2)
    assert payments() == ([33_334] if outcome == "won" else [])
    kept = 33_334 if outcome == "won" else 0
    assert at_processor() == kept - fee_of("card", 33_334) - DISPUTE_FEE
    assert broken_checks() == []


@pytest.mark.sqlite
def test_money_that_no_pledge_asked_for_is_a_gift_without_a_name(funds, fake, client):
    asked = {
        "mode": "payment",
        "success_url": "https://example.org",
        "line_items": {"0": line(50_000)},
    }
    session = fake.world.open_session(asked)
    fake.command("pay", {"id": session["id"]})
    fake.deliveries.deliver()
    (payment,) = db.session.scalars(db.select(Payment))
    assert (payment.pledge, payment.amount_satang, payment.is_anonymous) == (None, 50_000, True)


@pytest.mark.sqlite
def test_where_cards_are_not_taken(app, funds, fake, client):
    zakat, small = make_pledge(fund_code="ZAKAT"), make_pledge(amount_satang=900)
    for pledge in (zakat, small):
        assert f"/pledges/{pledge.token}/card" not in client.get(f"/pledges/{pledge.token}").text
        refused = client.post(f"/pledges/{pledge.token}/card", data={"instalment": "1"})
        assert refused.location.endswith(pledge.token)
    assert fake.calls == []
    assert client.post("/pledges/unknown/card").status_code == 404
    del app.extensions["card_gateway"]
    assert client.post("/webhooks/stripe").status_code == 404
    assert client.post(f"/pledges/{small.token}/card").status_code == 404


@pytest.mark.sqlite
def test_only_the_processor_gives_its_payments_back(funds, fake, client):
    pay_by_card(fake, client, make_pledge())
    fake.deliveries.deliver()
    (payment,) = db.session.scalars(db.select(Payment))
    for undo in (make_return, make_reversal):
        with pytest.raises(CardPaymentError):
            undo(payment)


@pytest.mark.sqlite
def test_many_pages_of_one_pledge_are_refused(app, funds, fake, client):
    app.config["LIMIT_CHECKOUT_PLEDGE"] = "2 per hour"
    pledge = make_pledge()
    codes = [client.post(f"/pledges/{pledge.token}/card").status_code for _time in range(3)]
    assert codes == [303, 303, 429]


@pytest.mark.sqlite
def test_who_tries_out_cards_is_stopped_with_the_page(app, funds, fake, clock):
    """Five failed payments in three minutes, whatever address a header claims."""
    pledge, other = make_pledge(), make_pledge()
    clients = [app.test_client() for _number in range(2)]

    def way(client, pledge, number=0):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        client.set_cookie("lang", "en")
        return client.post(f"/pledges/{pledge.token}/card", headers=headers)

    session = way(clients[0], pledge).location.rpartition("/")[2]
    for number in range(4):
        fake.command("decline", {"id": session})
        fake.deliveries.deliver(times=3)
        clock.shift(20)
        assert way(clients[number % 2], other, number).status_code == 303
    fake.command("decline", {"id": session})
    fake.deliveries.deliver()
    assert fake.world.objects[session]["status"] == "expired"
    stopped = way(clients[1], other, 9)
    assert stopped.status_code == 429
    assert 1700 < int(stopped.headers["Retry-After"]) <= 1800
    assert "pay it by PromptPay" in stopped.text
    assert db.session.scalars(db.select(CheckoutOrigin)).all() != []
    clock.shift(1801)
    assert way(clients[0], other).status_code == 303


@pytest.mark.sqlite
def test_slow_failures_of_many_stop_nobody(funds, fake, client, clock):
    pledge = make_pledge()
    session = open_checkout(client, pledge)
    for _time in range(7):
        fake.command("decline", {"id": session})
        fake.deliveries.deliver()
        clock.shift(46)
    fake.command("pay", {"id": session})
    fake.deliveries.deliver()
    assert len(payments()) == 1
    assert db.session.scalars(db.select(CheckoutOrigin)).all() == []
