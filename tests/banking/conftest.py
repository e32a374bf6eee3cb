"""A fund to give to, a bank account, a fixed clock, and people who are signed in."""

import pytest

from fundapp.banking.matching.operations import certain
from tests.factories.banking import make_bank_account
from tests.factories.books import make_fund
from tests.factories.identity import begin_session


@pytest.fixture
def bank(build_once, session, clock):
    """The fund GENERAL and the account KTB-MAIN; today is 24 November 2026."""
    build_once("banking/bank", make_bank)
    return session


def make_bank():
    make_fund("GENERAL")
    make_bank_account()


@pytest.fixture
def step(monkeypatch):
    """How many lines are matched in a step: a few, since several steps are what is shown."""
    monkeypatch.setattr(certain, "STEP", 12)
    return certain.STEP


@pytest.fixture
def officer(bank, build_once, client):
    """A signed-in fund officer, reading English."""
    client.set_cookie("sid", build_once("officer", lambda: begin_session("fund_officer")))
    client.set_cookie("lang", "en")
    return client


@pytest.fixture
def auditor(bank, build_once, app):
    """A signed-in auditor, reading English."""
    client = app.test_client()
    client.set_cookie("sid", build_once("auditor", lambda: begin_session("auditor")))
    client.set_cookie("lang", "en")
    return client
