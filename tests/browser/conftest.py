"""One world, one server and one Chromium for all the pages; a context for each role and language.

What is made once lives as long as this folder's tests; the story makes a world of its own.
"""

import pytest
import time_machine
from playwright.sync_api import sync_playwright

from fundapp import create_app
from tests.browser.server import served
from tests.browser.visitor import Visitor
from tests.browser.world import make_world
from tests.chromium import ARGUMENTS, find_chromium
from tests.conftest import MORNING, Client, dispose, settings

PROMPTPAY = {"PROMPTPAY_BILLER_ID": "099400016550101", "WTF_CSRF_ENABLED": True}
GENEROUS = {"LIMIT_SIGN_IN": "1000 per hour", "LIMIT_PLEDGE": "1000 per hour"}


def pytest_collection_modifyitems(items):
    """Everything here needs the browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium, without a window."""
    program = find_chromium()
    assert program, "no Chromium here: install it or set CHROMIUM; `make test` says so and goes on"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def morning():
    """24 November 2026, and time goes on from ten o'clock."""
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture(scope="package")
def province(databases, tmp_path_factory, morning):
    """The application on the world in miniature, and that world."""
    with databases.fresh() as url:
        app = create_app(settings(url, tmp_path_factory.mktemp("province")) | PROMPTPAY | GENEROUS)
        app.test_client_class = Client
        with app.app_context():
            world = make_world()
        yield app, world
        dispose(app)


@pytest.fixture(scope="package")
def world(province):
    """Who and what there is."""
    return province[1]


@pytest.fixture(scope="package")
def site(province):
    """The address of the miniature."""
    with served(province[0]) as url:
        yield url


@pytest.fixture
def visitor(chromium, site, world):
    """Opens a browser context: `visitor("auditor", "en")`, or `visitor()` for a stranger."""
    opened = []

    def begin(role=None, language="th", **options):
        guest = Visitor(chromium, site, language, **options)
        opened.append(guest)
        if role is not None:
            guest.sign_in(world.people[role])
        return guest

    yield begin
    for guest in opened:
        guest.close()


@pytest.fixture
def story_app(app):
    """An application on an empty database, as it serves people."""
    app.config.update(PROMPTPAY | GENEROUS)
    with time_machine.travel(MORNING, tick=True):
        yield app


@pytest.fixture
def story_site(story_app):
    """Its address."""
    with served(story_app) as url:
        yield url
