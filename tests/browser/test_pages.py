"""Every page that each role can reach, in its sizes and languages, with axe-core's checks."""

import json

import pytest

from fundapp.access.permissions import Role
from fundapp.identity.matrix import ANONYMOUS, route_matrix
from tests.browser.crawler import NO_PAGES, reachable_pages
from tests.browser.visitor import NARROW, NARROWEST, WIDE, accessibility_faults
from tests.databases import run_folder
from tests.shared_once import shared

pytestmark = pytest.mark.long

VISITORS = [ANONYMOUS, *map(str, Role)]

#: How many addresses of an endpoint are checked, if not one.
SHOWN = {
    "giving.donor_import": 3,
    "disbursements.show": 3,
    "banking.line": 3,
    "giving.pledge": 3,
    "ledger.fund": 3,
    "grants.show": 2,
}
#: Pages that differ from role to role.
DIFFERING = {"disbursements.show", "today.index"}

#: The answer to a form, pages that exist only after `flask demo load`, those linked in a mail, and
#: steps of signing in (test_second_factor.py).
NOT_LINKED = {
    "children.find", "children.find_by_code", "demo.statements", "demo.statement",
    "demo.mailbox_page",
    "giving.confirm_gift", "identity.invitation", "identity.factor", "identity.app",
    "identity.new_passkey", "remarks.show", "children.visit_draft",
    "callbacks.overdue_proofs",  # from Today, where a proof is overdue
    "today.stopped_paid",  # only where the bank paid what something had stopped
}  # fmt: skip


class Reachable(dict[str, dict[str, list[str]]]):
    """For each visitor the addresses that links lead to, by endpoint; one worker follows the links
    of a visitor for all, when the first test asks.
    """

    def __init__(self, app, world):
        super().__init__()
        self.app, self.world = app, world

    def __missing__(self, name):
        folder = shared(run_folder(), f"pages-of-{name}", lambda folder: self._follow(name, folder))
        self[name] = json.loads((folder / "pages").read_text("utf-8"))
        return self[name]

    def _follow(self, name, folder):
        email = self.world.people.get(name)
        starts = ("/today", "/") if email else ("/", *self.world.secret_pages.values())
        pages = reachable_pages(self.app, email, starts)
        (folder / "pages").write_text(json.dumps(pages), "utf-8")


@pytest.fixture(scope="module")
def reachable(province):
    """For each visitor the addresses that links lead to, by endpoint."""
    return Reachable(*province)


def shown(reachable, name):
    """The addresses to check, by endpoint: public pages without a sign-in only, the books as the
    auditor only, because they are the same for everybody.
    """
    pages = {
        endpoint: urls[: SHOWN.get(endpoint, 1)]
        for endpoint, urls in reachable[name].items()
        if (name == ANONYMOUS or endpoint not in reachable[ANONYMOUS])
        and (name == Role.AUDITOR or not endpoint.startswith("audit."))
    }
    assert pages
    return pages


def is_first(reachable, name, endpoint):
    """Whether no visitor before had this endpoint checked, or it differs from role to role."""
    earlier = VISITORS[: VISITORS.index(name)]
    return endpoint in DIFFERING or not any(
        endpoint in shown(reachable, visitor) for visitor in earlier
    )


@pytest.mark.parametrize("name", VISITORS)
def test_links_lead_to_every_page(province, reachable, name):
    """Every page that a person may open is linked from another one."""
    app, _world = province
    rows = [row for row in route_matrix(app) if "GET" in row.methods and row.allowed[name]]
    wanted = {row.endpoint for row in rows} - NO_PAGES - NOT_LINKED
    if name != ANONYMOUS:
        wanted -= set(reachable[ANONYMOUS]) | only_for_others(name)
    assert wanted - set(reachable[name]) == set()


def only_for_others(name):
    """Pages that this role may open but has no link to, as there is nothing for it to do."""
    linked_for = {
        "today.my_giving": {Role.DONOR},
        "giving.own_statement": {Role.DONOR},
        # From the file, which the approver sees where a request is of that child.
        "children.corrections": {Role.CASE_MANAGER, Role.SUPERVISOR},
        "children.duplicate": {Role.CASE_MANAGER, Role.SUPERVISOR},
        "children.due": {Role.CASE_MANAGER, Role.SUPERVISOR},
        # From the sample, which officers do not see: they print the letters from their list.
        "audit.sample_letters": {Role.AUDITOR},
        # Administrators may propose it too, but the lists that lead there are the officers'.
        "banking.account": {Role.FUND_OFFICER},
        "banking.new_profile": {Role.FUND_OFFICER},
        "banking.edit_profile": {Role.FUND_OFFICER},
        "today.overdue": {Role.FUND_OFFICER},
        "disbursements.voucher": {Role.CASE_MANAGER, Role.FUND_OFFICER, Role.APPROVER},
    }
    return {endpoint for endpoint, roles in linked_for.items() if name not in roles}


