"""Every list, report and page on small books and on large ones, and how its time grows.

Pages are opened in this process, without a server between. A page that the program keeps in memory
is timed as it is kept, but for the public home page, which is also timed after a gift.
"""

import re
import time
from collections.abc import Mapping, Sequence

from flask import Flask

from bench.books import load_demo
from bench.databases import dispose, fund_code, settings
from bench.figures import Figures
from bench.fund import post_gift
from bench.options import PEOPLE, Options
from bench.walk import TIMES, Timed, time_pages
from fundapp import create_app

SMALL = "small"
#: Growth and milliseconds of a page at most; of balances at a day within a month.
MOST, MOST_WITHIN_MONTH = (1.2, 60.0), (1.5, 40.0)
#: Milliseconds that a page may grow by, whatever its growth: the clock is no finer on pages of a
#: few milliseconds.
NO_GROWTH = 1.0
WITHIN_MONTH = re.compile(
    r"/audit/(trial-balance|funds|activities|accounts)\b.*[?&](as_of|from_on)="
)


def measure(kind: str, urls: Mapping[str, str], options: Options, figures: Figures) -> None:
    """Load both books, print each page's times and growth, the slowest pages first."""
    load_demo(urls["small"], SMALL, options.scale)
    load_demo(urls["large"], options.size, options.scale)
    small, large = (_time(urls[books], options.who) for books in ("small", "large"))
    title = f"{kind} {options.size}"
    for label in sorted(large, key=lambda label: large[label], reverse=True):
        judge(f"{title} {label}", small.get(label), large[label], figures)
    for label in sorted(small.keys() - large.keys()):
        figures.tell(f"{title} {label}", "in the small books only")


def judge(name: str, small: Timed | None, large: Timed, figures: Figures) -> None:
    """Print one page's times; both its growth and its time have an aim."""
    growth_aim, aim = MOST_WITHIN_MONTH if WITHIN_MONTH.search(name) else MOST
    now = large.milliseconds
    before = small.milliseconds if small else now
    growth = now / before
    figure = f"{before:7.1f} → {now:7.1f} ms  × {growth:.2f}  {large.who}"
    grows = growth > growth_aim and now - before > NO_GROWTH
    figures.judge(name, figure, f"× {growth_aim:g}, {aim:g} ms", now <= aim and not grows)


def _time(url: str, who: Sequence[str]) -> dict[str, Timed]:
    app = create_app({**settings(url), "WTF_CSRF_ENABLED": False})
    try:
        people = {one: email for one, email in PEOPLE.items() if one in who}
        return {**time_pages(app, people), "/ after a gift": _home_after_gifts(app)}
    finally:
        dispose(app)


def _home_after_gifts(app: Flask) -> Timed:
    client, times = app.test_client(), []
    for _ in range(TIMES):
        with app.app_context():
            post_gift(fund_code(0))
        began = time.perf_counter()
        client.get("/")
        times.append(time.perf_counter() - began)
    return Timed(min(times) * 1000, "visitor")
