"""The card processor that stands in for Stripe refuses what Stripe refuses."""

import pytest
import stripe

from fundapp.giving.gateways.stripe import VERSION
from tests.fakes.stripe import FakeStripe

LINE = {
    "quantity": 1,
    "price_data": {
        "currency": "thb",
        "unit_amount": 50_000,
        "product_data": {"name": "Gift"},
    },
}
ASKED = {"mode": "payment", "success_url": "https://example.org/", "line_items": [LINE]}


@pytest.fixture
def fake():
    with FakeStripe() as processor:
        yield processor


@pytest.fixture
def client(fake):
    return connect(fake)


def connect(fake, key=None, version=VERSION):
    return stripe.StripeClient(
        key or fake.key,
        base_addresses={"api": fake.url},
        stripe_version=version,
        max_network_retries=0,
    )


def line(**price):
    return {**LINE, "price_data": {**LINE["price_data"], **price}}


@pytest.mark.parametrize(
    ("values", "param", "code"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
        ({"payment_intent_data": {"x": "1"}}, "payment_intent_data[x]", "parameter_unknown"),
        ({"line_items": [{**LINE, "name": "x"}]}, "line_items[0][name]", "parameter_unknown"),
        ({"line_items": [line(unit_amount=999)]}, "unit_amount", "amount_too_small"),
        ({"line_items": [line(unit_amount="9.5")]}, "unit_amount", "parameter_invalid_integer"),
        ({"success_url": ""}, "success_url", "parameter_missing"),
        ({"mode": "subscription"}, "mode", None),
        ({"submit_type": "give"}, "submit_type", None),
        ({"locale": "xx"}, "locale", None),
        ({"expires_at": 1}, "expires_at", None),
        ({"allowed_payment_method_types": ["cash"]}, "allowed_payment_method_types", None),
    ],
)
def test_what_is_refused(client, values, param, code):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(ASKED | values)
    assert (refused.value.param, refused.value.code) == (param, code)


def test_promptpay_is_not_kept(client):
    asked = {
        "allowed_payment_method_types": ["card", "promptpay"],
        "payment_intent_data": {"setup_future_usage": "off_session"},
    }
    with pytest.raises(stripe.InvalidRequestError, match="setup_future_usage"):
        client.v1.checkout.sessions.create(ASKED | asked)


def test_the_same_key_is_the_same_call(client, fake):
    first, again = (
        client.v1.checkout.sessions.create(ASKED, {"idempotency_key": "one"}) for _time in range(2)
    )
    assert first.id == again.id
    assert len(fake.world.all("checkout.session")) == 1
    other = ASKED | {"locale": "th"}
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(other, {"idempotency_key": "one"})


def test_key_and_version_are_asked_for(fake):
    with pytest.raises(stripe.AuthenticationError):
        connect(fake, key="sk_test_another").v1.payouts.list()
    with pytest.raises(stripe.InvalidRequestError, match="pinned"):
        connect(fake, version="2023-08-16").v1.payouts.list()


def test_lists_are_pages(client, fake):
    for _time in range(5):
        client.v1.checkout.sessions.create(ASKED)
    found = client.v1.checkout.sessions.list({"limit": 2})
    assert (len(found.data), found.has_more) == (2, True)
    assert len({each.id for each in found.auto_paging_iter()}) == 5
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.list({"limit": 101})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.retrieve("cs_unknown")


def test_expand_ends_at_four_levels(client):
    deep = "payment_intent.latest_charge.refunds.data.balance_transaction"
    made = client.v1.checkout.sessions.create(ASKED)
    with pytest.raises(stripe.InvalidRequestError, match="4 levels"):
        client.v1.checkout.sessions.retrieve(made.id, {"expand": [deep]})


def test_its_signature_is_the_one_of_the_library(fake):
    body, header = fake.deliveries.signed({"id": "evt_1", "object": "event"})
    assert stripe.WebhookSignature.verify_header(
        body.decode(), header, fake.deliveries.secret, tolerance=300
    )
