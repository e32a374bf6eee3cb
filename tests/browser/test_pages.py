"""Every page that each role can come to, in two sizes and two languages, and by machine's eyes."""

import pytest

from fundapp.access.permissions import Role
from fundapp.identity.matrix import ANONYMOUS, route_matrix
from tests.browser.doors import NO_PAGES, doors
from tests.browser.visitor import NARROW, WIDE, barriers

SOMEBODY = [ANONYMOUS, *map(str, Role)]

#: So many addresses of one kind of page are looked at, else one.
SHOWN = {"disbursements.show": 3, "banking.line": 3, "giving.pledge": 3}
#: Pages with other forms for other roles.
DIFFERING = {"disbursements.show", "today.index"}

#: The answer to a form that was sent; and what is there only after `flask demo load`.
NOT_LINKED = {"children.find", "demo.statements", "demo.statement"}


@pytest.fixture(scope="module")
def open_to(province):
    """The addresses that somebody can come to, by endpoint."""
    app, world = province
    found = {}
    for name in SOMEBODY:
        email = world.people.get(name)
        starts = ("/today", "/") if email else ("/", *world.secret_pages.values())
        found[name] = doors(app, email, starts)
    return found


def shown(open_to, name):
    """The addresses to look at, by endpoint: what strangers see is looked at as a stranger, the
    books as the auditor; they are the same for everybody.
    """
    pages = {
        endpoint: urls[: SHOWN.get(endpoint, 1)]
        for endpoint, urls in open_to[name].items()
        if (name == ANONYMOUS or endpoint not in open_to[ANONYMOUS])
        and (name == Role.AUDITOR or not endpoint.startswith("audit."))
    }
    assert pages
    return pages


def is_first(open_to, name, endpoint):
    """Whether nobody before looked at this kind of page, or it differs from role to role."""
    earlier = SOMEBODY[: SOMEBODY.index(name)]
    return endpoint in DIFFERING or not any(endpoint in shown(open_to, one) for one in earlier)


@pytest.mark.parametrize("name", SOMEBODY)
def test_links_lead_to_every_page(province, open_to, name):
    """Nothing that a person may open has to be guessed."""
    app, _world = province
    rows = [row for row in route_matrix(app) if "GET" in row.methods and row.allowed[name]]
    wanted = {row.endpoint for row in rows} - NO_PAGES - NOT_LINKED
    if name != ANONYMOUS:
        wanted -= set(open_to[ANONYMOUS]) | only_for_others(name)
    assert wanted - set(open_to[name]) == set()


def only_for_others(name):
    """Pages behind an open door in which this role has nothing to do."""
    nothing_there = {
        "today.my_giving": {Role.DONOR},
        "today.overdue": {Role.FUND_OFFICER},
        "disbursements.voucher": {Role.CASE_MANAGER, Role.FUND_OFFICER, Role.APPROVER},
    }
    return {endpoint for endpoint, roles in nothing_there.items() if name not in roles}


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("name", SOMEBODY)
def test_every_page_in_both_sizes(open_to, visitor, name, language):
    """No sideways scrolling, one heading, the right language, a quiet console; in Thai axe-core
    finds no barrier.
    """
    guest = visitor(None if name == ANONYMOUS else name, language)
    found = []
    for endpoint, urls in shown(open_to, name).items():
        for url in urls:
            page = guest.open(url)
            found += guest.faults(url)
            if language == "th" and is_first(open_to, name, endpoint):
                found += barriers(page)
    assert found == []


ENGLISH = {
    ANONYMOUS: ["/", "/give", "/sign-in"],
    "fund_officer": ["/today", "/bank/lines", "/payments/new"],
    "auditor": ["/audit/trial-balance", "/audit/journal"],
}


@pytest.mark.parametrize("name", ENGLISH)
def test_no_barriers_in_english_either(visitor, name):
    guest = visitor(None if name == ANONYMOUS else name, "en")
    assert [found for url in ENGLISH[name] for found in barriers(guest.open(url))] == []


