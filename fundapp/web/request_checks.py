"""Refuses requests that none of our forms can send, before any view runs.

A form is ours when the browser says so: it writes where a request is from into headers that no page
can set (Sec-Fetch-Site and Origin). What comes from another site is refused, whatever it carries.
Of a stranger nothing more is asked, so pages that strangers see need no token. Whoever has a
session, and whoever's browser does not say, needs the signed token of the form as well.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.routing import IntegerConverter, Map

V = TypeVar("V", bound=Callable[..., Any])

csrf = CSRFProtect()
_LARGEST = 2**63 - 1
#: Methods of requests whose body nothing reads.
READING = frozenset({"GET", "HEAD", "OPTIONS"})

#: The names of all fields that take files; a file in any other field would be read as text.
FILE_FIELDS = frozenset({"document", "file", "paper", "slip"})


def refuse_misplaced_files() -> None:
    """Refuse a file in a field that takes text."""
    if request.method not in READING and not FILE_FIELDS.issuperset(request.files):
        abort(400)


def refuse_nul() -> None:
    """Refuse NUL characters anywhere: no text column of PostgreSQL can hold them."""
    texts = [request.path, *_values(request.args)]
    if request.method not in READING:
        texts += _values(request.form)
    if any("\x00" in text for text in texts):
        abort(400)


def refuse_unreadable_origin() -> None:
    """Refuse a form whose Referer, Origin or Host cannot be read: the check of where it is from
    compares them, and would raise an error.
    """
    if request.method != "POST":
        return
    try:
        told = (request.referrer or "", f"//{request.host}", request.headers.get("Origin", ""))
        _ = [urlsplit(address).port for address in told]
    except ValueError:
        abort(400)


def needs_token() -> bool:
    """Whether a form of the visitor needs the signed token, as `check_form` asks for it: of whoever
    has a session, be it over, and whose browser does not say where its requests are from.
    """
    has_session = current_app.config["SESSION_TOKEN_COOKIE"] in request.cookies
    return has_session or "Sec-Fetch-Site" not in request.headers


def without_token(view: V) -> V:
    """Mark a view that takes what a program sends, which has neither a form of ours nor a session:
    its address or the request itself proves that it may.
    """
    view.needs_no_token = True  # type: ignore[attr-defined]
    return view


def sent_by_own_page() -> bool:
    """Whether the browser says that one of our pages sent the request, whatever its token."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if not _is_own(origin):
        return False
    return site == "same-origin" or (site is None and origin not in {None, "null"})


def check_form() -> None:
    """Refuse what another site sent, and what cannot be told to be ours without a token. Raises
    CSRFError.
    """
    if request.method in READING or request.endpoint is None:
        return
    if getattr(current_app.view_functions[request.endpoint], "needs_no_token", False):
        g.csrf_valid = True
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site not in {None, "same-origin", "none"} or not _is_own(request.headers.get("Origin")):
        raise CSRFError("sent by another site")
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return
    if site == "same-origin" and not needs_token():
        g.csrf_valid = True
    else:
        csrf.protect()


def _is_own(origin: str | None) -> bool:
    """Whether the header Origin names us; one that names nobody says nothing."""
    if origin in {None, "null"}:
        return True
    own = {request.host, urlsplit(str(current_app.config["PUBLIC_URL"])).netloc}
    return urlsplit(str(origin)).netloc.lower() in own


def _values(fields: object) -> list[str]:
    lists = fields.lists()  # type: ignore[attr-defined]
    return [text for key, values in lists for text in (key, *values)]


class _StoredNumber(IntegerConverter):
    """A number of an address: a larger one than the databases know is of nothing."""

    def __init__(self, url_map: Map, **rules: Any) -> None:
        super().__init__(url_map, **{"max": _LARGEST, **rules})


def init_app(app: Flask) -> None:
    """Check every request. Numbers in addresses are those that a column can hold; routes are added
    afterwards.
    """
    app.url_map.converters["int"] = _StoredNumber
    app.before_request(refuse_unreadable_origin)
    app.before_request(refuse_misplaced_files)
    app.before_request(refuse_nul)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # by check_form instead
    csrf.init_app(app)
    app.before_request(check_form)
