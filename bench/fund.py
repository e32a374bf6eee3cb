"""The program's own posting of one gift, in a fresh application context as in a request."""

import secrets
from collections.abc import Iterator

from bench.databases import dispose, fund_code, open_books, settings
from fundapp import clock, create_app
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import post_entry

BOOKKEEPER = Actor("bench", frozenset(Permission))
SATANG = 100_000


def prepare(url: str) -> None:
    """Make the tables and open the funds."""
    open_books(url)


def steps(url: str, funds: int) -> Iterator[None]:
    """Post one gift at each step, on ``funds`` funds in turn by chance."""
    app = create_app(settings(url))
    try:
        while True:
            with app.app_context():
                post_gift(fund_code(secrets.randbelow(funds)))
            yield
    finally:
        dispose(app)


def post_gift(fund: str) -> None:
    """Post a gift to the fund with this code; needs an application context."""
    unit_of_work(post_entry, _gift(fund), actor=BOOKKEEPER)


def _gift(fund: str) -> EntryDraft:
    key = secrets.token_hex(12)
    posting = PostingDraft(fund, chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, SATANG)
    return EntryDraft(
        kind=EntryKind.DONATION,
        entry_on=clock.today(),
        memo="เงินบริจาค",
        postings=[posting],
        source_type="payment",
        source_ref=key,
        maker="bench",
        idempotency_key=key,
    )
