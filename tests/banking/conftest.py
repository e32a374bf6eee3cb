"""A fund to give to, an account at a bank, and a clock that stands still."""

import pytest

from tests.factories.banking import make_bank_account
from tests.factories.books import make_fund


@pytest.fixture
def bank(session, clock):
    """The fund GENERAL and the account KTB-MAIN; today is 24 November 2026."""
    make_fund("GENERAL")
    make_bank_account()
    return session
