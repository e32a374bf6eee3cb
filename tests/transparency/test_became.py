"""What donors and visitors are shown of what gifts became: what is published, and nothing by which
the help of a few children could be told.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import DisbursementRequest, Need
from fundapp.giving.models import Receipt
from fundapp.giving.receipts.keys import owner_key
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.transparency.operations import publish_months
from fundapp.transparency.queries import Use, read_became
from fundapp.transparency.rises import K
from tests.disbursements.test_returns import again, come_back, send_again
from tests.factories.actors import WORKER
from tests.factories.books import make_entry
from tests.factories.children import MUEANG, RAMAN, every_consent, make_child
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    help_children,
    make_approved,
    make_paid,
    make_team,
    pay,
    prove,
    verify,
)
from tests.factories.giving import make_payment, make_pledge


@pytest.fixture
def team(build_once, clock):
    return build_once("poor team", lambda: make_team(available_satang=0))


def publish(clock):
    clock.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    db.session.expire_all()


def became(*payments):
    """By what it became: kind, district, whether confirmed; and the rest."""
    db.session.rollback()
    (found,) = read_became(payment.journal_entry_id for payment in payments)
    parts = {
        (part.use, part.need, part.district_code, part.confirmed): satang
        for part, satang in found.parts.items()
    }
    assert sum(parts.values()) + found.rest_satang == found.satang
    return parts, found.rest_satang


def text_of(answer):
    assert answer.status_code == 200
    body = answer.get_data(as_text=True).partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_gift_becomes_help_when_more_than_ten_children_had_it(team, clock, client):
    """Nothing before the month is published; then kind and district; confirmed when all are."""
    gift = make_payment(20 * THOUSAND)
    help_children(team, K + 1)
    assert became(gift) == ({}, 20 * THOUSAND)
    publish(clock)
    part = (Use.HELP, Need.EDUCATION, RAMAN)
    assert became(gift) == ({(*part, False): 11 * THOUSAND}, 9 * THOUSAND)
    (request,) = db.session.scalars(db.select(DisbursementRequest))
    prove(request, team)
    assert became(gift) == ({(*part, True): 11 * THOUSAND}, 9 * THOUSAND)

    receipt = db.session.scalars(db.select(Receipt)).one()
    client.set_cookie("lang", "en")
    page = text_of(client.get(f"/receipts/{receipt.code}/became?key={owner_key(receipt.code)}"))
    assert "Education for children in Raman Receipt confirmed 11,000.00" in page
    assert "Still in the fund, or not shown yet 9,000.00" in page
    page = text_of(client.get(f"/receipts/{receipt.code}/became"))
    assert "Raman" not in page
    assert "Education for" not in page
    assert "Help for children 11,000.00" in page
    assert "became" in client.get(f"/receipts/{receipt.code}").get_data(as_text=True)
    assert client.get("/receipts/unknown/became").status_code == 404


def test_money_after_what_is_hidden_is_not_shown(team, clock):
    """The oldest money goes first, so later parts would tell how much the hidden help took."""
    first = make_payment(12 * THOUSAND)
    second = make_payment(30 * THOUSAND)
    help_children(team, K + 1)
    publish(clock)
    shown = {(Use.HELP, Need.EDUCATION, RAMAN, False): 11 * THOUSAND}
    assert became(first) == (shown, THOUSAND)
    help_children(team, 2, district=MUEANG)  # takes the rest of the first and some of the second
    help_children(team, K + 1)
    clock.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    assert became(first) == (shown, THOUSAND)
    assert became(second) == ({}, 30 * THOUSAND)
    assert became(first, second)[1] == 31 * THOUSAND
    help_children(team, K + 1, district=MUEANG)
    clock.move_to(datetime(2027, 2, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    mueang = {(Use.HELP, Need.EDUCATION, MUEANG, False): THOUSAND}
    assert became(first) == (shown | mueang, 0)
    assert became(second)[0] == {
        (Use.HELP, Need.EDUCATION, MUEANG, False): 12 * THOUSAND,
        (Use.HELP, Need.EDUCATION, RAMAN, False): 11 * THOUSAND,
    }


def test_a_kind_of_few_children_is_not_named_and_names_no_other(team, clock):
    """Two children had food among thirteen: whoever saw the others named would know of them."""
    gift = make_payment(30 * THOUSAND)
    help_children(team, K + 1)
    for child in (team.child, make_child(team.asker, consents=every_consent())):
        pay(make_approved(replace(team, child=child), need=Need.FOOD), team)
    publish(clock)
    assert became(gift) == (
        {(Use.HELP, None, RAMAN, False): 13 * THOUSAND},
        17 * THOUSAND,
    )


def test_fees_and_returned_gifts(team, clock):
    """Fees are shown once they are published, with help; what was taken back shows nothing."""
    gift = make_payment(20 * THOUSAND)
    line = PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, 500)
    make_entry(line, kind=EntryKind.BANK_FEE)
    publish(clock)
    assert became(gift) == ({}, 20 * THOUSAND)
    help_children(team, K + 1)
    clock.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    assert became(gift)[0] == {
        (Use.FEES, None, "", False): 500,
        (Use.HELP, Need.EDUCATION, RAMAN, False): 11 * THOUSAND,
    }
    assert read_became([]) == []


@pytest.mark.sqlite  # a page
def test_a_pledge_shows_all_that_was_paid_of_it(team, clock, client):
    """Whoever has the address of a pledge sees what its payments became together."""
    client.set_cookie("lang", "en")
    pledge = make_pledge()
    make_payment(12 * THOUSAND, pledge.instalments[0])
    help_children(team, K + 1)
    publish(clock)
    page = text_of(client.get(f"/pledges/{pledge.token}/became"))
    assert "Education for children in Raman Paid out 11,000.00" in page
    link = f"/pledges/{pledge.token}/became"
    assert link in client.get(f"/pledges/{pledge.token}").get_data(as_text=True)


def test_the_public_sees_by_fund_up_to_which_month_gifts_became_help(team, clock, client):
    """Everything before the month became something that is published."""
    client.set_cookie("lang", "en")
    make_payment(11 * THOUSAND)
    help_children(team, K + 1)
    page = text_of(client.get("/became"))
    assert "nothing is shown yet" in page
    publish(clock)
    make_payment(THOUSAND)
    page = text_of(client.get("/became"))
    assert "what was entered before December 2026" in page
    assert "/became" in client.get("/").get_data(as_text=True)


def test_a_published_payment_that_came_back_shows_nobodys_help(team, clock):
    """Neither by what a gift shows less, nor by the kind of help of those who were paid with it."""
    first, second = make_payment(15 * THOUSAND), make_payment(90 * THOUSAND)
    help_children(team, K)
    paid = make_paid(team)
    publish(clock)
    part = (Use.HELP, Need.EDUCATION, RAMAN, False)
    before = {part: 11 * THOUSAND}
    assert became(first)[0] == before
    come_back(paid, team)
    assert became(first) == ({}, 15 * THOUSAND), "less by all of it, and not by one child's part"
    send_again(paid, team)
    verify(again(paid), team)
    decide(again(paid), team)
    pay(again(paid), team)
    help_children(team, K + 1)
    assert became(first) == ({}, 15 * THOUSAND)
    clock.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    unit_of_work(publish_months, actor=WORKER)
    assert became(first)[0] == {part: 15 * THOUSAND}
    assert became(second)[0] == {part: 7 * THOUSAND}
