"""Answers to strangers with remembered pages, before the application begins its work of a request.

It knows a page's path when a view has sent the page once (`public_pages`), and sends the same
headers. It asks the database for the version as the view does. Whatever is not plainly a stranger
who wants the whole page goes on to the application: a query, a session, a message that waits, a
page that is not of that version any more, and a database that does not answer.
"""

import base64
from binascii import Error as NoBase64
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from flask import Flask, Request, Response, g, request
from werkzeug.http import parse_cookie

from fundapp import clock
from fundapp.web.compression import LEAST, best_encoding, compress
from fundapp.web.form_sessions import FormSessions
from fundapp.web.locale import COOKIE, DEFAULT, LOCALES
from fundapp.web.public_pages import store_of
from fundapp.web.remembered_pages import TOKEN, RememberedPage

_Answer = tuple[list[tuple[str, str]], bytes]
#: Of one visitor; and what depends on the bytes, which are made anew.
_NOT_KEPT = frozenset({"set-cookie", "content-length", "content-encoding"})


class AnswersBefore:
    """WSGI: answers what it can, and hands the rest to the application."""

    def __init__(self, app: Flask, then: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._then = then
        self._sessions = FormSessions()
        #: By path and language: the name of the page and what tells its version.
        self._known: dict[tuple[str, str], tuple[Hashable, Callable[[], Hashable]]] = {}
        self._headers: dict[Hashable, list[tuple[str, str]]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer the request."""
        _drop_unreadable_cookies(environ)
        answer = self._answer(environ)
        if answer is None:
            return self._then(environ, start_response)
        headers, body = answer
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def learn(self, response: Response) -> Response:
        """After each request: remember with which headers a page for everybody was sent."""
        page, name, version = g.pop("remembered", (None, None, None))
        is_plain = self._language_of_stranger(request.environ) and not request.query_string
        if page is None or not is_plain or response.status_code != 200:
            return response
        self._headers[name] = [
            (key, value) for key, value in response.headers if key.lower() not in _NOT_KEPT
        ]
        self._known[request.path, name[1]] = name, version
        return response

    def _answer(self, environ: dict[str, Any]) -> _Answer | None:
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        if "HTTP_IF_NONE_MATCH" in environ:
            return None
        language = self._language_of_stranger(environ)
        known = language and self._known.get((environ["PATH_INFO"], language))
        if not known:
            return None
        name, version = known
        try:
            return self._answer_with(name, version, environ)
        except Exception:
            return None

    def _answer_with(
        self, name: Hashable, version: Callable[[], Hashable], environ: dict[str, Any]
    ) -> _Answer | None:
        with self._app.app_context():
            page = store_of(self._app).find(name, (clock.today(), version()))
            if page is None:
                return None
            headers, accepted = self._headers[name], environ.get("HTTP_ACCEPT_ENCODING")
            if page.fills:
                token, cookies = self._token_for(page, environ)
                return self._answer_of_one(page, token, [*headers, *cookies], accepted)
        encoding = best_encoding(accepted)
        if encoding:
            return [*headers, ("Content-Encoding", encoding)], page.body_in(encoding)
        return headers, page.pieces[0]

    def _token_for(
        self, page: RememberedPage, environ: dict[str, Any]
    ) -> tuple[str, list[tuple[str, str]]]:
        """The token of the visitor's form, empty where it needs none, and the headers that go with
        it.
        """
        if TOKEN not in page.fills or "HTTP_SEC_FETCH_SITE" in environ:
            return "", []
        answer = Response()
        token = self._sessions.token_of(self._app, Request(environ), answer)
        return token, [("Set-Cookie", each) for each in answer.headers.getlist("Set-Cookie")]

    def _answer_of_one(
        self, page: RememberedPage, token: str, headers: list[tuple[str, str]], accepted: str | None
    ) -> _Answer:
        # No other site chose anything of it: the request has no query (`compression.is_safe`).
        if best_encoding(accepted, ("gzip",)):
            return [*headers, ("Content-Encoding", "gzip")], page.gzip_body(token)
        body, encoding = page.body(token), best_encoding(accepted)
        if encoding and len(body) >= LEAST:
            return [*headers, ("Content-Encoding", encoding)], compress(body, encoding)
        return headers, body

    def _language_of_stranger(self, environ: dict[str, Any]) -> str | None:
        """The language for a visitor with no session and no message that waits; else None."""
        sent = environ.get("HTTP_COOKIE")
        if not sent:
            return DEFAULT
        cookies = parse_cookie(sent)
        config = self._app.config
        if config["SESSION_TOKEN_COOKIE"] in cookies:
            return None
        if _may_hold_message(cookies.get(config["SESSION_COOKIE_NAME"], "")):
            return None
        language = cookies.get(COOKIE, DEFAULT)
        return language if language in LOCALES else DEFAULT


def _drop_unreadable_cookies(environ: dict[str, Any]) -> None:
    """Read cookies that are no UTF-8, which none of ours is, as if there were none: reading them
    would raise an error on every page.
    """
    try:
        environ.get("HTTP_COOKIE", "").encode("latin-1").decode()
    except UnicodeError:
        del environ["HTTP_COOKIE"]


def _may_hold_message(cookie: str) -> bool:
    """Whether Flask's session may hold a flashed message; whether it is ours, others check."""
    payload = cookie.partition(".")[0]
    if not payload:
        return bool(cookie)  # it begins with a full stop when it is compressed
    try:
        return b"_flashes" in base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    except (NoBase64, ValueError):
        return True


def init_app(app: Flask) -> None:
    """Stand before ``app``; the last to see each answer."""
    before = AnswersBefore(app, app.wsgi_app)
    app.wsgi_app = before  # type: ignore[method-assign]
    app.after_request(before.learn)
