"""The fund's whole job, once around: a gift is promised, comes in through the bank, helps a child,
and an auditor follows every satang of it with programs of their own.
"""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.loader import load_file
from PIL import Image

from fundapp.thai.promptpay import bill_payload, parse_payload
from fundapp.web.qr_codes import qr_svg
from tests.documents.pictures import picture_with_place
from tests.factories.banking import Move, fee, statement_file, transfer_out
from tests.factories.children import thai_pin
from tests.journeys.browsing import Browser, File
from tests.journeys.conftest import BILLER_ID

#: Raman, a district of Yala, and one of its subdistricts.
RAMAN, RAMAN_SUBDISTRICT = "9506", "950601"
PIN = thai_pin(77)

STAFF = {
    "officer": ("fund_officer", ()),
    "payer": ("fund_officer", ()),
    "manager": ("case_manager", (RAMAN,)),
    "neighbour": ("case_manager", ("9505",)),
    "supervisor": ("supervisor", (RAMAN,)),
    "approver": ("approver", ()),
    "auditor": ("auditor", ()),
}


@dataclass
class Story:
    """Who takes part, and what one step hands to the next."""

    people: dict[str, Browser]
    donor: Browser
    encoding: str
    references: list[str] = field(default_factory=list)
    pledge_url: str = ""
    receipt_url: str = ""
    child_url: str = ""
    request_url: str = ""
    voucher: str = ""


