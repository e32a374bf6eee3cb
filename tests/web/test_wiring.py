"""Behind a reverse proxy, only the stated number of hops is believed."""

import pytest
from flask import jsonify, request

from fundapp import create_app
from fundapp.access.marks import public
from tests.conftest import dispose, settings

pytestmark = pytest.mark.sqlite

FORWARDED = {
    "X-Forwarded-For": "198.51.100.1, 203.0.113.9",
    "X-Forwarded-Proto": "http, https",
    "X-Forwarded-Host": "evil.example, fund.example",
}


@pytest.fixture
def seen_behind(database_url, tmp_path):
    """What a view sees of the visitor when so many proxies are trusted."""
    apps = []

    def ask(proxies):
        app = create_app({**settings(database_url, tmp_path), "TRUSTED_PROXIES": proxies})
        apps.append(app)

        @public
        def seen():
            return jsonify([request.remote_addr, request.scheme, request.host])

        app.add_url_rule("/tests/seen", view_func=seen)
        return app.test_client().get("/tests/seen", headers=FORWARDED).json

    yield ask
    for app in apps:
        dispose(app)


def test_without_a_proxy_what_a_visitor_writes_is_not_believed(seen_behind):
    assert seen_behind(0) == ["127.0.0.1", "http", "localhost"]


def test_one_proxy_is_believed_about_its_visitor_and_no_further(seen_behind):
    assert seen_behind(1) == ["203.0.113.9", "https", "fund.example"]


def test_two_proxies_are_believed_about_the_hop_before_them(seen_behind):
    assert seen_behind(2) == ["198.51.100.1", "http", "evil.example"]
