"""Pages on a phone with a weak signal, read from Chromium's own trace of each first view.

The network and the processor are slowed as a phone of the lower middle on a weak mobile network,
with the figures that Lighthouse takes for it
(https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md); the aims are what web.dev
calls good (https://web.dev/articles/vitals, https://web.dev/articles/fcp,
https://web.dev/articles/tbt). It is the processor of this machine that is slowed: only a machine
with nothing else to do gives its figures.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import load
from bench.books import loaded
from bench.databases import dispose, settings
from bench.figures import Figures
from bench.options import PEOPLE, Options
from bench.pledging import Pledging
from bench.serving import Server, serving
from fundapp import create_app
from tests.chromium import ARGUMENTS, find_chromium
from tests.factories.identity import open_session_of

#: Milliseconds there and back, kilobits a second down and up, and how many times slower the
#: processor is.
LATENCY, DOWN, UP, SLOWER = 150, 1638.4, 675.0, 4
WIDTH, HEIGHT, DENSITY = 360, 740, 2
VIEWS = 3
#: At most: milliseconds until something and until the largest part is painted, and in which tasks
#: block; and the share of the screen that moves.
FIRST, LARGEST, BLOCKED, MOVED = 1800.0, 2500.0, 200.0, 0.1
#: Milliseconds of the trace's tasks that nobody notices.
SHORT_TASK = 50.0
#: Of the trace: when a page begins and what it paints; and the tasks of its main thread.
_CATEGORIES = ["blink.user_timing", "loading", "disabled-by-default-devtools.timeline"]


@dataclass(frozen=True, slots=True)
class View:
    """The first view of a page: milliseconds until something and until the largest part is painted,
    and in which tasks block; how far what is shown moved; kilobytes on the wire.
    """

    first: float
    largest: float
    blocked: float
    moved: float
    weight: float


def measure(kind: str, urls: Mapping[str, str], options: Options, figures: Figures) -> None:
    """Load the demo, and print when a phone shows what of the pages that donors open."""
    with (
        loaded(urls["fund"], options.size, options.scale),
        serving("bench.serving:application()", urls["fund"]) as server,
        _chromium() as browser,
    ):
        session = _session_of_donor(urls["fund"])
        for name, path in _pages(server).items():
            url = f"http://127.0.0.1:{server.port}{path}"
            views = [_view(browser, url, session) for _ in range(VIEWS)]
            _print(f"phone {kind} {name}", views, figures)


def _session_of_donor(url: str) -> str:
    app = create_app(settings(url))
    token = open_session_of(app, PEOPLE["donor"])
    dispose(app)
    return token


def _pages(server: Server) -> dict[str, str]:
    """The pages' paths by name; the pledge is one that a visitor has just made."""
    connection = load.Connection(server.port)
    _, answer = connection.send(Pledging(connection)())
    connection.close()
    pledge = re.search(rb"^location: (\S+)", answer, re.IGNORECASE | re.MULTILINE)[1].decode()
    return {"home": "/", "give": "/give", "pledge": pledge, "my giving": "/my-giving"}


def _print(title: str, views: Sequence[View], figures: Figures) -> None:
    first, largest, blocked, moved, weight = (
        median(each) for each in zip(*map(astuple, views), strict=True)
    )
    figures.at_most(f"{title}: first paint", first, FIRST, "ms")
    figures.at_most(f"{title}: largest paint", largest, LARGEST, "ms")
    figures.at_most(f"{title}: blocked", blocked, BLOCKED, "ms")
    figures.at_most(f"{title}: moved", moved, MOVED, "of the screen")
    figures.tell(f"{title}: on the wire", f"{weight:6.1f} kB")


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS])
        try:
            yield browser
        finally:
            browser.close()


def _view(browser: Browser, url: str, session: str) -> View:
    """The first view in Thai of the donor, whose browser keeps nothing from before."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=DENSITY,
        has_touch=True,
        locale="th-TH",
    )
    context.add_cookies([{"name": "sid", "value": session, "url": url}])
    try:
        return _traced(browser, context, url)
    finally:
        context.close()


def _traced(browser: Browser, context: BrowserContext, url: str) -> View:
    page = context.new_page()
    weights = _slow_down(context, page)
    browser.start_tracing(page=page, categories=_CATEGORIES)
    answer = page.goto(url, wait_until="networkidle")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    page.evaluate("() => new Promise(done => requestIdleCallback(done))")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{url} answered {answer and answer.status}")
    return _read(events, url, sum(weights) / 1000)


def _slow_down(context: BrowserContext, page: Page) -> list[int]:
    """Slow the page's network and processor; the bytes of what it has fetched are in the list."""
    weights: list[int] = []
    devtools = context.new_cdp_session(page)
    devtools.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": DOWN * 1024 / 8,
            "uploadThroughput": UP * 1024 / 8,
        },
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return weights


def _read(events: Sequence[dict[str, Any]], url: str, weight: float) -> View:
    """The figures of the page at ``url`` in a trace; its times are in microseconds."""
    start = next(
        event
        for event in events
        if event["name"] == "navigationStart"
        and event["args"].get("data", {}).get("documentLoaderURL") == url
    )
    ours = [event for event in events if event["pid"] == start["pid"]]

    def painted(name: str) -> float:
        return max(event["ts"] for event in ours if event["name"] == name)

    first = painted("firstContentfulPaint")
    tasks = [
        event.get("dur", 0) / 1000
        for event in ours
        if event["name"] == "RunTask" and event["tid"] == start["tid"] and event["ts"] > first
    ]
    return View(
        (first - start["ts"]) / 1000,
        (painted("largestContentfulPaint::Candidate") - start["ts"]) / 1000,
        sum(max(0.0, task - SHORT_TASK) for task in tasks),
        sum(event["args"]["data"]["score"] for event in ours if event["name"] == "LayoutShift"),
        weight,
    )
