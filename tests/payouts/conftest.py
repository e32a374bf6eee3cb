"""Fixtures of this package's tests."""

import pytest

from tests.factories.payouts import make_hands


@pytest.fixture
def hands(build_once, clock):
    """Who asks, approves, makes, releases and takes; three approved requests and an account."""
    return build_once("hands", make_hands)


@pytest.fixture
def english(client):
    """A browser that reads English."""
    client.set_cookie("lang", "en")
    return client
