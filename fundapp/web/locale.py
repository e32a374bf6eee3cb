"""The language of pages: Thai (default), English or Malay; from ``?lang=``, then from a cookie."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, format_date, get_locale, gettext

from fundapp.errors import DomainError
from fundapp.labels import LabelledEnum
from fundapp.thai.calendar import format_day_th

LOCALES = ("th", "en", "ms")
DEFAULT = "th"
COOKIE = "lang"
_YEAR_SECONDS = 365 * 24 * 3600


def choose_locale() -> str:
    """The language of the request: ``?lang=``, the cookie, or Thai."""
    if not has_request_context():
        return DEFAULT
    if "locale" not in g:
        wanted = (request.args.get("lang"), request.cookies.get(COOKIE))
        g.locale = next((code for code in wanted if code in LOCALES), DEFAULT)
    code: str = g.locale
    return code


def locale_code() -> str:
    """``th``, ``en`` or ``ms``: the language in use, also inside ``force_locale``."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LOCALES else DEFAULT


def localized(thing: Any, attr: str = "name") -> str:
    """``thing.<attr>_<language>``, falling back to Thai and then English."""
    for code in (locale_code(), "th", "en"):
        text = getattr(thing, f"{attr}_{code}", "")
        if text:
            return str(text)
    return ""


def fund_name() -> str:
    """The name of the fund in the language in use."""
    return str(current_app.config[f"FUND_NAME_{locale_code().upper()}"])


def translated(error: DomainError) -> str:
    """The sentence of a domain error in the language in use."""
    return with_values(error.message, error.params)


def with_values(message: str, params: Mapping[str, object]) -> str:
    """A message id with its values in the language in use: labels translated, days written out."""
    return gettext(message, **{name: _written(value) for name, value in params.items()})


def written_day(value: date) -> str:
    """``24 พฤศจิกายน 2569`` in Thai, ``24 November 2026`` in English and Malay."""
    return format_day_th(value) if locale_code() == "th" else format_date(value, "d MMMM y")


def _written(value: object) -> object:
    if isinstance(value, LabelledEnum):
        return gettext(value.label)
    return written_day(value) if isinstance(value, date) else value


def _remember(response: Response) -> Response:
    code = request.args.get("lang")
    if code in LOCALES and code != request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE,
            code,
            max_age=_YEAR_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=current_app.config["SECURE"],
        )
    return response


def init_app(app: Flask) -> None:
    """Set up the translations and the choice of language."""
    Babel(app, locale_selector=choose_locale)
    app.after_request(_remember)
    app.jinja_env.globals.update(locale_code=locale_code, fund_name=fund_name)