@pytest.mark.parametrize("encoding", [pytest.param("cp874", marks=pytest.mark.sqlite), "utf-8-sig"])
@pytest.mark.long
def test_the_whole_story(fund_app, runner, browser, clock, tmp_path, encoding):
    clock.move_to(datetime(2026, 11, 1, 3, 0, tzinfo=UTC))
    people = {name: browser() for name in STAFF}
    found_the_fund(runner, people)
    story = Story(people, donor=browser(), encoding=encoding)

    clock.move_to(datetime(2026, 11, 2, 3, 0, tzinfo=UTC))
    a_donor_pledges(story)
    clock.move_to(datetime(2026, 11, 10, 3, 0, tzinfo=UTC))
    come_to_work(story)
    the_officer_imports_the_statement(story)
    the_officer_matches_the_transfer(story)
    the_donor_is_thanked(story)
    the_rest_of_the_statement_is_dealt_with(story)

    a_child_is_registered(story)
    help_is_asked_for(story)
    an_officer_verifies_the_account(story)
    a_second_person_approves(story)
    clock.shift(timedelta(minutes=6))
    a_third_person_pays(story)
    the_guardian_confirms(story)
    clock.move_to(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    come_to_work(story)
    the_bank_saw_it_too(story)

    the_auditor_follows_the_money(story)
    the_auditor_takes_the_books_away(story)
    programs_of_auditors_agree(runner, tmp_path)
    every_check_is_green(runner)
    everybody_may_see_the_sums(story)


def found_the_fund(runner, people):
    """From the command line: a fund, a bank account, the people, who choose passwords alone."""
    names = ("--name-th", "กองทุนทั่วไป", "--name-en", "General fund", "--name-ms", "Tabung am")
    run(runner, "ledger", "create-fund", "GENERAL", "--restriction", "unrestricted", *names)
    run(
        runner, "bank", "open-account", "KTB-MAIN", "--name", "Main account", "--bank", "006",
        "--number", "987-6-54321-0", "--ledger-account", "1121",
    )  # fmt: skip
    for name, (role, districts) in STAFF.items():
        places = [word for code in districts for word in ("--district", code)]
        result = run(
            runner, "users", "create", f"{name}@example.org", "--role", role, "--name",
            name.title(), *places,
        )  # fmt: skip
        page = people[name].accept_invitation(result.output.splitlines()[-1])
        page.says("Recovery codes", "I have kept them")
        people[name].sign_out(people[name].open("/today"))


def run(runner, *words):
    result = runner.invoke(args=list(words))
    assert result.exit_code == 0, (words, result.output)
    return result


def come_to_work(story):
    for name, browser in story.people.items():
        browser.sign_in(f"{name}@example.org")


def a_donor_pledges(story):
    """1,000 baht in three parts, on a page in the donor's language, and a QR code to pay with."""
    page = story.donor.open("/")
    page = story.donor.open(page.link("Give", "/give"))
    page.says("Give to the children of Yala", "General fund")
    page = story.donor.send(
        page, "/give", amount="1,000", frequency="monthly", instalments="3", fund="GENERAL",
        name="Aminah Sani", email="aminah@example.org", method="promptpay", amount_is="total",
    )  # fmt: skip
    page.says("Is this what you mean?", "333.34 × 1 + 333.33 × 2 = 1,000 baht")
    page = story.donor.send(page, "/give", step="make")
    assert re.fullmatch(r"/pledges/[\w-]{20,}", page.url)
    page.says("Pay 333.34 baht", "Part 1 of 3", "333.33", "1,000.00 baht", "Aminah Sani")
    story.pledge_url = page.url
    story.references = re.findall(r'big-number code">(\w+)<', page.html)
    the_code_says_what_the_page_says(story, page)


def the_code_says_what_the_page_says(story, page):
    """The picture is the code of a payment to the fund of this amount with this reference."""
    [reference] = story.references
    payload = bill_payload(BILLER_ID, reference, amount_satang=333_34)
    fields = parse_payload(payload)
    assert fields["30"]["01"] == BILLER_ID
    assert fields["30"]["02"] == reference
    assert (fields["53"], fields["54"]) == ("764", "333.34")
    source = re.search(r'<img class="qr"[^>]* src="([^"]+)"', page.html)[1]
    _name, picture = story.donor.download(source)
    assert modules(picture.decode()) == modules(qr_svg(payload))
    page.says("The reference is in the code. There is nothing to type.")


def modules(svg):
    """The dark and light squares of a code, whatever its title."""
    return re.findall(r'<path [^>]*d="([^"]+)"', svg)


def bank_statement(story, *further, to_on=date(2026, 11, 9), opening=1_000_000):
    """What the bank sends for the first days of November."""
    [reference] = story.references
    moves = [
        Move(333_34, f"REF {reference} นางอามีนะห์", date(2026, 11, 3)),
        Move(5_000_00, "นายฮาซัน", date(2026, 11, 4), description="รับโอนเงิน"),
        fee(2_500, day=date(2026, 11, 5)),
    ]
    return statement_file([*moves, *further], to_on=to_on, opening=opening, encoding=story.encoding)


def the_officer_imports_the_statement(story):
    """First a check that changes nothing, then the import; the same file again changes nothing."""
    officer = story.people["officer"]
    page = officer.open(officer.open("/today").link("Import a bank statement"))
    file = File(bank_statement(story), "พฤศจิกายน.csv")
    chosen = {"file": file, "account": "KTB-MAIN", "profile": "ktb"}
    checked = officer.send(page, "/bank/statements/new", {**chosen, "dry_run": "1"})
    checked.says("Nothing has been written yet.", "3")
    officer.open("/bank/statements").hides("พฤศจิกายน.csv")

    page = officer.send(page, "/bank/statements/new", chosen)
    page.says(
        "The statement is imported: 3 new lines, 0 completed lines, 0 known lines.",
        "10,000.00",
        "15,308.34",
    )
    page.says(f"The text names reference {story.references[0]}.", "Aminah Sani")
    officer.open("/payments").says("No payments yet")
    again = officer.send(officer.open("/bank/statements/new"), "/bank/statements/new", chosen)
    again.says("This file was imported before. Nothing has been changed.")
    assert again.url == page.url


def the_officer_matches_the_transfer(story):
    officer = story.people["officer"]
    page = officer.open("/bank/lines")
    page.says("The amount is exactly what is still to come.", "Certain")
    page = officer.send(page, "/match")
    page.says("The line is matched.")
    payments = officer.open("/payments")
    payments.says("Aminah Sani", "333.34", "General fund")
    payment = officer.open(payments.link(to=r"^/payments/[\w-]{22}$"))
    payment.says(story.references[0], "Aminah Sani", "333.34")
    entry = officer.open(payment.link(to="/audit/entries/"))
    entry.says("1121", "4110", "333.34", story.references[0])


def the_donor_is_thanked(story):
    """The instalment is paid, the receipt is there, and a letter lies in the outbox."""
    page = story.donor.open(story.pledge_url)
    page.says("Paid", "Part 2 of 3", "Pay 333.33 baht")
    story.receipt_url = page.link("Receipt", "/receipts/")
    receipt = story.donor.open(story.receipt_url)
    receipt.says("Aminah Sani", "333.34 baht", "General fund", "สามร้อยสามสิบสามบาทสามสิบสี่สตางค์")
    officer = story.people["officer"]
    outbox = officer.open("/outbox")
    outbox.says("aminah@example.org")
    letter = officer.open(outbox.link("Thank you for your gift"))
    letter.says("Dear Aminah Sani", "333.34 baht", story.receipt_url)
    number = re.search(r"receipt (\S+)", letter.text)[1]
    receipt.says(number)


def the_rest_of_the_statement_is_dealt_with(story):
    """A gift that nobody had promised, and the bank's fee."""
    officer = story.people["officer"]
    page = officer.open(officer.open("/bank/lines").link(to=r"^/bank/lines/[\w-]{22}\?"))
    page.says("นายฮาซัน", "Nothing is known that this could belong to.")
    page = officer.send(page, "/gift", fund="GENERAL", donor="Hasan Daud")
    page.says("The line is recorded as a gift, and its receipt is issued.")
    page = officer.open(officer.open("/bank/lines").link(to=r"^/bank/lines/[\w-]{22}\?"))
    officer.send(page, "/charge").says("The line is booked.")
    officer.open("/bank/reconciliation?day=9/11/2569").says("15,308.34")
    officer.open("/today").says("Bank lines to match 0")


def a_child_is_registered(story):
    """By the case manager of the district; for everybody else there is no such child."""
    manager = story.people["manager"]
    page = manager.open(manager.open("/today").link("Register a child"))
    consent = {
        "keep_file": "y", "signer_name": "รอฮานา สมมุติ", "signer_relation": "mother",
        "signed_on": "9/11/2569",
    }  # fmt: skip
    page = manager.send(
        page, "/children/new", consent, given_name="นูรี", family_name="สมมุติ",
        birth_on="29/2/2559", id_kind="thai_pin", id_number=PIN, guardian_name="รอฮานา สมมุติ",
        guardian_phone="081-234-5678", relation="mother", district=RAMAN,
        subdistrict=RAMAN_SUBDISTRICT, target_group="at_risk",
    )  # fmt: skip
    page.says("นูรี สมมุติ", "Raman", "Who looked at this file", "Manager")
    story.child_url = page.url
    neighbour = story.people["neighbour"]
    neighbour.open("/children").hides("นูรี")
    assert neighbour.open(story.child_url).status == 404
    assert story.people["officer"].open(story.child_url).status == 403


def help_is_asked_for(story):
    manager = story.people["manager"]
    page = manager.open("/disbursements/new")
    page.says("นูรี สมมุติ", "5,308.34 baht available")
    child = story.child_url.rsplit("/", 1)[1]
    page = manager.send(
        page, "/disbursements/new", {"lines": child, f"amount-{child}": "1,500.50"},
        fund="GENERAL", need="education", reason="Shoes and books for the new term",
        payee_kind="guardian", payee_name="รอฮานา สมมุติ", payout_method="transfer", bank="006",
        account_number="123-4-56789-0",
    )  # fmt: skip
    page.says("Sent. Next somebody verifies the bank details", "1,500.50 baht")
    assert not page.offers("/approve")
    assert not page.offers("/pay")
    story.request_url = page.url
    assert story.people["neighbour"].open(story.request_url).status == 404


def an_officer_verifies_the_account(story):
    """Who verifies it does not pay; until then nobody can approve."""
    approver, officer = story.people["approver"], story.people["officer"]
    waiting = approver.open(story.request_url)
    waiting.says("it cannot be approved yet")
    approver.send(waiting, "/approve").says("Nobody has verified the bank details")
    officer.open("/today").says("Bank details to verify 1")
    page = officer.open("/disbursements/accounts")
    page.says("รอฮานา สมมุติ", "1234567890", "on the file")
    ticked = {"accounts": f"{story.request_url.rsplit('/', 1)[1]}.1"}
    officer.send(page, "/accounts", ticked, checked_by="book").says("1 line verified.")


def a_second_person_approves(story):
    approver = story.people["approver"]
    today = approver.open("/today")
    today.says("Requests to decide 1")
    listed = approver.open(today.link("1", "status=submitted"))
    page = approver.open(listed.link(to=story.request_url))
    page.says("นูรี สมมุติ", "Shoes and books", "This fund has 5,308.34 baht available.")
    page = approver.send(page, "/approve")
    page.says("Approved. It can be paid now.")
    assert not page.offers("/pay")


def a_third_person_pays(story):
    """Who pays sees the payee, not the child, and shows again that it is them; what they typed
    meanwhile is not lost.
    """
    payer = story.people["payer"]
    page = payer.open(story.request_url)
    page.says("1,500.50", "รอฮานา สมมุติ", "1234567890")
    page.hides("นูรี", "Shoes and books")
    page = payer.send(page, "/pay", paid_on="10/11/2569", paid_from="1121", bank_reference="KTB-1")
    page.says("Show again that it is you", "nothing you typed is lost")
    page = payer.give_code(page, "payer@example.org")
    page.says("The payment is recorded.", "Paid")
    story.voucher = re.search(r"Voucher (\S+)", page.text)[1]
    payer.open(page.link("Receipt voucher")).says("รอฮานา สมมุติ", "หนึ่งพันห้าร้อยบาทห้าสิบสตางค์")


def the_guardian_confirms(story):
    """The supervisor files the signed paper, as who asked and who paid do not: a photograph, which
    no longer tells where it was taken.
    """
    assert not story.people["manager"].open(story.request_url).offers("/prove")
    supervisor = story.people["supervisor"]
    page = supervisor.open(story.request_url)
    photograph = picture_with_place()
    assert b"CANARY" in photograph
    page = supervisor.send(
        page, "/prove", outcome="received", confirmed_on="10/11/2026",
        confirmed_by="รอฮานา สมมุติ", document=File(photograph, "IMG_0001.JPG"),
    )  # fmt: skip
    page.says("The proof of receipt is filed.")
    _name, kept = supervisor.download(page.link("Signed paper"))
    assert b"CANARY" not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 60), "turned upright, as it was held"
    auditor = story.people["auditor"].open(story.request_url)
    auditor.hides("นูรี", "รอฮานา", "Shoes and books", "1234567890")


