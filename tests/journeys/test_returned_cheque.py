"""A cheque is returned after its money was spent: what the officer, the approver, the donor and
the auditor do and see, over HTTP.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from fundapp.db import db
from fundapp.giving.models import Receipt
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.mail.models import MailMessage
from tests.factories.banking import Move, import_moves, make_bank_account, make_single_pledge
from tests.factories.banking import transfer_out as transfer
from tests.factories.books import make_fund
from tests.factories.checks import run_checks_by_worker
from tests.factories.children import RAMAN, make_child
from tests.factories.disbursements import Team, make_approved, make_request, pay
from tests.factories.giving import make_payment
from tests.factories.identity import make_user
from tests.journeys.browsing import Browser

CHEQUE = "เช็ค 00012345"
THIRD, TENTH, TWENTIETH = (date(2026, 11, day) for day in (3, 10, 20))


@dataclass
class Story:
    """Who takes part, and the addresses of what they speak of."""

    team: Team
    pledge: str
    people: dict[str, Browser]
    donor: Browser
    payment: str = ""
    receipt: str = ""
    waiting: str = ""
    lines: tuple[str, ...] = ()


@pytest.fixture
def story(build_once, browser, clock):
    """A cheque of 500 baht for a pledge, spent but for 100, and one more request that waits."""
    clock.move_to(datetime(2026, 11, 3, 3, tzinfo=UTC))
    story = build_once("journeys/returned cheque", lambda: make_story(browser, clock))
    clock.move_to(datetime(2026, 11, 24, 3, tzinfo=UTC))
    return story


def make_story(browser, clock):
    make_fund("GENERAL")
    make_bank_account()
    team = make_team()
    pledge = make_single_pledge(50_000, due_on=THIRD, name="Aminah Sani")
    story = Story(team, f"/pledges/{pledge.token}", {}, browser())
    officer = arrive(story, browser, "officer", team.payer)
    story.payment = record_the_cheque(officer, pledge.instalments[0].reference)
    story.receipt = f"/receipts/{db.session.scalars(db.select(Receipt.code)).one()}"
    story.donor.open(story.pledge).says("Everything is paid.")

    clock.move_to(datetime(2026, 11, 10, 3, tzinfo=UTC))
    pay(make_approved(team, 40_000), team, paid_on=TENTH)
    story.waiting = f"/disbursements/{make_request(team, 10_000).public_id}"
    clock.move_to(datetime(2026, 11, 24, 3, tzinfo=UTC))
    for name, user in (("officer", team.payer), ("approver", team.approver),
                       ("auditor", team.auditor)):  # fmt: skip
        arrive(story, browser, name, user)
    return story


def make_team():
    asker = make_user("case_manager", (RAMAN,))
    return Team(
        asker=asker, approver=make_user("approver"), payer=make_user("fund_officer"),
        auditor=make_user("auditor"), child=make_child(asker), fund="GENERAL",
        restriction=None, prover=make_user("supervisor", (RAMAN,)),
        verifier=make_user("fund_officer"),
    )  # fmt: skip


def arrive(story, browser, name, user):
    story.people[name] = browser()
    story.people[name].sign_in(user.email)
    return story.people[name]


def record_the_cheque(officer, reference):
    page = officer.send(
        officer.open("/payments/new"), "/payments/new", amount="500", method="cheque",
        received_on="3/11/2569", reference=reference, note=CHEQUE,
    )  # fmt: skip
    page.says("The payment is recorded", "Cheque")
    return page.url


def import_statement(story):
    """Its three lines: the cheque paid in, the payout, the cheque taken back."""
    moves = [
        Move(50_000, CHEQUE, THIRD, "11:00", "ฝากเช็ค", "Branch"),
        transfer(40_000, "จ่ายทุน", day=TENTH),
        Move(-50_000, CHEQUE, TWENTIETH, "09:00", "เช็คคืน", "Branch"),
    ]
    story.lines = tuple(f"/bank/lines/{line.public_id}" for line in import_moves(*moves))
    for url in story.lines[:2]:
        officer = story.people["officer"]
        officer.send(officer.open(url), "/match").says("The line is matched.")


def book_the_return(story):
    officer = story.people["officer"]
    page = officer.open(story.lines[2])
    page.says("The bank took a gift back", "Aminah Sani", "500.00")
    assert page.value("return_reason") == "cheque"
    refused = officer.send(page, "/return")
    assert refused.status == 422
    refused.says("Choose the gift.")
    page = officer.send(page, "/return", payment=story.payment.rsplit("/", 1)[1])
    page.says(
        "It is booked that the bank took the money back.", "Matched", "The return of the gift"
    )


def test_a_cheque_is_returned_after_its_money_was_spent(story):
    import_statement(story)
    book_the_return(story)
    the_donor_is_told(story)
    the_payment_says_what_is_missing(story)
    nothing_more_is_approved(story)
    the_reconciliation_closes(story)
    the_books_say_it(story)
    money_comes_in_and_covers_it(story)


@pytest.mark.sqlite
def test_an_officer_learns_of_it_before_the_statement_comes(story):
    """From the payment's page; the line that comes later is offered the return."""
    officer = story.people["officer"]
    page = officer.open(story.payment)
    for day, sentence in (
        ("25/11/2569", "no later than today"),
        ("2/11/2569", "not before it came"),
    ):
        refused = officer.send(page, "/return", return_reason="cheque", returned_on=day)
        assert refused.status == 422
        refused.says(sentence)
    refused = officer.send(page, "/return", returned_on="20/11/2569")
    refused.says("Choose one of the possibilities shown.")
    page = officer.send(page, "/return", return_reason="cheque", returned_on="20/11/2569")
    page.says(
        "Returned by the bank", "The bank returned the cheque", "400.00 baht of it had been spent"
    )
    assert not page.offers("/return")
    assert not page.offers("/reverse")
    import_statement(story)
    page = officer.open(story.lines[2])
    page.says("The books have this return of a gift on")
    officer.send(page, "/match").says("The line is matched.")
    the_reconciliation_closes(story)


