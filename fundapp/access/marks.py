"""The marks of routes: each view function carries ``@public`` or ``@requires(permission)``; what
moves money or changes who may do what carries ``@fresh_factor`` too, and a list that can be taken
away as a file ``@fresh_factor_for_file``.

`fundapp.identity.guard` refuses requests for a view without one, and the application does not start
while `undeclared_endpoints` names any.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from fundapp.access.permissions import Permission

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC = "public"
#: Flask's own endpoint for static files, which hold no data.
_STATIC = "static"


def public(view: V) -> V:
    """Mark a view that anybody may use."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[V], V]:
    """Mark a view that only people with a role that grants ``permission`` may use."""

    def mark(view: V) -> V:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def fresh_factor(view: V) -> V:
    """Mark a view that staff may use only a short while after they proved a second factor."""
    view.asks_fresh_factor = True  # type: ignore[attr-defined]
    return view


def fresh_factor_for_file(view: V) -> V:
    """Mark a list that staff may look at, and take away as a file only a short while after they
    proved a second factor.
    """
    view.asks_fresh_factor_for_file = True  # type: ignore[attr-defined]
    return view


def asks_fresh_factor(app: Flask, endpoint: str, *, as_file: bool = False) -> bool:
    """Whether the view carries ``@fresh_factor`` or, asked for ``as_file``,
    ``@fresh_factor_for_file``.
    """
    view = app.view_functions[endpoint]
    is_asked = getattr(view, "asks_fresh_factor", False)
    return is_asked or (as_file and getattr(view, "asks_fresh_factor_for_file", False))


def access_of(app: Flask, endpoint: str) -> str | None:
    """``public``, the permission's name, or None when the endpoint has no mark."""
    if endpoint == _STATIC:
        return PUBLIC
    return getattr(app.view_functions[endpoint], "access", None)


def undeclared_endpoints(app: Flask) -> list[str]:
    """Endpoints without a mark."""
    return sorted(name for name in app.view_functions if access_of(app, name) is None)
