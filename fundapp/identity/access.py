"""Doors: what a route needs, and the check that every route says so.

``@public`` or ``@requires(permission)`` stands on each view function. `guard` runs before every
request and lets nothing through that does not say which; `undeclared_endpoints` lets the
application refuse to start.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from fundapp.errors import ForbiddenError
from fundapp.identity.permissions import Permission

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC = "public"
#: Flask's own static files carry nothing of anybody.
_OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})


def public(view: V) -> V:
    """Anybody may open this door."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[V], V]:
    """Only people with a role that grants ``permission`` may open this door."""

    def mark(view: V) -> V:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> str | None:
    """``public``, the permission's name, or None when the endpoint does not say."""
    if endpoint in _OPEN_ENDPOINTS:
        return PUBLIC
    return getattr(app.view_functions[endpoint], "access", None)


def undeclared_endpoints(app: Flask) -> list[str]:
    """Endpoints that state neither a permission nor that they are public."""
    return sorted(name for name in app.view_functions if access_of(app, name) is None)


def guard() -> Response | None:
    """Before each request: let it through, send the visitor to the sign-in page, or refuse."""
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access == PUBLIC:
        return None
    if access is None:
        abort(403)
    if not current_user.is_authenticated:
        return _to_the_door()
    if not current_user.can(Permission(access)):
        raise ForbiddenError
    return None


def _to_the_door() -> Response:
    """The sign-in page, and from there back: to the page, or to the page that the form was on."""
    target = request.full_path.rstrip("?")
    if request.method != "GET":
        flash(
            _("You are not signed in any more, so nothing was saved. Sign in and fill in again."),
            "warning",
        )
        target = urlsplit(request.referrer or "").path
    return redirect(url_for("identity.sign_in", next=target or None))


def init_app(app: Flask) -> None:
    """Put the guard in front of every request."""
    app.before_request(guard)
