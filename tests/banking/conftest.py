"""A fund to give to, a bank account, a fixed clock, and people who are signed in."""

import pytest

from fundapp.banking.matching.operations import certain
from tests.factories.banking import make_bank_account
from tests.factories.books import make_fund
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def bank(session, clock):
    """The fund GENERAL and the account KTB-MAIN; today is 24 November 2026."""
    make_fund("GENERAL")
    make_bank_account()
    return session


@pytest.fixture
def step(monkeypatch):
    """How many lines are matched in a step: a few, since several steps are what is shown."""
    monkeypatch.setattr(certain, "STEP", 12)
    return certain.STEP


@pytest.fixture
def officer(bank, client):
    """A signed-in fund officer, reading English."""
    sign_in(client, make_user("fund_officer"))
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def auditor(bank, app):
    """A signed-in auditor, reading English."""
    client = app.test_client()
    sign_in(client, make_user("auditor"))
    client.set_cookie("lang", "en")
    return client