def the_bank_saw_it_too(story):
    """A longer statement that overlaps the first one: only what is new comes in."""
    officer = story.people["officer"]
    paid = transfer_out(1_500_50, f"{story.voucher} KTB-1", day=date(2026, 11, 10))
    data = bank_statement(story, paid, to_on=date(2026, 11, 22))
    chosen = {"file": File(data, "more.csv"), "account": "KTB-MAIN", "profile": "ktb"}
    page = officer.open("/bank/statements/new")
    page = officer.send(page, "/bank/statements/new", chosen)
    page.says("1 new line, 0 completed lines, 3 known lines.", "The text names voucher")
    officer.send(page, "/match-certain").says("1 line is matched.")


def the_auditor_follows_the_money(story):
    """From a figure of the trial balance to the account, the entry, and the thing behind it."""
    auditor = story.people["auditor"]
    journal = auditor.open("/audit/journal")
    assert len(set(re.findall(r"/audit/entries/([\w-]+)", journal.html))) == 5
    balance = auditor.open("/audit/trial-balance")
    balance.says("3,807.84", "5,333.34", "1,500.50", "25.00")
    bank = auditor.open(balance.link(to=r"/audit/accounts/1121"))
    bank.says("333.34", "5,000.00", "25.00", "1,500.50", "3,807.84")
    gifts = auditor.open(balance.link(to=r"/audit/accounts/4110"))
    entry = auditor.open(gifts.link(to="/audit/entries/"))
    entry.says(
        "Never changed: the check code fits",
        "Same as when it was posted",
    )
    entry.says("1121", "4110", "On the bank statement", "Officer")
    payment = auditor.open(entry.link(to="^/payments/"))
    payment.says("333.34")
    assert not payment.offers("/reverse")
    funds = auditor.open("/audit/funds")
    funds.says("General fund", "3,807.84")
    before = auditor.open("/audit/trial-balance?as_of=9/11/2569")
    before.says("5,308.34")
    before.hides("1,500.50")


