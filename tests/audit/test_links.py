"""From each entry to what it comes from and what belongs to it, and from each of these back."""

import re

import pytest
from sqlalchemy import select

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.banking.matching.operations import book_charge, match_line
from fundapp.db import db, unit_of_work
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import EntryKind, JournalEntry
from tests.factories.actors import COMMAND_LINE, OFFICER
from tests.factories.advances import make_advance, make_cash
from tests.factories.banking import (
    fee,
    import_moves,
    make_bank_account,
    make_single_pledge,
    move_of,
    transfer_out,
)
from tests.factories.budgets import make_transfer
from tests.factories.disbursements import THOUSAND, make_approved, make_team, pay, prove
from tests.factories.findings import make_finding
from tests.factories.giving import make_paid_refund, make_payment, make_reversal
from tests.factories.identity import make_user, open_session_of
from tests.factories.letters import make_answered_letter
from tests.factories.samples import make_sample

#: What a page of these addresses says of an entry: its number, with a link.
LINKED = (
    "/payments/", "/disbursements/", "/refunds/", "/bank/lines/", "/advances/", "/receipts/",
    "/audit/thread/", "/audit/samples/", "/audit/letters/", "/audit/findings/", "/audit/entries/",
    "/fund-transfers",
)  # fmt: skip


@pytest.fixture
def desk(build_once, client, clock):
    def make():
        make_books()
        return open_session_of(client.application, make_user(Role.AUDITOR).email)

    client.set_cookie("sid", build_once("audit/links", make))
    client.set_cookie("lang", "en")
    return client


def make_books():
    """Each kind of source, with its line of the bank, its papers and what auditors wrote."""
    team = make_team(50 * THOUSAND)
    make_bank_account()
    pledge = make_single_pledge()
    request = make_approved(team, 2 * THOUSAND)
    payout = pay(request, team)
    prove(request, team)
    day = app_clock.today()
    came, went, charged = import_moves(
        move_of(pledge),
        transfer_out(2 * THOUSAND, day=day),
        fee(day=day),
        to_on=day,
    )
    reference = pledge.instalments[0].reference
    unit_of_work(match_line, came.public_id, instalment_reference=reference, actor=OFFICER)
    unit_of_work(match_line, went.public_id, payout_public_id=payout.public_id, actor=OFFICER)
    unit_of_work(book_charge, charged.public_id, actor=OFFICER)
    make_reversal(make_payment(20_000))
    make_paid_refund(make_payment(30_000), 10_000)
    make_cash(100_000)
    make_advance()
    make_transfer()
    seal_everything(actor=COMMAND_LINE)
    sample = make_sample(1_000, kind=EntryKind.ASSISTANCE_PAID)
    make_answered_letter(sample)
    make_finding(make_user(Role.FUND_OFFICER), f"{sample.number}/1")


def links_of(page):
    main = page.partition("<main")[2].partition("</main>")[0]
    return {url.partition("#")[0] for url in re.findall(r'href="(/[^"]+)"', main)}


@pytest.mark.sqlite  # pages alone
def test_what_an_entry_links_to_links_back(desk):
    """And no kind of link is missing from the books as a whole."""
    lost, seen, opened = [], set(), {}
    for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all():
        own = f"/audit/entries/{entry_number(entry.id)}"
        for url in links_of(desk.get(own).text):
            begin = next((begin for begin in LINKED if url.startswith(begin)), None)
            if begin is None or url == own:
                continue
            opened[url] = opened.get(url) or links_of(desk.get(url).text)
            seen.add((begin, entry.kind))
            if own not in opened[url]:
                lost.append((entry.kind, url))
    assert lost == []
    assert {begin for begin, _kind in seen} == set(LINKED)
    assert ("/bank/lines/", EntryKind.DONATION) in seen
