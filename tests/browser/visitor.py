"""Somebody at a browser, and what a page must never do under their eyes."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.factories.identity import PASSWORD

WIDE, NARROW = 1280, 360
HEIGHT = 900

#: Runs before a page's own scripts: what the content security policy refuses is kept.
_WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

#: Elements that stick out of the window, outside regions that scroll by themselves; looked at when
#: the page has settled in the window's size.
_STICKING_OUT = """
async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (element) => element.closest(".table-region, pre, .work-menu:not([open])");
  return [...document.querySelectorAll("body *")]
    .filter((element) => !scrolls(element) || element.matches(".table-region"))
    .filter((element) => element.getBoundingClientRect().right > width + 0.5)
    .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`)
    .slice(0, 5)
    .concat([`page ${document.documentElement.scrollWidth} > ${width}`]);
}
"""
_TITLES = "() => [...document.querySelectorAll('h1')].map((title) => title.textContent.trim())"

#: Chromium says so of a font that it still had from the page before; that it is used is shown by
#: `test_the_font_that_is_fetched_ahead_is_used`.
_LATE_FONT = "-400-normal.woff2 was preloaded using link preload but not used"


class Visitor:
    """A browser context with one page; complaints of the console are kept in `complaints`."""

    def __init__(self, chromium: Browser, site: str, language: str = "th", **options: Any) -> None:
        viewport = {"width": options.pop("width", WIDE), "height": HEIGHT}
        self.context = chromium.new_context(
            base_url=site, viewport=viewport, locale=language, reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(15_000)
        self.context.add_cookies([{"name": "lang", "value": language, "url": site}])
        self.context.add_init_script(_WATCH)
        self.language = language
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and _LATE_FONT not in message.text:
            self.complaints.append(message.text)

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def sign_in(self, email: str) -> None:
        """Sign in at the door."""
        self.page.goto("/sign-in")
        self.page.fill("#email", email)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/today")

    def open(self, url: str, status: int = 200) -> Page:
        """Go to an address, which must answer so."""
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status == status, (url, answer.status)
        return self.page

    def faults(self, url: str) -> list[str]:
        """What is wrong with the page as it stands: its width at both sizes, its heading, its
        language, what the console and the content security policy say.
        """
        found = [f"{url} {self.language} console: {text}" for text in self.complaints]
        self.complaints.clear()
        page = self.page
        titles = page.evaluate(_TITLES)
        if len(titles) != 1 or not titles[0]:
            found.append(f"{url}: h1 {titles}")
        if page.get_attribute("html", "lang") != self.language:
            found.append(f"{url}: lang is {page.get_attribute('html', 'lang')}")
        found += [f"{url} policy: {text}" for text in page.evaluate("() => window.refused")]
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            out = page.evaluate(_STICKING_OUT)
            found += [f"{url} {self.language} at {width}: {text}" for text in out]
        return found


def barriers(page: Page) -> list[str]:
    """What axe-core finds on the page that is serious or critical."""
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{page.url} {one['id']} ({one['impact']}): {one['help']} "
        f"{[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in results.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
