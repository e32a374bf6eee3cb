"""A visitor with a browser, and the checks of every page that the visitor opens."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.factories.identity import open_session_of

#: A busy machine is no error.
PATIENCE_MS = 60_000

WIDE, NARROW, NARROWEST = 1280, 360, 320
HEIGHT = 900

#: Runs before a page's own scripts, and collects what the content security policy refuses.
_WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

#: Elements that are wider than the window, and on a phone tables that scroll sideways, which would
#: hide their amounts; measured after the page was laid out in the window's size.
_TOO_WIDE = """
async () => {
  await document.fonts.ready;
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const width = document.documentElement.clientWidth;
  const scrolling = [...document.querySelectorAll(".table-region")]
    .filter((region) => innerWidth < 640 && region.scrollWidth > region.clientWidth)
    .map((region) => `table ${region.ariaLabel} ${region.scrollWidth} > ${region.clientWidth}`);
  if (document.documentElement.scrollWidth <= width) return scrolling;
  const scrolls = (element) => element.closest(".table-region, pre, .work-menu:not([open])");
  return [...document.querySelectorAll("body *")]
    .filter((element) => !scrolls(element) || element.matches(".table-region"))
    .filter((element) => element.getBoundingClientRect().right > width + 0.5)
    .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`)
    .slice(0, 5)
    .concat(scrolling, [`page ${document.documentElement.scrollWidth} > ${width}`]);
}
"""
#: Puts the content of an address in the place of the open page's, which takes a third of the time
#: of opening it. Scripts do not run again.
_SHOW = """
async (url) => {
  const answer = await fetch(url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.documentElement.lang = page.documentElement.lang;
  document.body.replaceWith(page.body);
}
"""
#: Only what is wrong comes back: all that axe-core found takes as long again as finding it.
_AXE = "() => axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)"
_TITLES = "() => [...document.querySelectorAll('h1')].map((title) => title.textContent.trim())"

#: Chromium reports this for a font that it still has from the page before; that the font is used
#: is shown by `test_the_preloaded_font_is_used`.
_CACHED_FONT = "-400-normal.woff2 was preloaded using link preload but not used"
#: And this for a form that is shown again with what is to be put right.
_FORM_REFUSED = "the server responded with a status of 422"
#: And this for a link that was used up, as it should be.
_LINK_USED = "the server responded with a status of 410"

expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    """A browser context with one page; errors and warnings of its console are in `complaints`."""

    def __init__(self, chromium: Browser, site: str, language: str = "th", **options: Any) -> None:
        viewport = {"width": options.pop("width", WIDE), "height": HEIGHT}
        self.context = chromium.new_context(
            base_url=site, viewport=viewport, locale=language, reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.site = site
        self.speak(language)
        self.context.add_init_script(_WATCH)
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        usual = (_CACHED_FONT, _FORM_REFUSED, _LINK_USED)
        is_usual = any(text in message.text for text in usual)
        if message.type in ("error", "warning") and not is_usual:
            self.complaints.append(message.text)

    def speak(self, language: str) -> None:
        """Have the pages from now on in this language."""
        self.language = language
        self.context.add_cookies([{"name": "lang", "value": language, "url": self.site}])

    def show_in(self, language: str, url: str) -> None:
        """Show the open page, whose address is ``url``, in this language, without its scripts."""
        self.speak(language)
        self.page.evaluate(_SHOW, url)

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def sign_in(self, app: Flask, email: str) -> None:
        """Let the browser have a session of this person, and open the workspace."""
        self.let_in(app, email)
        self.page.goto("/today")

    def let_in(self, app: Flask, email: str) -> None:
        """Let the browser have a session of this person; test_second_factor.py signs in with the
        forms.
        """
        token = open_session_of(app, email)
        self.context.add_cookies([{"name": "sid", "value": token, "url": self.site}])

    def open(self, url: str, status: int = 200) -> Page:
        """Open an address, which must answer with this status."""
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status == status, (url, answer.status)
        return self.page

    def faults(self, url: str, widths: tuple[int, ...] = (NARROWEST, WIDE)) -> list[str]:
        """What is wrong with the open page: its width in these sizes, heading and language, and
        what the console and the content security policy report.
        """
        faults = [f"{url} {self.language} console: {text}" for text in self.complaints]
        self.complaints.clear()
        page = self.page
        titles = page.evaluate(_TITLES)
        if len(titles) != 1 or not titles[0]:
            faults.append(f"{url}: h1 {titles}")
        if page.get_attribute("html", "lang") != self.language:
            faults.append(f"{url}: lang is {page.get_attribute('html', 'lang')}")
        faults += [f"{url} policy: {text}" for text in page.evaluate("() => window.refused")]
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            elements = page.evaluate(_TOO_WIDE)
            faults += [f"{url} {self.language} at {width}: {text}" for text in elements]
        return faults


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds on the page, of every impact."""
    page.evaluate(Axe().axe_script)
    return [
        f"{page.url} {violation['id']} ({violation['impact']}): {violation['help']} "
        f"{[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in page.evaluate(_AXE)
    ]
