"""The marks of routes: ``@public`` or ``@requires(permission)`` stands on each view function.

`fundapp.identity.guard` lets no request through to a view without one, and `undeclared_endpoints`
lets the application refuse to start.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from fundapp.access.permissions import Permission

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC = "public"
#: Flask's own static files carry nothing of anybody.
_OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})


def public(view: V) -> V:
    """Mark a view that anybody may open."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[V], V]:
    """Mark a view that only people with a role that grants ``permission`` may open."""

    def mark(view: V) -> V:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: Flask, endpoint: str) -> str | None:
    """``public``, the permission's name, or None when the endpoint has no mark."""
    if endpoint in _OPEN_ENDPOINTS:
        return PUBLIC
    return getattr(app.view_functions[endpoint], "access", None)


def undeclared_endpoints(app: Flask) -> list[str]:
    """Endpoints without a mark."""
    return sorted(name for name in app.view_functions if access_of(app, name) is None)
