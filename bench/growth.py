"""Every list, report and page on small books and on large ones, and how its time grows.

Pages are opened in this process, without a server between, and what counts is the time of the
processor. A page that the program keeps in memory is timed as it is kept; the public home page also
as it is the first time after a gift.
"""

import re
from collections.abc import Callable, Mapping

from flask import Flask

from bench.books import loaded
from bench.databases import dispose, fund_code
from bench.figures import Figures
from bench.fund import post_gift
from bench.options import PEOPLE, Options
from bench.processor import clock_of
from bench.timing import Timed, time_openers, time_page
from bench.walk import Walk
from fundapp import create_app

#: Growth and milliseconds of a page at most; of balances at a day within a month.
MOST, MOST_WITHIN_MONTH = (1.2, 60.0), (1.5, 40.0)
WITHIN_MONTH = re.compile(
    r"/audit/(trial-balance|funds|activities|accounts)\b.*[?&](as_of|from_on)="
)


def measure(kind: str, urls: Mapping[str, str], options: Options, figures: Figures) -> None:
    """Load both books, print each page's times and growth, the slowest pages first."""
    with (
        loaded(urls["small"], options.base, options.scale) as small,
        loaded(urls["large"], options.size, options.scale) as large,
    ):
        pages = _time_pages(small, large, options, figures)
    for label in sorted(pages, key=lambda label: pages[label], reverse=True):
        judge(f"{kind} {options.size} {label}", pages[label], figures)


def _time_pages(
    small: Mapping[str, object], large: Mapping[str, object], options: Options, figures: Figures
) -> dict[str, Timed]:
    apps = [create_app({**books, "WTF_CSRF_ENABLED": False}) for books in (small, large)]
    try:
        people = {who: email for who, email in PEOPLE.items() if who in options.who}
        pages = compare(apps[0], apps[1], people, figures)
        pages["/ made anew"] = _home_made_anew(apps[0], apps[1])
    finally:
        for app in apps:
            dispose(app)
    return pages


def compare(
    small: Flask, large: Flask, people: Mapping[str, str | None], figures: Figures
) -> dict[str, Timed]:
    """Each page of the large books by label, as it is for whom waits longest for it. What does not
    open is printed, and counts as missed; slow pages are printed as they come, because the walk
    takes an hour.
    """
    pages: dict[str, Timed] = {}
    for who, email in people.items():
        walks = Walk(small, email), Walk(large, email)
        clocks = clock_of(small), clock_of(large)
        for label in walks[1].pages:
            timed = time_page(walks, clocks, label, who, _aims(label)[0])
            pages[label] = max(pages.get(label, timed), timed)
            if not _reaches(label, timed):
                figures.tell(f"slow: {label}", _figure(timed))
        for label, status in walks[1].failed.items():
            figures.judge(f"{label} for {who}", f"answered {status}", "to open", reached=False)
        figures.tell(who, f"{len(walks[1].pages)} pages")
    return pages


def judge(name: str, timed: Timed, figures: Figures) -> None:
    """Print one page's times; both its growth and its time have an aim."""
    most, aim = _aims(name)
    figures.judge(name, _figure(timed), f"× {most:g}, {aim:g} ms", _reaches(name, timed))


def _figure(timed: Timed) -> str:
    times = f"{timed.before:7.1f} → {timed.now:7.1f} ms  × {timed.growth:.2f}"
    return f"{times}  {timed.who}  (wall {timed.wall:.1f}, length × {timed.longer:.2f})"


def _reaches(label: str, timed: Timed) -> bool:
    most, aim = _aims(label)
    return timed.now <= aim and not timed.grows(most)


def _aims(label: str) -> tuple[float, float]:
    return MOST_WITHIN_MONTH if WITHIN_MONTH.search(label) else MOST


def _home_made_anew(small: Flask, large: Flask) -> Timed:
    """The home page's first view after a gift, the gift left in."""
    openers = [[(_gift_and_home(app), clock_of(app))] for app in (small, large)]
    return time_openers(openers, "visitor", MOST[0])


def _gift_and_home(app: Flask) -> Callable[[], None]:
    client = app.test_client()

    def open_anew() -> None:
        with app.app_context():
            post_gift(fund_code(0))
        client.get("/")

    return open_anew
