"""Finds every page that a visitor can reach by following links, without a browser."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.factories.identity import open_session_of

#: Endpoints that answer with files or data, not with pages.
NO_PAGES = {
    "static", "audit.export", "giving.qr_code", "children.paper", "disbursements.paper",
    "giving.paid_by_card", "web.healthz", "web.readyz", "demo.statement",
    "transparency.figures_as_json", "transparency.figures_as_csv", "giving.receipt_pdf",
    "giving.thanks", "giving.share", "giving.donor_statement_pdf", "giving.own_statement_pdf",
    "giving.e_donations_csv", "giving.e_donations_xlsx", "giving.qr_picture",
    "giving.pledge_state", "banking.slip_file", "giving.campaign_poster",
    "giving.gift_in_kind_thanks", "giving.import_rows_csv", "giving.import_rows_xlsx",
    "budgets.paper", "grants.paper", "giving.pledge_paper", "giving.refund_voucher",
    "agencies.paper", "giving.refund_paper", "audit.finding_paper",
    "giving.linked_statement_pdf", "giving.receipt_proof_file", "transparency.newest_checkpoint",
    "transparency.checkpoint", "transparency.consistency", "transparency.tile",
    "transparency.checkpoint_paper", "transparency.checking_file",
    "transparency.public_ledger_csv", "transparency.public_ledger_json", "advances.paper",
    "children.photo", "children.consent_form", "children.list_rows_csv",
    "committee.paper", "committee.minutes",
    "children.list_rows_xlsx", "audit.letter_file", "audit.pack_file",
    "aid_plans.paper", "children.visit_worker", "children.visit_key", "disbursements.evidence",
    "disbursements.payout_slip",
}  # fmt: skip
#: How many addresses of an endpoint are opened, if not one: what they show differs with the state.
OPENED = {
    "giving.donor_import": 3,
    "audit.sample": 3,
    "children.show": 12,
    "children.casework": 12,
    "disbursements.show": 24,
    "identity.user": 80,
    "identity.users": 3,
    "committee.meeting": 2,
    "committee.item": 2,
    "grants.show": 2,
    "banking.line": 3,
    "banking.slip": 2,
    "giving.pledge": 4,
    "giving.receipt": 4,
    "ledger.fund": 3,
}
#: Links to the same page in another language, or as a file.
_OTHER_FORM = re.compile(r"\b(lang|format)=")
_HREF = re.compile(r'href="([^"#][^"]*)"')


def reachable_pages(app: Flask, email: str | None, starts: tuple[str, ...]) -> dict[str, list[str]]:
    """Addresses by endpoint, from ``starts`` on, for the person with this e-mail address."""
    client = app.test_client()
    if email is not None:
        client.set_cookie("sid", open_session_of(app, email))
    adapter = app.url_map.bind("localhost")
    waiting, pages = list(starts), {}
    while waiting:
        url = waiting.pop(0)
        endpoint = _endpoint(adapter, url)
        urls = pages.setdefault(endpoint, [])
        is_page = endpoint is not None and endpoint not in NO_PAGES
        if not is_page or url in urls or len(urls) >= OPENED.get(str(endpoint), 1):
            continue
        answer = client.get(url)
        assert answer.status_code < 400, f"{url}: {answer.status}"
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        urls.append(url)
        links = map(unescape, _HREF.findall(answer.get_data(as_text=True)))
        waiting += [
            _without_fragment(urljoin(url, link)) for link in links if not _OTHER_FORM.search(link)
        ]
    return {str(endpoint): urls for endpoint, urls in pages.items() if urls}


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _endpoint(adapter: MapAdapter, url: str) -> str | None:
    parts = urlsplit(url)
    if parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        return adapter.match(parts.path, method="GET")[0]
    except HTTPException:
        return None