@pytest.mark.parametrize("name", VISITORS)
def test_every_page_in_its_sizes(reachable, visitor, name):
    """No sideways scrolling of a page, nor on a phone of a table; one heading, the right language,
    no error in the console, nothing that axe-core finds. A page is looked at as the first role that
    may open it, in English and Malay on a phone only.
    """
    guest = visitor(None if name == ANONYMOUS else name, "th", width=NARROWEST)
    faults = []
    for endpoint, urls in shown(reachable, name).items():
        for url in urls if is_first(reachable, name, endpoint) else []:
            guest.speak("th")
            page = guest.open(url)
            faults += guest.faults(url)
            faults += accessibility_faults(page)
            for language in ("en", "ms"):
                guest.show_in(language, url)
                faults += guest.faults(url, (NARROWEST,))
    assert faults == []


ENGLISH = {
    ANONYMOUS: ["/", "/give", "/sign-in"],
    "fund_officer": ["/today", "/bank/lines", "/payments/new"],
    "auditor": ["/audit/trial-balance", "/audit/journal"],
}


@pytest.mark.parametrize("name", ENGLISH)
def test_axe_core_finds_nothing_in_english_either(visitor, name):
    guest = visitor(None if name == ANONYMOUS else name, "en")
    pages = map(guest.open, ENGLISH[name])
    assert [fault for page in pages for fault in accessibility_faults(page)] == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_error_pages_and_refused_forms(visitor, width):
    """The same checks for a 404 and a form with errors."""
    guest = visitor(None, "th", width=width)
    guest.open("/nothing-here", 404)
    guest.complaints.clear()  # the console names the status
    faults = guest.faults("404") + accessibility_faults(guest.page)
    page = guest.open("/give")
    page.fill("#amount", "1e3")
    page.click("main button[type=submit]")
    page.wait_for_selector("#error-summary:focus")
    guest.complaints.clear()
    faults += guest.faults("errors") + accessibility_faults(page)
    assert faults == []


@pytest.mark.parametrize(("language", "letter"), [("th", "ก"), ("en", "a"), ("ms", "a")])
def test_the_preloaded_font_is_used(visitor, language, letter):
    """Otherwise the style sheet would fetch it once more, or another one."""
    page = visitor(None, language).open("/")
    fetched = page.evaluate(
        """async (letter) => {
            await document.fonts.load('400 1em Sarabun', letter)
            const all = performance.getEntriesByType('resource')
            return all.map((entry) => [entry.initiatorType, new URL(entry.name).pathname])
        }""",
        letter,
    )
    preloaded = page.get_attribute("link[rel=preload]", "href")
    fonts = [(initiator, path) for initiator, path in fetched if "sarabun-400" in path]
    assert fonts == [("link", preloaded)]


def test_printed_pages(visitor, world):
    """A printed receipt has no navigation and fits the width of a sheet."""
    guest = visitor(None, "th", width=794)
    page = guest.open(world.secret_pages["a receipt"])
    page.emulate_media(media="print")
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('.site-nav')).display")
        == "none"
    )
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


_ADD_FAULTS = """
() => {
  const wide = document.createElement("p");
  wide.style.width = "2000px";
  wide.textContent = "wide";
  const picture = document.createElement("img");
  picture.src = "/static/img/emblem.svg";
  const region = document.createElement("div");
  region.className = "table-region";
  region.append(wide.cloneNode(true));
  document.querySelector("main").append(wide, region, picture, document.createElement("h1"));
  const script = document.createElement("script");
  script.textContent = "window.refusedScriptRan = true";
  document.body.append(script);
}
"""


def test_the_checks_find_faults(visitor):
    """A page with one fault of each kind."""
    guest = visitor(None, "th")
    page = guest.open("/")
    page.evaluate(_ADD_FAULTS)
    text = " ".join(guest.faults("/"))
    assert all(
        word in text for word in ("at 320", "at 1280", "h1", "policy", "console", "table")
    ), text
    assert any("image-alt" in fault for fault in accessibility_faults(page))
    assert page.evaluate("() => window.refusedScriptRan") is None
