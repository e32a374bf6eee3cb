"""The marks of routes, and how a route without one is found."""

import pytest
from flask import Flask

from fundapp.access.marks import PUBLIC, access_of, public, requires, undeclared_endpoints
from fundapp.access.permissions import Permission


@pytest.fixture
def bare_app():
    """An application with a public route, a guarded one and two without a mark."""
    app = Flask(__name__)

    @public
    def home():
        return "home"

    @requires(Permission.CHILD_READ)
    def child():
        return "child"

    for name, view in {"home": home, "child": child, "z": lambda: "z", "a": lambda: "a"}.items():
        app.add_url_rule(f"/{name}", name, view)
    return app


def test_a_mark_is_read_from_the_endpoint(bare_app):
    assert access_of(bare_app, "home") == PUBLIC
    assert access_of(bare_app, "child") == "child:read"
    assert access_of(bare_app, "a") is None


def test_a_mark_leaves_the_view_as_it_is(bare_app):
    assert bare_app.test_client().get("/child").text == "child"


def test_static_files_are_public(bare_app):
    assert access_of(bare_app, "static") == PUBLIC


def test_routes_without_a_mark_are_named(bare_app):
    assert undeclared_endpoints(bare_app) == ["a", "z"]


@pytest.mark.sqlite
def test_the_application_has_none(app):
    assert undeclared_endpoints(app) == []
