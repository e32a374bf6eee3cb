"""Every page that somebody can come to by following links, found without a browser."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.factories.identity import PASSWORD

#: What is no page: files, pictures, and what machines ask.
NO_PAGES = {
    "static", "audit.export", "giving.qr_code", "children.paper", "disbursements.paper",
    "web.healthz", "web.readyz", "demo.statement",
}  # fmt: skip
#: So many addresses of one route are followed; requests differ from state to state.
FOLLOWED, FOLLOWED_REQUESTS = 3, 12
#: The same page in another language, or as a file.
_OTHER = re.compile(r"\b(lang|format)=")
_HREF = re.compile(r'href="([^"#][^"]*)"')


def doors(app: Flask, email: str | None, starts: tuple[str, ...]) -> dict[str, list[str]]:
    """Addresses by endpoint, from ``starts`` on, for the person with this e-mail address."""
    client = app.test_client()
    if email is not None:
        form = client.get("/sign-in").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token
        answer = client.post(
            "/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token[1]}
        )
        assert answer.status_code == 303
    adapter = app.url_map.bind("localhost")
    waiting, found = list(starts), {}
    while waiting:
        url = waiting.pop(0)
        endpoint = _endpoint(adapter, url)
        known = found.setdefault(endpoint, [])
        most = FOLLOWED_REQUESTS if endpoint == "disbursements.show" else FOLLOWED
        if endpoint is None or endpoint in NO_PAGES or url in known or len(known) >= most:
            continue
        answer = client.get(url)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        known.append(url)
        links = map(unescape, _HREF.findall(answer.get_data(as_text=True)))
        waiting += [_plain(urljoin(url, link)) for link in links if not _OTHER.search(link)]
    return {str(name): urls for name, urls in found.items() if urls}


def _plain(url: str) -> str:
    """The address without its fragment."""
    return url.partition("#")[0]


def _endpoint(adapter, url: str) -> str | None:
    parts = urlsplit(url)
    if parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        return adapter.match(parts.path, method="GET")[0]
    except HTTPException:
        return None
