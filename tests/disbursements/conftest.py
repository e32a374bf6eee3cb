"""Fixtures of this package's tests."""

import pytest

from tests.factories.disbursements import make_team


@pytest.fixture
def team(build_once, clock):
    """Three people, an auditor, a child and a fund with 10,000 baht."""
    return build_once("team", make_team)


@pytest.fixture
def english(client):
    """A browser that reads English."""
    client.set_cookie("lang", "en")
    return client