def test_two_officers_book_one_return(story, browser):
    import_statement(story)
    second = arrive(story, browser, "second", make_user("fund_officer"))
    page = second.open(story.lines[2])
    book_the_return(story)
    payment = story.payment.rsplit("/", 1)[1]
    refused = second.post(page, "/return", payment=payment)
    assert refused.status_code in (409, 422)
    returned = db.select(JournalEntry).where(JournalEntry.kind == EntryKind.GIFT_RETURNED)
    assert len(db.session.scalars(returned).all()) == 1


@pytest.mark.sqlite
def test_a_recorded_mistake_is_still_refused_when_the_money_is_spent(story):
    officer = story.people["officer"]
    refused = officer.send(officer.open(story.payment), "/reverse", reason="Recorded twice")
    assert refused.status == 422
    refused.says("The fund does not have enough money left for this.")


@pytest.mark.sqlite
def test_cash_is_not_returned(story):
    payment = make_payment(10_000, method="cash", asset_account_code="1110")
    officer = story.people["officer"]
    url = f"/payments/{payment.public_id}"
    page = officer.open(url)
    assert page.offers("/reverse")
    assert not page.offers("/return")
    form = {"return_reason": "cheque", "returned_on": "20/11/2569"}
    token = page.value("csrf_token")
    answer = officer.client.post(
        f"{url}/return",
        data={**form, "csrf_token": token},
        headers={"Referer": f"http://localhost{url}"},
    )
    assert answer.status_code == 422
    assert "No bank returns cash." in answer.text


def the_donor_is_told(story):
    page = story.donor.open(story.receipt)
    page.says("This receipt was made void on", "Reason: The bank returned the cheque")
    page = story.donor.open(story.pledge)
    page.says(
        "The bank returned the cheque, so the gift of 500.00 baht",
        "is void, and what it paid is open again.", "Pay 500.00 baht",
    )  # fmt: skip
    newest = db.select(MailMessage).order_by(MailMessage.id.desc()).limit(1)
    message = db.session.scalars(newest).one()
    assert "500.00" in message.body
    assert story.pledge in message.body


def the_payment_says_what_is_missing(story):
    page = story.people["officer"].open(story.payment)
    page.says(
        "400.00 baht of it had been spent", "400.00 baht of this shortage are not covered yet."
    )


def nothing_more_is_approved(story):
    approver = story.people["approver"]
    approver.open("/today").says("lacks 400.00 baht since 20 November 2026")
    page = approver.open(story.waiting)
    page.says("lacks 400.00 baht since 20 November 2026", "What comes in covers this first")
    refused = approver.send(page, "/approve")
    assert refused.status == 422
    refused.says("The bank took back money of this fund that was already spent.")


def the_reconciliation_closes(story):
    page = story.people["officer"].open("/bank/reconciliation?account=KTB-MAIN&day=22/11/2569")
    page.says("9,600.00")
    assert "JE" not in page.text, "an entry is left over"


def the_books_say_it(story):
    auditor = story.people["auditor"]
    page = auditor.open("/audit/funds")
    page.says("lacks 400.00 baht since 20 November 2026", "400.00 baht more were missing")
    run_checks_by_worker()
    page = auditor.open("/audit/checks")
    page.says("Run on")
    page.hides("check failed", "checks failed")


def money_comes_in_and_covers_it(story):
    make_payment(30_000)
    approver = story.people["approver"]
    page = approver.open(story.waiting)
    page.says("lacks 100.00 baht", "300.00 baht covered", "still missing: 100.00 baht")
    assert approver.send(page, "/approve").status == 422
    make_payment(20_000)
    page = story.people["officer"].open(story.payment)
    page.says("Covered by what came in afterwards:", "300.00 baht", "100.00 baht")
    page.hides("not covered yet")
    page = approver.open(story.waiting)
    page.says("This fund has 100.00 baht available.")
    page.hides("lacks")
    approver.send(page, "/approve").says("Approved. It can be paid now.")
    run_checks_by_worker()
    page = story.people["auditor"].open("/audit/checks")
    page.says("Run on")
    page.hides("check failed", "checks failed")
