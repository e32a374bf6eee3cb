"""Funds to give to, on a fixed day."""

import pytest

from fundapp.ledger.models import Restriction
from tests.factories.books import make_fund


@pytest.fixture
def funds(session, clock):
    """GENERAL, SCHOLARSHIP and ZAKAT; today is 24 November 2026."""
    make_fund("GENERAL", position=1)
    make_fund("SCHOLARSHIP", Restriction.RESTRICTED, position=2)
    make_fund("ZAKAT", Restriction.ZAKAT, position=3)
    return session
