"""Headers on every answer, error pages and static files included."""

import pytest

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


@pytest.mark.parametrize("language", ["th", "en", "ms"])
def test_error_pages_speak_the_language_and_show_a_way_back(client, language):
    answer = client.get(f"/nothing-here?lang={language}")
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert 'href="/"' in answer.text


def test_the_language_is_remembered(client):
    client.get("/give?lang=ms")
    assert '<html lang="ms"' in client.get("/give").text
    assert '<html lang="ms"' in client.get("/give?lang=xx").text


def test_health(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
