"""Every page that each role can reach by following links and filters, and how long it takes.

Pages are told apart by their route and by what was chosen on them; of pages about one thing, such
as one payment or one child, a few are opened.
"""

import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from bench.forms import PageReader
from fundapp import clock
from tests.factories.identity import open_session_of

#: Where everybody begins.
STARTS = ("/", "/today")
#: How many pages about one thing are opened, and how often each; the fastest time counts, which
#: other work on the machine disturbs least.
OPENED, TIMES = 3, 5
#: Seconds after which a page is not opened again.
LONG = 1.0
#: Values in addresses that say what is chosen, not which thing is meant: words and codes of funds;
#: in a path also accounts of the chart. Others are ids, days, and places in a list.
_CHOSEN = re.compile(r"[a-z_]{1,24}|[A-Z][A-Z0-9]{1,9}")
_CHOSEN_IN_PATH = re.compile(rf"{_CHOSEN.pattern}|\d{{4}}")
_OTHER_FORM = re.compile(r"\b(lang|format)=")
_ACCOUNT = re.compile(r"/\d{4}\b")
_FURTHER = re.compile(r"[?&](after|before|page)=")
_VARIABLE = re.compile(r"<(?:[^:>]+:)?(\w+)>")
_REFUSED = "error-summary"


@dataclass(frozen=True)
class Address:
    """A page's address; what is posted to it, if it is a search that is posted. ``filtered`` pages
    lead only further down their list, or filters would be combined without end.
    """

    url: str
    posted: tuple[tuple[str, str], ...] | None = None
    filtered: bool = False

    def open(self, client: FlaskClient) -> tuple[int, str, str]:
        """Status, media type and text, or where it leads."""
        if self.posted is None:
            answer = client.get(self.url)
        else:
            answer = client.post(self.url, data=dict(self.posted))
        if 300 <= answer.status_code < 400:
            return answer.status_code, "", str(answer.location)
        is_page = answer.mimetype == "text/html"
        return answer.status_code, str(answer.mimetype), answer.text if is_page else ""


@dataclass(frozen=True, order=True)
class Timed:
    """How long a page takes, in milliseconds, and for whom."""

    milliseconds: float
    who: str


class Walk:
    """The walk of one person. ``pages`` holds addresses by label."""

    def __init__(self, app: Flask, email: str | None) -> None:
        self.client = app.test_client()
        if email is not None:
            self.client.set_cookie("sid", open_session_of(app, email))
        self._adapter = app.url_map.bind("localhost")
        self.pages: dict[str, list[Address]] = {}
        self.today = clock.today()
        self._tried: dict[str, set[Address]] = {}
        self._filled_in: Counter[str] = Counter()
        waiting = [Address(url) for url in STARTS]
        while waiting:
            waiting += self._visit(waiting.pop(0))

    def _visit(self, address: Address) -> Iterator[Address]:
        label = self.label(address)
        tried = self._tried.setdefault(label, set()) if label else set()
        if label is None or address in tried or len(tried) >= OPENED:
            return
        tried.add(address)
        status, media_type, text = address.open(self.client)
        if 300 <= status < 400:
            yield Address(urljoin(address.url, text))
            return
        if status != 200 or media_type != "text/html":
            return
        if _REFUSED in text:
            print(f"refused: {label}")
            return
        self.pages.setdefault(label, []).append(address)
        page = PageReader(text)
        yield from self._linked(address, page)
        kind_of_page = _ACCOUNT.sub("/…", label)
        self._filled_in[kind_of_page] += 1
        unfiltered = not address.filtered and "?" not in address.url
        if unfiltered and self._filled_in[kind_of_page] <= OPENED:
            yield from self._filled(address, page)

    def _linked(self, address: Address, page: PageReader) -> Iterator[Address]:
        for link in page.links:
            leads_on = not address.filtered or _FURTHER.search(link)
            if leads_on and not link.startswith("#") and not _OTHER_FORM.search(link):
                url = urljoin(address.url, link).partition("#")[0]
                yield Address(url, filtered=address.filtered)

    def _filled(self, address: Address, page: PageReader) -> Iterator[Address]:
        for form in page.forms:
            action = urljoin(address.url, form.action).partition("?")[0]
            for filled in form.fillings(self.today):
                if form.method == "post":
                    yield Address(action, tuple(sorted(filled.items())), filtered=True)
                else:
                    yield Address(f"{action}?{_query(filled)}", filtered=True)

    def label(self, address: Address) -> str | None:
        """What the page is, whichever thing it is about; None for an address elsewhere."""
        parts = urlsplit(address.url)
        method = "GET" if address.posted is None else "POST"
        try:
            rule, values = self._adapter.match(parts.path, method=method, return_rule=True)
        except HTTPException:
            return None
        if parts.netloc or rule.endpoint == "static":
            return None
        path = _VARIABLE.sub(lambda name: _kept(str(values[name[1]]), _CHOSEN_IN_PATH), rule.rule)
        chosen = parse_qsl(parts.query) if address.posted is None else address.posted
        told = "&".join(f"{name}={_kept(value)}" for name, value in sorted(chosen) if value)
        return f"{path}?{told}" if told else path


def _kept(value: str, chosen: re.Pattern[str] = _CHOSEN) -> str:
    return value if chosen.fullmatch(value) else "…"


def _query(filled: dict[str, str]) -> str:
    return urlencode({name: value for name, value in filled.items() if value})


def time_pages(app: Flask, people: Mapping[str, str | None]) -> dict[str, Timed]:
    """Each page by label, as it is for the one of ``people`` who waits longest for it."""
    slowest: dict[str, Timed] = {}
    for who, email in people.items():
        walk = Walk(app, email)
        for label, addresses in walk.pages.items():
            times = [_time(walk.client, address) for address in addresses]
            timed = Timed(statistics.median(times), who)
            slowest[label] = max(slowest.get(label, timed), timed)
    return slowest


def _time(client: FlaskClient, address: Address) -> float:
    times: list[float] = []
    while len(times) < TIMES and sum(times) < LONG:
        began = time.perf_counter()
        address.open(client)
        times.append(time.perf_counter() - began)
    return min(times) * 1000
