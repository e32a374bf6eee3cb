"""The first page: every number links to a list with exactly as many rows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as clocks
from fundapp.access.permissions import Role
from fundapp.banking.models import BankAccount, LineStatus, Statement, StatementLine
from fundapp.db import db, unit_of_work
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.gift_batches.operations import post_batch
from fundapp.giving.models import Frequency
from fundapp.ledger import chart
from fundapp.mail import operations as mail
from fundapp.mail.models import MAX_ATTEMPTS, MailMessage
from fundapp.today.queries import Task
from tests.factories.actors import WORKER
from tests.factories.banking import written_words
from tests.factories.books import make_fund
from tests.factories.campaigns import confirm, make_batch, make_box, make_count
from tests.factories.card_payments import make_card_payout
from tests.factories.disbursements import (
    Decision,
    decide,
    make_approved,
    make_paid,
    make_request,
    make_team,
)
from tests.factories.giving import connect_donor, make_payment, make_pledge
from tests.factories.identity import make_user, sign_in
from tests.factories.mail import make_message

pytestmark = pytest.mark.sqlite


def numbers(page):
    """Label → (number, address) of the figures on the page."""
    stats = re.findall(
        r"<dt>([^<]+)</dt>\s*<dd>\s*<a class=\"stat-value\" href=\"([^\"]+)\">([\d,]+)", page.text
    )
    return {label: (int(number), url.replace("&amp;", "&")) for label, url, number in stats}


def rows(client, url):
    """How many rows the list behind a number has, over all its pages."""
    count = 0
    while url:
        page = client.get(url)
        assert page.status_code == 200, url
        table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
        count += len(re.findall(r"<tr\b", table)) + len(
            re.findall(r'<li\b[^>]* id="line-', page.text)
        )
        link = re.search(r'rel="next" href="([^"]+)"', page.text)
        url = link.group(1).replace("&amp;", "&") if link else None
    return count


def today(client):
    return numbers(client.get("/today?lang=en"))


@pytest.fixture
def team(session):
    return make_team()


def test_an_officer_sees_cash_to_confirm_and_batches_to_post(client, session):
    """Of counts those of others only: nobody confirms an own one."""
    make_fund("GENERAL")
    first, second = make_user(Role.FUND_OFFICER), make_user(Role.FUND_OFFICER)
    make_box()
    make_count(first.as_actor())
    confirm(make_count(first.as_actor()), second.as_actor())
    posted = make_batch(Giver(10_000, "A"))
    unit_of_work(post_batch, posted.public_id, actor=second.as_actor())
    for _ in range(2):
        make_batch(Giver(20_000, "B"))
    counts, batches = "Cash that another person counted, to confirm", "Batches of gifts to post"
    sign_in(client, first)
    seen = today(client)
    assert counts not in seen
    assert rows(client, "/cash?state=waiting") == 0
    assert seen[batches][0] == rows(client, seen[batches][1]) == 2
    assert rows(client, "/batches") == 3
    sign_in(client, second)
    seen = today(client)
    assert seen[counts][0] == rows(client, seen[counts][1]) == 1


def test_an_approver_sees_what_is_to_be_decided(app, client, team):
    for _ in range(3):
        make_request(team)
    make_approved(team)
    sign_in(client, team.approver)
    seen = today(client)
    assert set(seen) == {"Requests to decide"}
    count, url = seen["Requests to decide"]
    assert count == rows(client, url) == 3


def test_a_case_manager_sees_the_own_districts(client, team):
    elsewhere = make_user(Role.CASE_MANAGER, ("9502",))
    make_paid(team)
    decide(make_request(team), team, Decision.RETURN)
    sign_in(client, team.asker)
    seen = today(client)
    expected = {
        "Requests returned for a change": 1,
        "Paid, without proof of receipt": 1,
        "Paid, with a problem reported": 0,
        "Consents that have run out or run out within 30 days": 0,
        "Follow-ups due within 14 days": 0,
    }
    assert {label: count for label, (count, _url) in seen.items()} == expected
    assert [rows(client, url) for _count, url in seen.values()] == list(expected.values())
    sign_in(client, elsewhere)
    assert {count for count, _url in today(client).values()} == {0}


def test_a_fund_officer_sees_payouts_lines_instalments_and_mail(app, client, session, team):
    app.config["SMTP_URL"] = "smtp://mail.example.org"
    make_approved(team)
    make_lines(unmatched=3, held=2)
    overdue(number=55)
    unit_of_work(lambda: [make_message() for _ in range(2)])
    message_id = session.scalars(select(MailMessage.id)).first()
    unit_of_work(mail.mark_failed, message_id, error="no answer", actor=WORKER)
    make_stranded(late=2, given_up=3)
    sign_in(client, team.payer)
    seen = today(client)
    expected = {
        "Approved requests to pay": 1,
        "Bank lines to match": 3,
        "Bank lines on hold": 2,
        "Overdue instalments": 55,
        "Mail not delivered": 1,
        "Messages late by a day or more": 2,
        "Messages given up": 3,
    }
    assert {label: count for label, (count, _url) in seen.items()} == expected
    assert [rows(client, url) for _count, url in seen.values()] == list(expected.values())


def make_stranded(late, given_up):
    """So many messages that were written a day ago and not sent, or are tried no more."""

    def write():
        for _ in range(late):
            make_message().queued_at -= timedelta(hours=24)
        for _ in range(given_up):
            make_message().attempts = MAX_ATTEMPTS

    unit_of_work(write)


@pytest.mark.parametrize("role", [Role.FUND_OFFICER, Role.ADMINISTRATOR])
def test_stranded_mail_is_yellow_for_those_who_may_read_it(client, session, role):
    make_stranded(late=1, given_up=1)
    sign_in(client, make_user(role))
    page = client.get("/today?lang=en")
    yellow = re.findall(r'<div class="stat stat-warn">\s*<dt>([^<]+)', page.text)
    assert yellow == ["Messages late by a day or more", "Messages given up"]
    assert numbers(page)["Messages given up"] == (1, "/outbox?state=given_up")


def make_lines(unmatched, held):
    """Lines of one statement, as an import leaves them in the table."""
    day = clocks.today()
    statement = Statement(
        bank_account_code="MAIN", profile="ktb", file_name="s.csv", file_sha256=bytes(32),
        from_on=day, to_on=day, opening_satang=0, closing_satang=0, imported_by="tests",
        imported_at=clocks.now(),
    )  # fmt: skip
    states = [LineStatus.UNMATCHED] * unmatched + [LineStatus.HELD] * held

    def write():
        db.session.add(
            BankAccount(
                code="MAIN", name="Main", bank_code="006", account_number="1234567890",
                account_code=chart.BANK_MAIN,
            )
        )  # fmt: skip
        db.session.flush()
        db.session.add(statement)
        db.session.flush()
        db.session.add_all(
            StatementLine(
                statement_id=statement.id, bank_account_code="MAIN", row_number=number,
                ordinal=number, day_position=number, booked_on=day,
                **written_words(number, description=f"Transfer {number}"), id=number,
                withdrawal_satang=0, deposit_satang=100,
                balance_satang=100 * number, status=status,
            )
            for number, status in enumerate(states, start=1)
        )  # fmt: skip

    unit_of_work(write)


def overdue(number):
    """So many instalments that fell due before today; besides them one half paid, one paid."""
    starts_on = clocks.today() - timedelta(days=31 * number + 60)
    pledge = make_pledge(
        amount_satang=number * 100_00 + 200_00,
        instalment_count=number + 1,
        starts_on=starts_on,
        frequency=Frequency.MONTHLY,
    )
    make_payment(pledge.instalments[0].amount_satang, pledge.instalments[0])
    make_payment(1_00, pledge.instalments[1])


def test_an_auditor_has_no_tasks_but_shortcuts(client, session):
    sign_in(client, make_user(Role.AUDITOR))
    page = client.get("/today?lang=en")
    assert numbers(page) == {}
    assert 'href="/audit/journal"' in page.text
    assert 'href="/children/new"' not in page.text


def test_a_day_without_tasks_says_so(client, session):
    sign_in(client, make_user(Role.APPROVER))
    assert "Nothing is waiting for you." in client.get("/today?lang=en").text


def test_a_donor_sees_the_own_pledges_and_receipts(client, session, team):
    user = make_user(Role.DONOR)
    pledge = make_pledge(name="Aminah Sani")
    make_pledge(name="Aminah Sani", email=pledge.donor.email, instalment_count=None)
    other = make_pledge(name="Somebody Else")
    make_payment(500_00, pledge.instalments[0])
    connect_donor(pledge, user)
    sign_in(client, user)
    assert 'href="/my-giving"' in client.get("/today?lang=en").text
    page = client.get("/my-giving?lang=en").text
    assert f"/pledges/{pledge.token}" in page
    assert other.token not in page
    assert page.count("each time") == 1, "the amount of the one without an end"
    assert len(re.findall(r'href="/receipts/', page)) == 1
    assert page.count("<details") - page.count("work-menu") == 1
    assert "Your name is shown with this gift." in page
    hiding = re.search(r'action="(/my-giving/gifts/[^"]+/name)"', page)[1]
    assert client.post(hiding, data={"show": "0"}).status_code == 303
    assert "Show my name with it" in client.get("/my-giving?lang=en").text
    for _each in range(20):
        make_payment(100, donor_id=pledge.donor_id, fund_code="GENERAL")
    first = client.get("/my-giving?lang=en").text
    assert first.count("/receipts/") == 20
    older = re.search(r'rel="next" href="(/my-giving\?after=[^"]+)#gifts"', first)[1]
    second = client.get(older).text
    assert (second.count("/receipts/"), "500.00" in second) == (1, True)


def test_without_a_donor_the_page_says_so(client, session):
    sign_in(client, make_user(Role.DONOR))
    assert "No pledges yet" in client.get("/my-giving?lang=en").text


@pytest.mark.parametrize(
    "after", ["x", "2026-11-24", "2026-11-24.", "x.1", "2026-11-24." + "9" * 30]
)
def test_an_unreadable_key_shows_the_first_page(client, session, after):
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert client.get("/today/overdue", query_string={"after": after}).status_code == 200


def test_every_task_has_a_label():
    assert all(task.label for task in Task)


def test_an_officer_sees_payouts_that_the_bank_does_not_have(client, session):
    make_fund("GENERAL")
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert "Payouts of the card processor to find in the bank" not in today(client)
    for _ in range(2):
        make_card_payout()
    count, url = today(client)["Payouts of the card processor to find in the bank"]
    assert count == rows(client, url) == 2
