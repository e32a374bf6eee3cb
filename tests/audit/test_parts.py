"""Receipts by campaign and help by district: each column adds up to the books, each figure to the
entries that it opens, whatever was given back, cancelled or booked without a request.
"""

import re
from dataclasses import replace

import pytest

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.models import Need
from fundapp.giving.campaigns.operations import make_campaign_pledge
from fundapp.giving.models import CountKind, Frequency
from fundapp.giving.queries import get_pledge
from tests.audit.test_statements import figures_of, rows_of, satang, sum_of_lines
from tests.factories.actors import VISITOR
from tests.factories.books import make_approval, make_gift
from tests.factories.campaigns import confirm, make_campaign, make_count, make_event
from tests.factories.children import every_consent, make_child
from tests.factories.disbursements import THOUSAND, make_approved, make_paid, make_team
from tests.factories.giving import make_payment, make_reversal, terms
from tests.factories.identity import make_user, open_session_of

BANNANG_SATA = "9503"


@pytest.fixture
def desk(build_once, client, clock):
    def make():
        # The team's fund begins with a gift of 50,000 baht, without campaign.
        team = make_team(50 * THOUSAND)
        make_gifts()
        make_help(team)
        return open_session_of(client.application, make_user(Role.AUDITOR).email)

    client.set_cookie("sid", build_once("audit/parts", make))
    client.set_cookie("lang", "en")
    return client


def make_gifts():
    """A campaign with a pledge of two gifts, one of them reversed, and counted cash."""
    campaign = make_campaign()
    once = terms(amount_satang=50_000, instalment_count=1, frequency=Frequency.ONCE)
    pledge = get_pledge(unit_of_work(make_campaign_pledge, once, "new-shoes", actor=VISITOR))
    make_payment(30_000, pledge.instalments[0])
    make_reversal(make_payment(20_000, pledge.instalments[0]))
    one, two = (make_user("fund_officer").as_actor() for _each in range(2))
    confirm(make_count(one, kind=CountKind.EVENT, subject=make_event(campaign).public_id), two)
    make_gift(70_007, on=clock.today())


def make_help(team):
    """Help of two districts: one paid, one approved, one cancelled; and some without a request."""
    make_paid(team, 2 * THOUSAND, need=Need.FOOD)
    cancelled = make_approved(team, 3 * THOUSAND)
    unit_of_work(
        operations.cancel_request,
        cancelled.public_id,
        version=cancelled.version,
        reason="No longer needed",
        actor=team.approver.as_actor(),
    )
    asker = make_user("case_manager", (BANNANG_SATA,))
    child = make_child(asker, district_code=BANNANG_SATA, consents=every_consent())
    make_approved(replace(team, asker=asker, child=child), 5 * THOUSAND)
    make_approval(9_001, on=clock.today())


def lines_of(desk, address):
    rows = rows_of(desk.get(f"/audit/{address}?format=csv"))
    return {
        row.pop("name"): {key: round(float(amount or 0) * 100) for key, amount in row.items()}
        for row in rows
    }


def test_each_column_adds_up_to_the_books(desk):
    campaigns = lines_of(desk, "receipts-by-campaign")
    assert campaigns["New shoes"] == {
        "received_baht": 212_000, "taken_back_baht": 20_000, "net_baht": 192_000,
    }  # fmt: skip
    assert campaigns["Without campaign"]["net_baht"] == 50 * THOUSAND + 70_007
    districts = lines_of(desk, "help-by-district")
    assert districts["Raman"]["approved_baht"] == districts["Raman"]["paid_baht"] == 2 * THOUSAND
    assert districts["Bannang Sata"]["approved_baht"] == 5 * THOUSAND
    assert districts["Bannang Sata"]["paid_baht"] == 0
    assert districts["Not of a district"]["approved_baht"] == 9_001
    activities = rows_of(desk.get("/audit/activities?format=csv"))
    totals = {row["code"]: round(float(row["total_baht"]) * 100) for row in activities}
    for digit, lines, column in (("4", campaigns, "net_baht"), ("51", districts, "approved_baht")):
        booked = sum(amount for code, amount in totals.items() if code.startswith(digit))
        assert sum(line[column] for line in lines.values()) == booked


@pytest.mark.parametrize("query", ["?", "?fund=GENERAL&from_on=2026-11-24&to_on=2026-11-24"])
def test_every_figure_is_the_sum_of_the_entries_it_opens(desk, query):
    """Pages and files, those of no district and no campaign too, a page at a time."""
    seen = set()
    for address in ("receipts-by-campaign", "help-by-district"):
        page = desk.get(f"/audit/{address}{query}").text.partition('id="list"')[2]
        for url, name, amount in figures_of(page):
            assert url or amount == 0, name
            if url and url not in seen:
                opened = desk.get(url).text
                shown = re.search(r'id="sum"><span[^>]*>([^<]+)<', opened)
                assert (satang(shown[1]), sum_of_lines(desk, url)) == (amount, amount), (name, url)
                seen.add(url)
    assert len(seen) > 15


def test_entries_of_a_part_go_on_where_the_page_before_ended(desk):
    for number in range(60):
        make_gift(100 + number, on=clock.today())
    url = "/audit/receipts-by-campaign/none?accounts=4&sum=credit"
    first = desk.get(url).text
    after = re.search(r'href="([^"]*after=[^"]+)"', first)[1].replace("&amp;", "&")
    second = desk.get(after).text
    carried = re.findall(
        r"Carried forward.*?<td class=\"num[^>]*>.*?([\d,.]+)\s*</td>\s*</tr>", first, re.DOTALL
    )
    brought = re.findall(r"Brought forward.*?([\d,.]+\d)\s*</td>\s*</tr>", second, re.DOTALL)
    assert carried
    assert brought
    assert carried[0] == brought[0]
    total = re.search(r'id="sum"><span[^>]*>([^<]+)<', second)[1]
    assert re.search(rf"Balance at the end.*?{re.escape(total)}", second, re.DOTALL)


@pytest.mark.sqlite
def test_an_unknown_part_is_not_found_and_the_trail_names_the_page(desk):
    assert desk.get("/audit/help-by-district/9999").status_code == 404
    assert desk.get("/audit/receipts-by-campaign/nothing").status_code == 404
    assert desk.get("/audit/help-by-district/9506?accounts=51&sum=debit").status_code == 200
    trail = desk.get("/audit/trail?subject=audit_view").text
    assert "Help of a district" in trail
    assert "District or campaign: Raman" in trail


def test_days_and_years_say_the_same(desk):
    """A short span begins with the postings of its days, a longer one with campaigns' gifts."""
    short, long = "from_on=2026-10-01&to_on=2026-11-24", "from_on=2025-10-01&to_on=2026-11-24"
    page = "/audit/receipts-by-campaign?format=csv"
    of_days, of_years = (rows_of(desk.get(f"{page}&{days}")) for days in (short, long))
    assert of_days == of_years
    assert len(of_days) == 2
    for slug in ("new-shoes", "none"):
        address = f"/audit/receipts-by-campaign/{slug}?accounts=4&format=csv"
        of_days, of_years = (desk.get(f"{address}&{days}").data for days in (short, long))
        assert of_days == of_years
        assert of_days.count(b"\n") > 2
