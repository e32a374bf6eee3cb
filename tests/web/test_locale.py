"""The language of a page: asked for, remembered, Thai otherwise."""

import pytest
from flask_babel import force_locale

from fundapp.errors import RuleError
from fundapp.web.locale import choose_locale, fund_name, locale_code, translated

pytestmark = pytest.mark.sqlite

YEAR_SECONDS = 365 * 24 * 3600


@pytest.mark.parametrize(
    ("query", "cookie", "language"),
    [("", None, "th"), ("?lang=en", None, "en"), ("", "ms", "ms"), ("?lang=th", "ms", "th"),
     ("?lang=xx", "ms", "ms"), ("?lang=xx", "yy", "th"), ("?lang=", None, "th"),
     ("?lang=EN", None, "th")],
)  # fmt: skip
def test_the_language_asked_for_comes_before_the_remembered_one(client, query, cookie, language):
    if cookie:
        client.set_cookie("lang", cookie)
    assert f'<html lang="{language}"' in client.get(f"/give{query}").text


def test_a_language_asked_for_is_remembered_for_a_year(client):
    cookie = client.get("/give?lang=ms").headers["Set-Cookie"]
    assert cookie.startswith("lang=ms;")
    assert f"Max-Age={YEAR_SECONDS}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_sent_over_https_only(app, client):
    app.config["SECURE"] = True
    assert "Secure" in client.get("/give?lang=ms").headers["Set-Cookie"]


@pytest.mark.parametrize("query", ["", "?lang=xx", "?lang=ms"])
def test_nothing_is_remembered_that_is_known_or_unknown(client, query):
    client.set_cookie("lang", "ms")
    cookies = client.get(f"/give{query}").headers.getlist("Set-Cookie")
    assert not any(cookie.startswith("lang=") for cookie in cookies)


def test_outside_a_request_it_is_thai_unless_another_is_forced(app):
    with app.app_context():
        assert choose_locale() == locale_code() == "th"
        with force_locale("ms"):
            assert locale_code() == "ms"
        with force_locale("de"):
            assert locale_code() == "th"
    assert locale_code() == "th"


@pytest.mark.parametrize("language", ["th", "en", "ms"])
def test_the_fund_is_called_by_its_name_in_the_language(app, language):
    with app.test_request_context(f"/?lang={language}"):
        assert fund_name() == app.config[f"FUND_NAME_{language.upper()}"]


def test_a_rules_error_is_translated_with_its_values(app):
    error = RuleError("Choose a number from 1 to %(most)s.", params={"most": 12})
    with app.test_request_context("/?lang=en"):
        assert translated(error) == "Choose a number from 1 to 12."
    with app.test_request_context("/?lang=th"):
        assert "12" in translated(error)
        assert translated(error) != "Choose a number from 1 to 12."
