"""One set of data, one server and one Chromium for all pages; a browser context for each visitor.

Fixtures of the package are made once for all tests of this folder; the story has its own data. The
set of data is made by one worker and copied by the others.
"""

import pickle
import shutil

import pytest
import time_machine
from playwright.sync_api import sync_playwright

from config import LIMITS
from fundapp import clock
from tests.browser.server import served
from tests.browser.visitor import Visitor
from tests.browser.world import make_world
from tests.chromium import ARGUMENTS, find_chromium
from tests.conftest import MORNING, dispose, make_app, settings
from tests.databases import run_folder
from tests.shared_once import shared

PROMPTPAY = {"PROMPTPAY_BILLER_ID": "099400016550101", "WTF_CSRF_ENABLED": True}
LINE = {"LINE_CHANNEL_TOKEN": "t", "LINE_CHANNEL_SECRET": "s", "LINE_BASIC_ID": "@fund"}
HIGH_LIMITS = dict.fromkeys(LIMITS, "1000 per hour")


def pytest_collection_modifyitems(items):
    """Everything here needs the browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium():
    """The system's Chromium, without a window; its event loop ends before other tests."""
    program = find_chromium()
    assert program, "no Chromium here: install it or set CHROMIUM; `make test` says so and goes on"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def province(databases, tmp_path_factory):
    """The application with data of every kind, and that data, on 24 November 2026; the clock goes
    on from the moment when all of it was made.
    """
    made = shared(run_folder(), "province", lambda folder: make_province(databases, folder))
    own = tmp_path_factory.mktemp("province") / "copy"
    shutil.copytree(made, own)
    world, now = pickle.loads((own / "world").read_bytes())  # noqa: S301 - our own worker wrote it
    with time_machine.travel(now, tick=True):
        app = province_app(f"sqlite:///{own / 'fund.db'}", own)
        yield app, world
        dispose(app)


def province_app(url, folder):
    """The application on this database."""
    return make_app(settings(url, folder) | PROMPTPAY | LINE | HIGH_LIMITS)


def make_province(databases, folder):
    """The database, the documents, what the tests have to know of them, and the moment."""
    with databases.fresh() as url, time_machine.travel(MORNING, tick=True):
        app = province_app(url, folder)
        with app.app_context():
            made = make_world(), clock.now()
        dispose(app)
        shutil.copyfile(url.removeprefix("sqlite:///"), folder / "fund.db")
    (folder / "world").write_bytes(pickle.dumps(made))


@pytest.fixture(scope="package")
def world(province):
    """The people and secret addresses of the data."""
    return province[1]


@pytest.fixture(scope="package")
def site(province):
    """The address of the application."""
    with served(province[0]) as url:
        yield url


@pytest.fixture
def visitor(chromium, site, province, world):
    """Opens a browser context: `visitor("auditor", "en")`, or `visitor()` without a sign-in."""
    visitors = []

    def begin(role=None, language="th", **options):
        visitor = Visitor(chromium, site, language, **options)
        visitors.append(visitor)
        if role is not None:
            visitor.let_in(province[0], world.people[role])
        return visitor

    yield begin
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def enter(chromium, story_app, story_site, world):
    """Opens a browser for a story whose `world` holds e-mail addresses, and signs in:
    `enter("manager")`; without a name it does not sign in. Its page is given.
    """
    visitors = []

    def begin(name=None, language="en", **options):
        visitor = Visitor(chromium, story_site, language, **options)
        visitors.append(visitor)
        if name is not None:
            visitor.sign_in(story_app, world[name])
        return visitor.page

    yield begin
    complaints = [text for visitor in visitors for text in visitor.complaints]
    for visitor in visitors:
        visitor.close()
    assert complaints == []


@pytest.fixture
def story_app(app):
    """An application on an empty database, with form tokens as in service."""
    app.config.update(PROMPTPAY | HIGH_LIMITS)
    with time_machine.travel(MORNING, tick=True):
        yield app


@pytest.fixture
def story_site(story_app):
    """Its address."""
    with served(story_app) as url:
        yield url
