"""The page with the statement files."""

import pytest

from demo.folder import find_sign_ins
from demo.practice_files import PRACTICE_FILES
from fundapp.identity.queries import find_user_by_email
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
    for file in PRACTICE_FILES:
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
