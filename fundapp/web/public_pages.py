"""Pages that are the same for every stranger, remembered as bytes in the memory of each process.

A page is made once for each language and each version of what it shows, which its view states and
each request asks for: so a gift or a frozen fund shows at once, and a page is from no other day. No
page is older than `remembered_pages.SECONDS`, so what no version covers shows within that time.
While one visitor's request makes a page anew, others who ask meanwhile get the last one.

What differs from visitor to visitor stands in a page as the value that it was made with; each
visitor gets another value there. Whoever is signed in, has a message waiting or asks something of
the page gets a page of their own, made by the same view.

The view answers the first request for a page. `AnswersBefore` (`answers_before`) answers further
ones with the same bytes and headers, without the application's work for each request.
"""

import secrets
from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from fundapp import clock
from fundapp.web.compression import best_encoding
from fundapp.web.locale import choose_locale
from fundapp.web.remembered_pages import TOKEN, Draft, PageStore, RememberedPage
from fundapp.web.request_checks import needs_token

#: A browser may keep the page, but asks each time whether it is still the same.
_ASK_AGAIN = "private, no-cache"


def public_page(
    version: Callable[[], Hashable],
    make: Callable[[], Draft],
    *,
    media_type: str = "text/html",
    asked: tuple[str, ...] = (),
    about: str = "",
) -> Response:
    """The answer of the request's view: the remembered page, or one of the visitor's own.

    ``asked`` names what of the address's query the page depends on beside the language; ``about``
    tells pages of one view apart, of which there must not be many.
    """
    content_type = f"{media_type}; charset=utf-8"
    if not is_for_everybody(asked):
        return Response(make().text, content_type=content_type)
    name = (request.endpoint, choose_locale(), about)
    page = store_of(current_app).get(name, (clock.today(), version()), lambda: _make_for_all(make))
    g.remembered = page, name, version
    if page.fills:
        return Response(page.body(form_token()), content_type=content_type)
    return _answer_of_all(page, content_type)


def _answer_of_all(page: RememberedPage, content_type: str) -> Response:
    """The same bytes for everybody, in an encoding of the browser; 304 where it has them."""
    headers = {
        "Cache-Control": _ASK_AGAIN,
        "Content-Type": content_type,
        "ETag": f'W/"{page.etag}"',
        "Vary": "Accept-Encoding, Cookie",
    }
    encoding = best_encoding(request.headers.get("Accept-Encoding"))
    if encoding:
        # It carries no secret, whoever asks.
        headers["Content-Encoding"] = encoding
    answer = Response(page.body_in(encoding) if encoding else page.pieces[0], headers=headers)
    if "If-None-Match" in request.headers:
        answer.make_conditional(request)
    return answer


def is_for_everybody(asked: tuple[str, ...] = ()) -> bool:
    """Whether the request gets the page that every stranger gets."""
    if "_flashes" in session or any(name in request.args for name in asked):
        return False
    signed_in = current_app.config["SESSION_TOKEN_COOKIE"] in request.cookies
    return not (signed_in and current_user.is_authenticated)


def form_token() -> str:
    """The token for a form of a remembered page: an empty one for whoever needs neither token nor
    cookie.
    """
    return str(generate_csrf()) if needs_token() else ""


def _make_for_all(make: Callable[[], Draft]) -> Draft:
    """Make the page with a token that is nobody's, and without what the address asks."""
    mark = secrets.token_urlsafe(24)
    g.csrf_token, g.made_for_all = mark, True
    try:
        draft = make()
    finally:
        g.pop("csrf_token", None)
        g.pop("made_for_all", None)
    if mark not in draft.text:
        return draft
    return Draft(draft.text, {**draft.fills, mark: TOKEN})


def store_of(app: Flask) -> PageStore:
    """The pages that this process remembers of ``app``."""
    store: PageStore = app.extensions.setdefault("public_pages", PageStore())
    return store
