"""Every page that somebody can reach by following links and filters.

Pages are told apart by their route and by what was chosen on them; of pages about one thing, such
as one payment or one child, a few are opened.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from bench.forms import PageReader
from fundapp import clock
from tests.factories.identity import open_session_of

#: Where everybody begins.
STARTS = ("/", "/today")
#: How many pages about one thing are opened.
OPENED = 3
#: Values in addresses that say what is chosen, not which thing is meant: words and codes of funds;
#: in a path also accounts of the chart. Others are ids, days, and places in a list.
_CHOSEN = re.compile(r"[a-z_]{1,24}|[A-Z][A-Z0-9]{1,9}")
_CHOSEN_IN_PATH = re.compile(rf"{_CHOSEN.pattern}|\d{{4}}")
_OTHER_FORM = re.compile(r"\b(lang|format)=")
_ACCOUNT = re.compile(r"/\d{4}\b")
_FURTHER = re.compile(r"[?&](after|before|page)=")
_VARIABLE = re.compile(r"<(?:[^:>]+:)?(\w+)>")
#: The status of pages, and of forms that refuse what was filled in, or find nothing for it.
_ANSWERED, _FOUND_NOTHING = (200, 422), 404
_REFUSED = 'id="error-summary"'


@dataclass(frozen=True)
class Address:
    """A page's address; what is posted to it, if it is a search that is posted. ``filtered`` pages
    lead only further down their list, or filters would be combined without end.
    """

    url: str
    posted: tuple[tuple[str, str], ...] | None = None
    filtered: bool = False


class Walk:
    """The walk of one person. ``pages`` holds addresses by label, ``sizes`` the characters of each;
    ``failed`` the status of those that a link or a filter leads to and that do not open. A form
    that refuses what was filled in is no page.
    """

    def __init__(self, app: Flask, email: str | None) -> None:
        self._client = app.test_client()
        if email is not None:
            self._client.set_cookie("sid", open_session_of(app, email))
        self._adapter = app.url_map.bind("localhost")
        self.pages: dict[str, list[Address]] = {}
        self.sizes: dict[str, list[int]] = {}
        self.failed: dict[str, int] = {}
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
        status, media_type, text = self.open(address)
        if 300 <= status < 400:
            yield Address(urljoin(address.url, text))
            return
        if status not in _ANSWERED and not (status == _FOUND_NOTHING and address.filtered):
            self.failed[label] = status
        if status != 200 or media_type != "text/html" or _REFUSED in text:
            return
        self.pages.setdefault(label, []).append(address)
        self.sizes.setdefault(label, []).append(len(text))
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

    def open(self, address: Address) -> tuple[int, str, str]:
        """Status, media type and text of a page; or where it leads, as the text."""
        if address.posted is None:
            answer = self._client.get(address.url)
        else:
            answer = self._client.post(address.url, data=dict(address.posted))
        if 300 <= answer.status_code < 400:
            return answer.status_code, "", str(answer.location)
        is_page = answer.mimetype == "text/html"
        return answer.status_code, str(answer.mimetype), answer.text if is_page else ""

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
