"""The sums of campaigns: however far they are folded, they are what the journal adds up to, of any
days, funds and accounts; and nothing that decides the campaign of a gift changes afterwards.
"""

import itertools
import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks.campaign_sums import CHECKS
from fundapp.audit.statements.attribution import part_of_campaign, sums_by_campaign
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving.campaigns.operations import make_campaign_pledge
from fundapp.giving.campaigns.sums.operations import fold_campaigns
from fundapp.giving.models import CampaignFolding, CampaignPosting, CountKind, Frequency, Method
from fundapp.giving.queries import get_pledge
from fundapp.ledger.folding.batches import fold_all
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.ledger.queries import LedgerSpan, Movement, Sum, ledger_page
from tests.audit.tampering import tampered
from tests.factories.actors import COMMAND_LINE, OFFICER, VISITOR, WORKER
from tests.factories.books import make_fund, make_gift
from tests.factories.campaigns import confirm, make_box, make_campaign, make_count, make_event
from tests.factories.giving import make_payment, make_pledge, make_reversal, terms
from tests.factories.identity import make_user

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 24)
CAMPAIGNS = {"shoes": "GENERAL", "bags": "GENERAL", "books": "SCHOOL"}


def make_books():
    """Gifts of three campaigns and of none, some undone: a third is folded, a third only sealed."""
    dice = random.Random(14)  # noqa: S311 - examples
    make_fund("GENERAL")
    make_fund("SCHOOL", position=1)
    pledges = {}
    for slug, fund in CAMPAIGNS.items():
        campaign = make_campaign(slug, fund)
        of_page = terms(
            amount_satang=90_000_000, instalment_count=1, frequency=Frequency.ONCE, fund_code=fund
        )
        made = unit_of_work(make_campaign_pledge, of_page, slug, actor=VISITOR)
        pledges[slug] = get_pledge(made).instalments[0]
    one, two = (make_user("fund_officer").as_actor() for _each in range(2))
    payments = []
    for part in range(3):
        for _number in range(9):
            day = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days + 1))
            slug = dice.choice([*CAMPAIGNS, None])
            instalment = pledges.get(slug)
            payments.append(make_payment(dice.randrange(100, 90_000), instalment, received_on=day))
        make_reversal(payments.pop(dice.randrange(len(payments))))
        event = make_event(campaign) if part == 1 else None
        if event:
            counted = make_count(one, kind=CountKind.EVENT, subject=event.public_id)
            confirm(counted, two)
        if part < 2:
            seal_everything(actor=COMMAND_LINE)
        if part == 0:
            fold_all(fold_campaigns, is_alone=True, actor=COMMAND_LINE)
    make_gift(70_007, on=LAST)


@pytest.fixture
def books(build_once, clock):
    return build_once("audit/campaign sums", make_books)


def plain_campaigns():
    """The campaign and its fund by public id of the payment, read in the plainest way."""
    return {
        ref: (slug, fund)
        for ref, slug, fund in db.session.execute(
            text(
                "SELECT p.public_id, c.slug, c.fund_code FROM payments p, campaigns c WHERE c.id ="
                " coalesce((SELECT campaign_id FROM campaign_pledges g"
                " WHERE g.pledge_id = p.pledge_id),"
                " (SELECT e.campaign_id FROM cash_counts k, campaign_events e"
                " WHERE e.id = k.event_id AND k.payment_id = p.id))"
            )
        )
    }


def plain_lines(span, campaigns):
    """Of each posting of the span in the order of the books: the campaign, its key, both sides."""
    order = (Posting.entry_on, Posting.entry_id, Posting.position)
    statement = select(Posting, JournalEntry.source_type, JournalEntry.source_ref).join(
        JournalEntry, JournalEntry.id == Posting.entry_id
    )
    for posting, source, ref in db.session.execute(statement.order_by(*order)):
        debit, credit = (
            posting.amount_satang if code in span.codes and is_shown else 0
            for code, is_shown in (
                (posting.debit_account_code, span.sum.shows_debits),
                (posting.credit_account_code, span.sum.shows_credits),
            )
        )
        slug, fund = campaigns.get(ref, (None, None)) if source == "payment" else (None, None)
        in_span = span.from_on <= posting.entry_on <= span.to_on
        if (debit or credit) and in_span and span.fund_code in (None, posting.fund_code):
            own = slug if fund == posting.fund_code else None
            yield own, (posting.entry_id, posting.position), debit, credit


def spans(added):
    dice = random.Random(12)  # noqa: S311 - examples
    days = [(FIRST, LAST), (date.min, date.max), (date(2026, 10, 1), date(2026, 10, 31))]
    days += [
        tuple(sorted(FIRST + timedelta(days=dice.randrange(85)) for _each in range(2)))
        for _number in range(14)
    ]
    for (from_on, to_on), fund in itertools.product(days, (None, "GENERAL")):
        for codes in (["4110"], ["1121", "4110", "4120"]):
            yield LedgerSpan(codes, from_on, to_on, fund, added)


