"""Pledges that are charged to a card by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from fundapp.db import db, unit_of_work
from fundapp.giving import batches, operations
from fundapp.giving.models import Checkout, CheckoutStatus, Payment, SavedCard
from fundapp.mail.models import MailMessage
from tests.factories.actors import VISITOR
from tests.factories.card_payments import card_processor, pay_by_card
from tests.factories.giving import make_pledge

MONTHLY = {"amount_satang": 300_000, "locale": "en"}


@pytest.fixture
def fake(app, client):
    """The card processor."""
    with card_processor(app, client) as processor:
        yield processor


@pytest.fixture
def gateway(app, fake):
    return app.extensions["card_gateway"]


@pytest.fixture
def pledge(funds, fake, client):
    """1,000 a month on three days; the first was paid, and the card is kept."""
    pledge = make_pledge(**MONTHLY)
    pay_by_card(fake, client, pledge, keep="1")
    fake.deliveries.deliver()
    return pledge


def paid():
    return db.session.scalars(db.select(Payment.amount_satang)).all()


def card():
    db.session.expire_all()
    return db.session.scalars(db.select(SavedCard)).one()


def charges():
    found = db.select(Checkout.status).where(Checkout.is_by_itself).order_by(Checkout.id)
    return db.session.scalars(found).all()


def subjects():
    return [row.subject for row in db.session.scalars(db.select(MailMessage))]


def test_each_part_is_charged_on_its_due_date(pledge, gateway, fake, client, clock, runner):
    assert "Each coming part is charged" in client.get(f"/pledges/{pledge.token}").text
    assert batches.charge_due(gateway) == batches.Charged()
    clock.shift(timedelta(days=30))
    assert batches.charge_due(gateway) == batches.Charged(paid=1)
    fake.deliveries.deliver()
    assert batches.charge_due(gateway) == batches.Charged()
    assert paid() == [100_000] * 2
    clock.shift(timedelta(days=31))
    runner.invoke(args=["worker", "--once"])
    assert paid() == [100_000] * 3
    assert charges() == [CheckoutStatus.PAID] * 2


@pytest.mark.sqlite
def test_a_refused_card_is_tried_again_and_then_stopped(pledge, gateway, fake, clock):
    fake.command("cards", {"answer": "card_declined"})
    clock.shift(timedelta(days=30))
    for days in (1, 3, 5):
        assert batches.charge_due(gateway) == batches.Charged(refused=1)
        assert batches.charge_due(gateway) == batches.Charged()
        clock.shift(timedelta(days=days))
    assert batches.charge_due(gateway) == batches.Charged(refused=1)
    assert (card().stopped_at is not None, card().refusals) == (True, 4)
    clock.shift(timedelta(days=30))
    assert batches.charge_due(gateway) == batches.Charged()
    assert paid() == [100_000]
    told = [subject for subject in subjects() if "could not be charged" in subject]
    assert len(told) == 4


@pytest.mark.sqlite
def test_a_card_that_works_again_ends_the_tries(pledge, gateway, fake, clock):
    fake.command("cards", {"answer": "expired_card"})
    clock.shift(timedelta(days=30))
    batches.charge_due(gateway)
    assert card().next_try_on is not None
    fake.command("cards", {"answer": "paid"})
    clock.shift(timedelta(days=1))
    assert batches.charge_due(gateway) == batches.Charged(paid=1)
    assert (card().refusals, card().next_try_on) == (0, None)
    assert charges() == [CheckoutStatus.FAILED, CheckoutStatus.PAID]


def test_without_an_answer_the_same_charge_is_asked_for_again(pledge, gateway, fake, clock):
    clock.shift(timedelta(days=30))
    fake.failures = 2
    assert batches.charge_due(gateway) == batches.Charged()
    assert charges() == [CheckoutStatus.OPEN]
    assert batches.charge_due(gateway) == batches.Charged(paid=1)
    assert charges() == [CheckoutStatus.PAID]
    assert paid() == [100_000] * 2
    begun = {key for key in fake.used_keys if key.startswith("checkout:")}
    assert len(begun) == 2


@pytest.mark.sqlite
@pytest.mark.parametrize("stop", ["pause", "cancel", "card/stop"])
def test_nothing_is_charged_after_a_stop(pledge, gateway, client, clock, stop):
    assert client.post(f"/pledges/{pledge.token}/{stop}").status_code == 303
    clock.shift(timedelta(days=30))
    assert batches.charge_due(gateway) == batches.Charged()
    assert paid() == [100_000]


@pytest.mark.sqlite
def test_what_is_paid_another_way_is_not_charged(pledge, gateway, fake, client, clock):
    pay_by_card(fake, client, pledge, number=2, method="promptpay")
    fake.deliveries.deliver()
    clock.shift(timedelta(days=30))
    assert batches.charge_due(gateway) == batches.Charged()
    assert client.post("/pledges/unknown/card/stop").status_code == 404


def test_one_charge_at_a_time(pledge, clock):
    values = {"pledge_id": pledge.id, "reference": "X", "amount_satang": 5, "is_by_itself": True}

    def twice():
        for _time in range(2):
            db.session.add(Checkout(made_at=card().kept_at, **values))
            db.session.flush()

    with pytest.raises(IntegrityError):
        unit_of_work(twice)


@pytest.mark.sqlite
def test_a_page_that_keeps_no_card_is_another_one(funds, fake, client):
    pledge = make_pledge(**MONTHLY)
    first = unit_of_work(operations.begin_checkout, pledge.token, "1", actor=VISITOR)
    other = unit_of_work(
        operations.begin_checkout, pledge.token, "1", keeps_card=True, actor=VISITOR
    )
    assert first.id != other.id
    pay_by_card(fake, client, pledge)
    fake.deliveries.deliver()
    assert db.session.scalars(db.select(SavedCard)).all() == []


@pytest.mark.sqlite
def test_what_was_due_before_the_card_was_kept_is_not_charged(funds, gateway, fake, client, clock):
    pledge = make_pledge(**MONTHLY)
    clock.shift(timedelta(days=40))
    pay_by_card(fake, client, pledge, keep="1")
    fake.deliveries.deliver()
    assert batches.charge_due(gateway) == batches.Charged()
    clock.shift(timedelta(days=21))
    assert batches.charge_due(gateway) == batches.Charged(paid=1)
    assert [row.open_satang for row in pledge.instalments] == [0, 100_000, 0]