def the_auditor_takes_the_books_away(story):
    """Every page of figures as a file that says the same."""
    auditor = story.people["auditor"]
    page = auditor.open("/audit/trial-balance")
    _name, data = auditor.download(page.link("CSV"))
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert {row["code"]: (row["debit_baht"], row["credit_baht"]) for row in rows} == {
        "1121": ("3807.84", "0.00"),
        "2110": ("0.00", "0.00"),
        "4110": ("0.00", "5333.34"),
        **{row["code"]: ("1500.50", "0.00") for row in rows if row["code"].startswith("51")},
        "5210": ("25.00", "0.00"),
    }
    account = auditor.open("/audit/accounts/1121")
    _name, data = auditor.download(account.link("CSV"))
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[-1]["balance_baht"] == "3807.84"
    exports = auditor.open("/audit/exports")
    for format_name in ("hledger", "beancount", "csv", "jsonl"):
        name, data = auditor.download(exports.link(to=f"/{format_name}$"))
        assert name.startswith("ledger-2026-11-24.")
        assert data


def programs_of_auditors_agree(runner, folder):
    """Hledger and beancount add the exports up to the trial balance, to the satang."""
    told = json.loads(run(runner, "ledger", "trial-balance", "--format", "json").stdout)
    assert told["as_of"] == "2026-11-24"
    expected = {row["code"]: row["debit_satang"] - row["credit_satang"] for row in told["accounts"]}
    assert sum(expected.values()) == 0
    for format_name, totals in (("hledger", hledger_totals), ("beancount", beancount_totals)):
        file = folder / f"books.{format_name}"
        run(runner, "ledger", "export", "--format", format_name, "--output", str(file))
        counted = totals(file)
        assert {code: total for code, total in counted.items() if total} == {
            code: total for code, total in expected.items() if total
        }


