"""Every page that a link leads to, with data of every kind, on PostgreSQL.

On SQLite the tests in the browser open them.
"""

import pytest

from fundapp.access.permissions import Role
from fundapp.identity.matrix import ANONYMOUS
from tests.browser.crawler import reachable_pages
from tests.browser.world import make_world


@pytest.mark.postgresql
@pytest.mark.long
def test_every_page_answers(app, session, clock):
    """The crawler fails at an address that is refused or not found."""
    app.config["WTF_CSRF_ENABLED"] = True
    world = make_world()
    pages = {role: reachable_pages(app, world.people[role], ("/today", "/")) for role in Role}
    pages[ANONYMOUS] = reachable_pages(app, None, ("/", *world.secret_pages.values()))
    assert min(map(len, pages.values())) > 3
    assert len(set().union(*pages.values())) > 40