MALAY = {
    ANONYMOUS: ["/", "/give", "/sign-in"],
    "case_manager": ["/today", "/children/new", "/disbursements/new"],
    "fund_officer": ["/today", "/bank/lines", "/payments"],
}


@pytest.mark.parametrize("name", MALAY)
def test_pages_in_malay(visitor, name):
    guest = visitor(None if name == ANONYMOUS else name, "ms")
    found = []
    for url in MALAY[name]:
        guest.open(url)
        found += guest.faults(url)
    assert found == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_refusals_are_pages_too(visitor, width):
    """404 and a form with errors: the same care."""
    guest = visitor(None, "th", width=width)
    guest.open("/nothing-here", 404)
    guest.complaints.clear()  # the console names the status
    found = guest.faults("404") + barriers(guest.page)
    page = guest.open("/give")
    page.fill("#amount", "1e3")
    page.click("main button[type=submit]")
    page.wait_for_selector("#error-summary:focus")
    guest.complaints.clear()
    found += guest.faults("errors") + barriers(page)
    assert found == []


@pytest.mark.parametrize(
    ("language", "letter", "script"),
    [("th", "ก", "thai"), ("en", "a", "latin"), ("ms", "a", "latin")],
)
def test_the_font_that_is_fetched_ahead_is_used(visitor, language, letter, script):
    """Else the style sheet would fetch the letters' font once more, or another one."""
    page = visitor(None, language).open("/")
    fetched = page.evaluate(
        """async (letter) => {
            await document.fonts.load('400 1em Sarabun', letter)
            const all = performance.getEntriesByType('resource')
            return all.map((one) => [one.initiatorType, new URL(one.name).pathname])
        }""",
        letter,
    )
    ahead = page.get_attribute("link[rel=preload]", "href")
    of_the_letters = [(how, path) for how, path in fetched if f"{script}-400" in path]
    assert of_the_letters == [("link", ahead)]


def test_the_children_helped_are_in_sight_on_a_phone(visitor):
    """No figure of this table waits beyond the edge, however long its heading."""
    guest = visitor(None, "th", width=NARROW)
    region = guest.open("/").locator("#children .table-region")
    assert region.evaluate("(table) => table.scrollWidth <= table.clientWidth")


@pytest.mark.parametrize("language", ["th", "en", "ms"])
def test_the_schedule_of_a_pledge_is_in_sight_on_a_phone(visitor, world, language):
    """Its longest states too: those of a pledge that rests."""
    guest = visitor(None, language, width=NARROW)
    region = guest.open(world.secret_pages["a pledge that rests"]).locator(".table-region")
    assert region.evaluate("(table) => table.scrollWidth <= table.clientWidth")


def test_pages_of_paper(visitor, world):
    """A receipt in print: without navigation, on one sheet's width."""
    guest = visitor(None, "th", width=794)
    page = guest.open(world.secret_pages["a receipt"])
    page.emulate_media(media="print")
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('.site-nav')).display")
        == "none"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


_SPOIL = """
() => {
  const wide = document.createElement("p");
  wide.style.width = "2000px";
  wide.textContent = "wide";
  const picture = document.createElement("img");
  picture.src = "/static/img/emblem.svg";
  document.querySelector("main").append(wide, picture, document.createElement("h1"));
  const script = document.createElement("script");
  script.textContent = "window.spoilt = true";
  document.body.append(script);
}
"""


def test_a_spoilt_page_would_be_noticed(visitor):
    """The eyes of the tests above are open."""
    guest = visitor(None, "th")
    page = guest.open("/")
    page.evaluate(_SPOIL)
    found = " ".join(guest.faults("/"))
    assert all(word in found for word in ("at 360", "at 1280", "h1", "policy", "console")), found
    assert any("image-alt" in one for one in barriers(page))
    assert page.evaluate("() => window.spoilt") is None