def hledger_totals(file):
    """By hledger where there is one, else added up from the journal's own lines."""
    if shutil.which("hledger"):
        command = ["hledger", "-f", str(file), "bal", "--flat", "-N", "-O", "csv"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = [(row[0], row[1]) for row in list(csv.reader(io.StringIO(told)))[1:]]
    else:
        lines = file.read_text(encoding="utf-8").splitlines()
        posted = [
            line.strip().split("  ", 1)
            for line in lines
            if line.startswith("    ") and " = " not in line
        ]
        rows = [(one[0], one[1].split(";")[0]) for one in posted if not one[0].startswith(";")]
    totals = {}
    for account, amount in rows:
        code = account.split(":")[1].split()[0]
        totals[code] = totals.get(code, 0) + satang(amount)
    return totals


def beancount_totals(file):
    """By bean-check, and by beancount's own reader."""
    checker = str(Path(sys.executable).with_name("bean-check"))
    subprocess.run([checker, str(file)], check=True)
    entries, errors, _options = load_file(str(file))
    assert errors == []
    totals = {}
    for posting in (one for entry in entries for one in getattr(entry, "postings", ())):
        code = posting.account.split(":")[1][1:]
        totals[code] = totals.get(code, 0) + satang(str(posting.units.number))
    return totals


def satang(text):
    amount = Decimal(text.replace("THB", "").replace(",", "").strip() or "0") * 100
    assert amount == int(amount)
    return int(amount)


def every_check_is_green(runner):
    result = run(runner, "audit", "check")
    assert re.search(r"\d+ green, 0 red", result.output)


def everybody_may_see_the_sums(story):
    """The public page tells what came in and what went out, and names nobody."""
    page = story.donor.open("/")
    page.says("5,333.34", "nothing is published yet")
    page.hides("1,525.50", "1,500.50", "3,807.84")  # one family's help shows in no live figure
    page.hides("Aminah", "Hasan", "นูรี", "รอฮานา")
