"""Which notices of the card processor are believed, and that only what was received is booked."""

import json
import time

import pytest
from sqlalchemy import func

from fundapp.db import db
from fundapp.giving.gateways.stripe import StripeGateway
from fundapp.giving.gateways.values import GATEWAY
from fundapp.giving.models import HandledNotice, Payment, PaymentStatus, ProcessorNotice
from fundapp.ledger import chart
from fundapp.ledger.queries import find_holdings
from tests.factories.card_payments import card_processor, open_checkout, pay_by_card, send_notice
from tests.factories.giving import make_pledge
from tests.fakes.stripe.deliveries import signature
from tests.fakes.stripe.world import DISPUTE_FEE, fee_of

SECRET = "whsec_of_the_tests"


@pytest.fixture
def fake(app, client):
    """The card processor."""
    with card_processor(app, client) as processor:
        yield processor


def count(model):
    return db.session.scalar(db.select(func.count()).select_from(model))


def counting():
    db.session.rollback()
    query = db.select(Payment.amount_satang).where(Payment.status == PaymentStatus.RECEIVED)
    return sorted(db.session.scalars(query))


def held():
    return find_holdings("GENERAL").of_fund("GENERAL", chart.CARD_PROCESSOR)


def signatures(event):
    """Fourteen notices by name: body, header. Thirteen are refused, ``two v1`` is believed."""
    body, now = json.dumps(event).encode(), int(time.time())
    right = signature(body, SECRET, now)
    v1 = right.partition("v1=")[2]
    wrong = signature(body, "whsec_of_somebody_else", now)
    padded = body + b" " * (1024 * 1024 + 1 - len(body))
    live = json.dumps({**event, "livemode": True}).encode()
    return {
        "no header": (body, ""),
        "only v0": (body, right.replace("v1=", "v0=")),
        "wrong secret": (body, wrong),
        "one byte changed": (body.replace(b"evt_", b"evu_", 1), right),
        "re-serialised": (json.dumps(event, indent=1).encode(), right),
        "301 s old": (body, signature(body, SECRET, now - 301)),
        "301 s in the future": (body, signature(body, SECRET, now + 302)),
        "empty": (b"", signature(b"", SECRET, now)),
        "two v1": (body, f"{wrong},v1={v1}"),
        "1 MiB and 1": (padded, signature(padded, SECRET, now)),
        "invalid UTF-8": (b"\xff" + body, signature(b"\xff" + body, SECRET, now)),
        "t is no number": (body, f"t=today,v1={v1}"),
        "negative t": (body, signature(body, SECRET, -now)),
        "of the other mode": (live, signature(live, SECRET, now)),
    }


@pytest.mark.sqlite  # who signed what no database can change
def test_of_fourteen_signatures_thirteen_are_refused(funds, fake, client):
    pay_by_card(fake, client, make_pledge())
    notices = signatures(fake.deliveries.waiting[0])
    believed = notices.pop("two v1")
    answers = {name: send_notice(client, *each).status_code for name, each in notices.items()}
    assert {name for name, status in answers.items() if not 400 <= status < 500} == set()
    assert (len(answers), count(ProcessorNotice), counting()) == (13, 0, [])
    assert send_notice(client, *believed).status_code == 200
    assert counting() == [33_334]


@pytest.mark.sqlite
def test_where_real_money_is_taken_a_notice_of_practice_is_refused(app, funds, fake, client):
    pay_by_card(fake, client, make_pledge())
    app.extensions[GATEWAY] = StripeGateway("sk_live_fake", SECRET, fake.url)
    body, header = fake.deliveries.signed(fake.deliveries.waiting[0])
    assert send_notice(client, body, header).status_code == 400
    assert count(ProcessorNotice) == 0


def test_two_notices_with_other_numbers_of_one_payment_are_one_gift(funds, fake, client):
    pay_by_card(fake, client, make_pledge())
    (told,) = [e for e in fake.deliveries.waiting if e["type"] == "payment_intent.succeeded"]
    for number in ("evt_first", "evt_second"):
        answer = send_notice(client, *fake.deliveries.signed({**told, "id": number}))
        assert answer.status_code == 200
    assert (counting(), count(ProcessorNotice), count(HandledNotice)) == ([33_334], 2, 2)


@pytest.mark.sqlite
def test_what_was_received_is_booked_not_what_was_asked(funds, fake, client):
    """Amounts that differ from the pledge, another currency, a session that is not paid yet."""
    pledge = make_pledge()
    session = open_checkout(client, pledge)
    fake.world.objects[session]["amount_total"] = 50_000
    fake.command("pay", {"id": session})
    fake.deliveries.deliver(order="reversed")
    assert counting() == [50_000]
    first, second, _third = pledge.instalments
    assert (first.open_satang, second.paid_satang) == (0, 16_666)

    later = open_checkout(client, make_pledge())
    fake.command("delay", {"id": later, "method": "promptpay"})
    fake.deliveries.deliver()
    assert counting() == [50_000]
    fake.command("finish", {"id": later, "outcome": "paid"})
    fake.deliveries.deliver()
    assert counting() == [33_334, 50_000]

    dollars = open_checkout(client, make_pledge())
    fake.command("pay", {"id": dollars})
    intent = fake.world.objects[dollars]["payment_intent"]
    fake.world.objects[intent]["currency"] = "usd"
    assert set(fake.deliveries.deliver()) == {200}
    assert counting() == [33_334, 50_000], "nobody guesses what it comes to"
    assert count(ProcessorNotice) - count(HandledNotice) == 3, "it waits for a person"


@pytest.mark.sqlite
def test_parts_a_lost_dispute_and_another_fee(funds, fake, client):
    intents = [pay_by_card(fake, client, make_pledge()) for _time in range(3)]
    fee = fee_of("card", 33_334)
    changed = fake.world.objects[fake.world.objects[intents[2]]["latest_charge"]]
    moved = fake.world.objects[changed["balance_transaction"]]
    moved |= {"fee": fee + 123, "net": 33_334 - fee - 123}
    for satang in ("100", "200"):
        fake.command("refund", {"id": intents[0], "amount": satang})
    dispute = fake.world.dispute(intents[1])
    fake.command("close-dispute", {"id": dispute["id"], "outcome": "lost"})
    fake.deliveries.deliver(order="shuffled", times=2)
    assert counting() == [33_034, 33_334]
    assert held() == 33_034 + 33_334 - 3 * fee - 123 - DISPUTE_FEE