def hold():
    """That sums and lists of campaigns are those of the journal."""
    campaigns = plain_campaigns()
    for span in spans(Sum.CREDIT):
        plain = {}
        for slug, _key, debit, credit in plain_lines(span, campaigns):
            plain[slug] = plain.get(slug, Movement()) + Movement(debit, credit)
        plain.pop(None, None)
        assert sums_by_campaign(span) == plain, span
    for span in itertools.chain(*(list(spans(added))[::7] for added in Sum)):
        for slug in ("shoes", "books", "none"):
            lines = list_lines(span, slug)
            own = None if slug == "none" else slug
            assert lines == [
                (key, debit, credit)
                for of, key, debit, credit in plain_lines(span, campaigns)
                if of == own
            ], (span, slug)


def list_lines(span, slug):
    """The lines of chained pages, each of which goes on with the sum of the one before."""
    chosen = LedgerSpan(
        span.codes, span.from_on, span.to_on, span.fund_code, span.sum, part=part_of_campaign(slug)
    )
    after, lines = None, []
    while True:
        page = ledger_page(chosen, after=after, limit=4)
        assert page.opening_satang == (lines[-1].balance_satang if lines else 0)
        lines += page.lines
        after = page.next_key
        if after is None:
            break
    assert page.total_satang == (lines[-1].balance_satang if lines else 0)
    return [
        ((one.key.entry_id, one.key.position), one.debit_satang, one.credit_satang) for one in lines
    ]


def broken():
    db.session.rollback()
    return [violation for check in CHECKS for violation in check.find()]


def folding():
    db.session.expire_all()
    return db.session.get_one(CampaignFolding, 1)


def test_sums_are_those_of_the_journal_however_far_they_are_folded(books):
    before = folding().leaf_count
    assert before > 0
    hold()
    assert broken() == []
    assert fold_all(fold_campaigns, actor=WORKER) > 0
    hold()
    seal_everything(actor=COMMAND_LINE)
    fold_all(fold_campaigns, is_alone=True, actor=WORKER)
    newest = db.session.scalar(db.select(db.func.max(JournalEntry.id)))
    assert (folding().leaf_count > before, folding().settled_entry_id) == (True, newest)
    assert unit_of_work(fold_campaigns, actor=WORKER) == 0
    hold()
    assert broken() == []
    with pytest.raises(ForbiddenError):
        unit_of_work(fold_campaigns, actor=OFFICER)


TAMPERED = [
    "UPDATE campaign_months SET credit_satang = credit_satang + 1",
    "DELETE FROM campaign_months",
    "DELETE FROM campaign_postings WHERE entry_id = (SELECT max(entry_id) FROM campaign_postings)",
    "INSERT INTO campaign_postings SELECT (SELECT max(id) FROM campaigns), entry_on, entry_id,"
    " position FROM postings WHERE entry_id = (SELECT max(id) FROM journal_entries)",
    "UPDATE campaign_folding SET leaf_count = leaf_count + 1000",
    "UPDATE campaign_folding SET settled_entry_id = (SELECT max(id) FROM journal_entries)",
]


def test_what_was_changed_by_hand_is_seen_and_made_anew(books, runner):
    for statement in TAMPERED:
        with tampered(statement):
            assert any(CHECKS[0].find()), statement
    unit_of_work(lambda: db.session.execute(text(TAMPERED[1])))
    assert broken()
    result = runner.invoke(args=["giving", "fold-campaigns", "--anew"])
    assert "entries folded" in result.output
    assert broken() == []
    hold()


REFUSED = {
    "UPDATE payments SET pledge_id = (SELECT max(pledge_id) FROM campaign_pledges)"
    " WHERE pledge_id IS NULL": "frozen",
    "UPDATE payments SET pledge_id = NULL WHERE pledge_id IS NOT NULL": "frozen",
    "UPDATE campaign_postings SET position = 2": "stays|append-only",
    "DELETE FROM campaign_folding": "one row|kept",
    "UPDATE campaign_folding SET number = 2": "one_row",
}


def test_what_decides_the_campaign_of_a_gift_stays(books):
    assert db.session.scalar(db.select(db.func.count()).select_from(CampaignPosting))
    pledge = make_pledge()
    make_payment(5_000, pledge.instalments[0])
    campaign = db.session.scalar(text("SELECT max(id) FROM campaigns"))
    late = f"INSERT INTO campaign_pledges (pledge_id, campaign_id) VALUES ({pledge.id}, {campaign})"
    one = make_user("fund_officer").as_actor()
    make_box()
    count = make_count(one)
    paid = make_payment(count.total_satang, method=Method.CASH, asset_account_code="1110")
    seal_everything(actor=COMMAND_LINE)
    later = (
        "UPDATE cash_counts SET status = 'confirmed', confirmed_by_id = counted_by_id + 1,"
        f" confirmed_at = counted_at, payment_id = {paid.id} WHERE id = {count.id}"
    )
    refused = {**REFUSED, late: "nothing was paid", later: "booked with it"}
    for statement, words in refused.items():
        with pytest.raises(DBAPIError, match=words):
            unit_of_work(lambda statement=statement: db.session.execute(text(statement)))
