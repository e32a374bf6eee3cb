"""Funds to give to, on a fixed day."""

import pytest

from fundapp.access.permissions import Role
from fundapp.ledger.models import Restriction
from tests.factories.books import make_fund
from tests.factories.identity import begin_session


@pytest.fixture
def funds(build_once, session, clock):
    """GENERAL, SCHOLARSHIP and ZAKAT; today is 24 November 2026."""
    build_once("giving/funds", make_funds)
    return session


def make_funds():
    make_fund("GENERAL", position=1)
    make_fund("SCHOLARSHIP", Restriction.RESTRICTED, position=2)
    make_fund("ZAKAT", Restriction.ZAKAT, position=3)


@pytest.fixture
def officer(funds, build_once, client):
    """The client, signed in as a fund officer, in English."""
    client.set_cookie("sid", build_once("officer", lambda: begin_session(Role.FUND_OFFICER)))
    client.set_cookie("lang", "en")
    return client
