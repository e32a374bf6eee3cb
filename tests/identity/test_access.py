"""Every route is open to exactly those whom the matrix names."""

import pytest

from fundapp.access.permissions import Role
from fundapp.identity.matrix import ANONYMOUS, route_matrix
from tests.factories.identity import make_user, sign_in

pytestmark = pytest.mark.sqlite

VISITORS = [ANONYMOUS, *Role]


def plain_gets(app):
    """Routes that a browser can open without parameters, but for the second step of signing in,
    which leads everybody on who is not in it.
    """
    return [
        row
        for row in route_matrix(app)
        if "GET" in row.methods and "<" not in row.rule and row.endpoint != "identity.factor"
    ]


def plain_posts(app):
    return [row for row in route_matrix(app) if "POST" in row.methods]


def visitor(app, name):
    client = app.test_client()
    if name != ANONYMOUS:
        sign_in(client, make_user(name, ("9501",) if name == Role.CASE_MANAGER else ()))
    return client


def is_allowed(answer):
    """Whether the request was allowed; what the view then answers may be anything but a fault."""
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"):
        return False
    assert answer.status_code < 500 or answer.status_code == 503, answer.request.path
    return answer.status_code != 403


@pytest.mark.parametrize("name", VISITORS)
def test_every_page_is_open_to_those_whom_the_matrix_names(app, session, name):
    client = visitor(app, name)
    rows = plain_gets(app)
    answers = {row.rule: is_allowed(client.get(row.rule)) for row in rows}
    assert answers == {row.rule: row.allowed[name] for row in rows}
    assert len(rows) > 5


@pytest.mark.parametrize("name", VISITORS)
def test_no_form_can_be_sent_without_the_permission(app, session, name):
    """Sent to the address of an unknown thing: refused before the thing is looked for."""
    client = visitor(app, name)
    forbidden = [row for row in plain_posts(app) if not row.allowed[name]]
    for row in forbidden:
        answer = client.post(unknown(row.rule))
        assert not is_allowed(answer), row.rule


def unknown(rule):
    """The rule with an id in its parameters that nothing has."""
    parts = [("1" if part.startswith("<") else part) for part in rule.split("/")]
    return "/".join(parts)


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_links_to_allowed_pages_only(app, session, role):
    client = visitor(app, role)
    page = client.get("/sessions").text
    side = page.partition('<nav class="work-side')[2].partition("</nav>")[0]
    links = [piece.partition('"')[0] for piece in side.split('href="')[1:]]
    assert "/sessions" in links
    assert 'href="/sign-in"' not in client.get("/").text
    allowed = {row.rule: row.allowed[role] for row in plain_gets(app)}
    assert all(allowed[link] for link in links)
    assert ("/users" in links) == (role == Role.ADMINISTRATOR)
    assert ("/bank/reconciliation" in links) == (role in (Role.FUND_OFFICER, Role.AUDITOR))
