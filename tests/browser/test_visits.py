"""Home visits without a signal: written, kept encrypted, sent later, once."""

import subprocess

import pytest
import time_machine
from playwright.sync_api import expect
from sqlalchemy import func, select

from fundapp.access.permissions import Role
from fundapp.children.casework.models import CaseEntry, CaseKind
from fundapp.db import db
from fundapp.documents.models import Document
from tests.browser.conftest import HIGH_LIMITS
from tests.browser.server import served
from tests.chromium import ARGUMENTS, find_chromium
from tests.conftest import MORNING
from tests.documents.pictures import picture
from tests.factories.children import MUEANG, RAMAN, make_child
from tests.factories.identity import make_user, open_session_of

CANARY = "Zyxwvut"
SECONDS_OF_15_DAYS = 15 * 86400


@pytest.fixture
def case_managers(app):
    """A case manager with a child, and one of another district."""
    app.config.update(HIGH_LIMITS | {"WTF_CSRF_ENABLED": True})
    with time_machine.travel(MORNING, tick=True), app.app_context():
        manager = make_user(Role.CASE_MANAGER, (RAMAN,))
        child = make_child(manager, given_name="นูรี")
        other = make_user(Role.CASE_MANAGER, (MUEANG,))
        yield manager, child, other


@pytest.fixture
def phone(chromium, tmp_path):
    """A browser whose profile is a folder, and that folder."""
    folder = tmp_path / "profile"
    context = chromium.browser_type.launch_persistent_context(
        str(folder),
        executable_path=find_chromium(),
        args=[*ARGUMENTS],
        viewport={"width": 360, "height": 800},
        locale="en",
    )
    yield context, folder
    context.close()


def let_in(context, app, site, user):
    context.add_cookies(
        [
            {"name": "sid", "value": open_session_of(app, user.email), "url": site},
            {"name": "lang", "value": "en", "url": site},
        ]
    )


def visits():
    db.session.rollback()
    return db.session.scalars(select(CaseEntry).where(CaseEntry.kind == CaseKind.VISIT)).all()


def write(page, code, words=CANARY):
    page.fill("[name=code]", code)
    page.fill("[name=on_day]", "20/11/2569")
    page.fill("[name=visit_met]", words)
    page.fill("[name=visit_home]", f"บ้านเช่า {words}")
    page.wait_for_selector("text=Kept on this phone, encrypted.")


def found_in(folder):
    """The files of the profile that hold what was written, in either encoding of the browser."""
    pattern = f"{CANARY}|" + "".join(f"{sign}\\x00" for sign in CANARY)
    found = subprocess.run(["grep", "-ralP", pattern, folder], capture_output=True, check=False)
    return found.stdout.decode()


@pytest.mark.sqlite
def test_a_visit_is_written_without_a_signal_and_sent_once(app, case_managers, phone):
    """What the phone does differs on no database."""
    context, folder = phone
    manager, child, _other = case_managers
    with served(app) as site:
        page = context.new_page()
        let_in(context, app, site, manager)
        page.goto(f"{site}/children/{child.public_id}/casework")
        page.click("text=Home visit without a signal")
        page.wait_for_selector("[data-when=open]:not([hidden])")
        assert page.input_value("[name=code]") == child.code
        page.wait_for_selector("text=opens on this phone without a signal now")
        kept = page.evaluate("caches.match('/visits/draft').then((page) => page.text())")
        assert manager.display_name not in kept
        assert "csrf_token" not in kept

        context.set_offline(True)
        page.goto(f"{site}/visits/draft")
        page.wait_for_selector("text=There is no signal.")
        write(page, child.code)
        page.set_input_files(
            "[name=document]",
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture("JPEG", (300, 200))},
        )
        page.wait_for_selector("text=Photographs kept: 1")
        page.reload()
        page.click("[data-open]")
        expect(page.locator("[name=visit_met]")).to_have_value(CANARY)
        page.click("button[type=submit]:visible")
        page.wait_for_selector("text=There is no signal.")
        assert visits() == []
        assert found_in(folder) == ""
        (folder / "seen").write_bytes(CANARY.encode("utf-16-le"))
        assert found_in(folder).endswith("seen\n"), "the search finds what there is"

        context.set_offline(False)
        page.reload()
        page.click("[data-open]")
        expect(page.locator("[name=visit_met]")).to_have_value(CANARY)
        id_of_draft = page.evaluate(
            "new Promise((done) => (indexedDB.open('visit-drafts').onsuccess = (event) =>"
            " (event.target.result.transaction('rows').objectStore('rows').getAll().onsuccess ="
            " (rows) => done(rows.target.result[0].id))))"
        )
        page.click("button[type=submit]:visible")
        page.wait_for_selector("text=The visit is written into the file")
        (visit,) = visits()
        assert (visit.child_id, visit.idempotency_key) == (child.id, id_of_draft)
        assert db.session.scalar(select(func.count(Document.id))) == 1
        page.wait_for_selector("text=Nothing is kept.")


@pytest.mark.sqlite
def test_a_draft_opens_after_a_new_sign_in_until_fourteen_days(app, case_managers, phone):
    """As above."""
    context, folder = phone
    manager, child, other = case_managers
    with served(app) as site:
        page = context.new_page()
        let_in(context, app, site, manager)
        page.goto(f"{site}/visits/draft")
        write(page, "C-AAAAAAA")
        page.click("button[type=submit]:visible")
        page.wait_for_selector("text=No child of your districts has this code.")
        page.fill("[name=code]", child.code)
        context.clear_cookies(name="sid")
        page.click("button[type=submit]:visible")
        page.wait_for_selector("text=You are not signed in.")
        assert visits() == []

        let_in(context, app, site, manager)
        page.goto(f"{site}/today")
        page.click(".sign-out button")
        page.wait_for_url(lambda url: "/today" not in url)
        page.goto(f"{site}/visits/draft")
        page.wait_for_selector("text=The drafts on this phone are locked.")
        assert not page.is_visible("[name=code]")
        assert found_in(folder) == ""

        let_in(context, app, site, other)
        page.goto(f"{site}/visits/draft")
        page.wait_for_selector("text=Nothing is kept.")
        let_in(context, app, site, manager)
        page.reload()
        page.wait_for_selector("[data-open]")

        page.add_init_script(
            f"const now = Date.now; Date.now = () => now() + {SECONDS_OF_15_DAYS}000"
        )
        page.reload()
        page.wait_for_selector("text=Nothing is kept.")
