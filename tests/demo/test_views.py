"""The page with the statement files, and the mailbox with links to sign in."""

import re

import pytest

from demo.folder import find_sign_ins, save_sign_ins
from demo.people import SignIn
from demo.practice_files import ALL_FILES
from fundapp.identity.queries import find_user_by_email
from fundapp.worker.rounds import Rounds
from tests.demo.conftest import demo_app
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite


def signed_in(app, role):
    client = app.test_client()
    with app.app_context():
        email = next(known.email for known in find_sign_ins() if known.role == role)
        sign_in(client, find_user_by_email(email))
    return client


def test_an_officer_downloads_the_files(demo):
    client = signed_in(demo, "fund_officer")
    page = client.get("/demo/statements?lang=en").get_data(as_text=True)
    for file in ALL_FILES:
        assert file.name in page
        response = client.get(f"/demo/statements/{file.name}")
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment")


def test_only_these_files_are_given_out(demo):
    client = signed_in(demo, "fund_officer")
    for name in ("demo-sign-ins.json", "..%2Fdemo-sign-ins.json", "nothing.csv"):
        assert client.get(f"/demo/statements/{name}").status_code == 404


def test_others_are_refused(demo):
    assert signed_in(demo, "auditor").get("/demo/statements").status_code == 403
    assert demo.test_client().get("/demo/statements").status_code == 302


def test_in_service_there_is_no_such_page(databases, tmp_path):
    with demo_app(databases, tmp_path, DEMO=False) as app:
        with app.app_context():
            officer = make_user("fund_officer")
            client = app.test_client()
            sign_in(client, officer)
        assert client.get("/demo/statements").status_code == 404


def ask_for_link(app, client, email):
    client.post("/sign-in/link?lang=en", data={"email": email})
    with app.app_context():
        Rounds().work_once()


def test_a_link_to_sign_in_is_followed_by_the_browser_that_asked(databases, tmp_path):
    with demo_app(databases, tmp_path, WTF_CSRF_ENABLED=False) as app:
        asking, other = app.test_client(), app.test_client()
        assert "Open the mailbox" not in asking.get("/sign-in/link?lang=en").text
        assert asking.get("/demo/mailbox").status_code == 404  # no demo is loaded
        with app.app_context():
            donors = [make_user("donor", email=f"d@example.{end}") for end in ("org", "com")]
            save_sign_ins([SignIn("officer@example.org", "Mali", "fund_officer", (), "secret")])
            emails = [donor.email for donor in donors]
        assert "Open the mailbox" in asking.get("/sign-in/link?lang=en").text
        assert "No link has arrived" in asking.get("/demo/mailbox?lang=en").text
        ask_for_link(app, asking, emails[1])  # mail could reach this address
        assert "No link has arrived" in asking.get("/demo/mailbox?lang=en").text
        ask_for_link(app, asking, emails[0])
        assert "No link has arrived" in other.get("/demo/mailbox?lang=en").text
        page = asking.get("/demo/mailbox?lang=en").text
        address = re.search(r'href="(/sign-in/link/[^"]+)"', page).group(1)
        assert asking.post(address).headers["Location"].endswith("/my-giving")
        assert "No link has arrived" in asking.get("/demo/mailbox?lang=en").text  # used
        assert (tmp_path / "demo-mailbox.json").stat().st_mode & 0o777 == 0o600


def test_in_service_there_is_no_mailbox(databases, tmp_path):
    for overrides in ({"DEMO": False}, {"SMTP_URL": "smtp://mail.example.org"}):
        with demo_app(databases, tmp_path, **overrides) as app:
            with app.app_context():
                save_sign_ins([SignIn("officer@example.org", "Mali", "fund_officer", (), "secret")])
            assert app.test_client().get("/demo/mailbox").status_code == 404
            assert "DEMO_MAILER" not in app.config
