"""The application as it serves people: form tokens are asked for, and PromptPay is set up."""

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.world import make_world

#: Fifteen digits, as a bank hands them out; of no bank's making.
BILLER_ID = "099400016550101"


@pytest.fixture
def fund_app(app, clock):
    """The application with everything in force that other tests make cheap; the clock stands."""
    app.config.update(WTF_CSRF_ENABLED=True, PROMPTPAY_BILLER_ID=BILLER_ID)
    return app


@pytest.fixture
def browser(fund_app):
    """Opens a browser of somebody's own: `browser()`, or `browser("th")` for Thai."""
    return lambda language="en": Browser(fund_app, language)


@pytest.fixture
def world(fund_app, build_once, browser):
    """One of everything, and everybody signed in."""
    return build_once("journeys", lambda: make_world(browser))
