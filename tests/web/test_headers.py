"""Headers on every answer, error pages and static files included."""

import pytest

from fundapp.access.marks import public
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite

PATHS = ["/", "/give", "/sign-in", "/nothing-here", "/static/css/theme.css", "/today", "/healthz"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_over_https_the_browser_is_told_to_stay_there(app, client):
    app.config["SECURE"] = True
    headers = client.get("/sign-in").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/give", "/sign-in", "/nothing-here"])
def test_pages_are_not_kept(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_what_another_site_learns_and_may_use(client, path):
    headers = client.get(path).headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "geolocation=(), camera=(), microphone=(), payment=()"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_a_signed_in_persons_addresses_are_told_to_nobody(client, session):
    sign_in(client, make_user("auditor"))
    assert client.get("/sessions").headers["Referrer-Policy"] == "same-origin"


def test_plain_names_of_static_files_are_kept_for_a_day_and_only_those_that_exist(client):
    assert client.get("/static/css/tables.css").headers["Cache-Control"] == "public, max-age=86400"
    for path, status in (("nothing.css", 404), ("tables.css?version=%00", 400)):
        answer = client.get(f"/static/css/{path}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")


def test_a_view_may_set_stricter_values(app, client):
    @public
    def strict():
        return "", 200, {"Cache-Control": "private", "Referrer-Policy": "no-referrer"}

    app.add_url_rule("/tests/strict", view_func=strict)
    headers = client.get("/tests/strict").headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("private", "no-referrer")
