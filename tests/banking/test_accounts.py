"""Adding bank accounts of the fund."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks.bank import numbers_once
from fundapp.banking.errors import BankAccountRefusedError
from fundapp.banking.models import BankAccount
from fundapp.banking.operations import change_promptpay
from fundapp.db import db, unit_of_work
from fundapp.errors import NotFoundError, StaleError
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.models import Restriction
from fundapp.trail.models import AuditEvent
from tests.audit.tampering import tamper
from tests.banking.pages import text
from tests.factories.actors import COMMAND_LINE, HOUSE
from tests.factories.banking import make_bank_account
from tests.factories.books import make_entry, make_fund, make_gift
from tests.factories.identity import confirm_open_proposals

BILLER = "099400016550101"
URL = "/bank/accounts/KTB-MAIN"


@pytest.mark.sqlite
def test_a_bank_account_and_its_trail(bank):
    make_bank_account("KTB-ZAKAT", account_number="987-6-54321-1", account_code="1122")
    assert db.session.get(BankAccount, "KTB-ZAKAT").account_digits == "9876543211"
    (event,) = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.subject_ref == "KTB-ZAKAT")
    )
    assert (event.action, event.actor) == ("banking:account:open", COMMAND_LINE.ref)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "small"}, "code"),
        ({"code": "KTB-MAIN"}, "code"),
        ({"name": " "}, "name"),
        ({"bank_code": "6"}, "bank"),
        ({"account_number": "12ab"}, "number"),
        ({"account_number": "987-6-54321-0"}, "number"),
        ({"account_number": "๙๘๗ ๖๕๔๓๒๑๐"}, "number"),
        ({"account_code": "1110"}, "account_code"),
        ({"account_code": "1130"}, "account_code"),
        ({"account_code": "4110"}, "account_code"),
        ({"account_code": "9999"}, "account_code"),
        ({"account_code": "1121"}, "code"),
        ({"promptpay_biller": "0994000165501"}, "promptpay_biller"),
        ({"promptpay_biller": "09940001655010x"}, "promptpay_biller"),
        ({"promptpay_id": "12345"}, "promptpay_id"),
        ({"promptpay_id": "somebody"}, "promptpay_id"),
    ],
)
def test_bank_accounts_that_do_not_fit(bank, change, field):
    values = {"code": "NEW", "account_code": "1122", "account_number": "111-2-33333-4", **change}
    with pytest.raises(BankAccountRefusedError) as refused:
        make_bank_account(values.pop("code"), **values)
    assert refused.value.field == field


ONCE_MORE = (
    "INSERT INTO bank_accounts (code, name, bank_code, account_number, account_code,"
    " promptpay_biller_id, promptpay_id, version) VALUES"
    " ('TWICE', 'x', '{0}', '987 654321-0', '1122', '', '', 1)"
)
SAME_BANK = "UPDATE bank_accounts SET bank_code = '006'"


def test_an_account_at_a_bank_that_stands_twice_is_found(bank):
    tamper("bank_accounts", ONCE_MORE.format("004"))
    assert list(numbers_once()) == []
    tamper("bank_accounts", SAME_BANK)
    (violation,) = numbers_once()
    assert (violation.ref, violation.problem) == ("TWICE", "is the account KTB-MAIN once more")


@pytest.mark.parametrize(
    "statements", [[ONCE_MORE.format("006")], [ONCE_MORE.format("004"), SAME_BANK]]
)
def test_the_database_takes_no_number_twice(bank, statements):
    def work():
        for statement in statements:
            db.session.execute(db.text(statement))

    with pytest.raises(DBAPIError, match="in the list already"):
        unit_of_work(work)


def test_two_accounts_of_one_number_are_not_opened_in_one_moment(app, bank):
    start = threading.Barrier(2)

    def work(code, account_code):
        with app.app_context():
            start.wait(timeout=10)
            try:
                make_bank_account(code, account_number="111-2-33333-4", account_code=account_code)
            except BankAccountRefusedError as refused:
                return refused.field
            return "opened"

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, ("A", "B"), ("1122", "1123")))
    assert sorted(results) == ["number", "opened"]


def ids_of(code="KTB-MAIN"):
    db.session.expire_all()
    account = db.session.get(BankAccount, code)
    return account.promptpay_biller_id, account.promptpay_id, account.version


def events():
    query = db.select(AuditEvent).where(AuditEvent.action == "banking:account:change")
    return [(event.actor, event.subject_ref, event.changes) for event in db.session.scalars(query)]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"promptpay_biller": "0994 0001 6550 1 01"}, (BILLER, "")),
        ({"promptpay_id": "081-234-5678"}, ("", "0812345678")),
        ({"promptpay_id": "+66 81 234 5678"}, ("", "0812345678")),
        ({"promptpay_id": "0-9940-00165-50-1"}, ("", "0994000165501")),
        ({"promptpay_id": "004999000288505"}, ("", "004999000288505")),
    ],
)
def test_ids_are_kept_as_digits(session, clock, typed, kept):
    make_bank_account(**typed)
    assert ids_of()[:2] == kept


@pytest.mark.sqlite
def test_an_officer_changes_what_pays_into_an_account(officer):
    page = text(officer.get(URL))
    assert "KTB-MAIN" in page
    sent = {"promptpay_biller": "0994 0001 6550 101", "promptpay_id": "", "version": "1"}
    answer = officer.post(URL, data=sent)
    assert answer.status_code == 303
    proposal = text(officer.get(f"{answer.location}?lang=en"))
    assert (BILLER in proposal, "You proposed this." in proposal) == (True, True)
    assert ids_of() == ("", "", 1), "one person alone changed it"
    assert officer.post(f"{answer.location}/confirm").status_code == 403
    assert "A change of this waits" in text(officer.get(URL))
    confirm_open_proposals()
    assert ids_of() == (BILLER, "", 2)
    (event,) = events()
    assert event[1:] == ("KTB-MAIN", {"promptpay_biller_id": ["", BILLER]})
    assert BILLER in text(officer.get("/bank/accounts"))
    assert BILLER in text(officer.get(URL))


@pytest.mark.sqlite
def test_what_is_no_promptpay_id_stays_on_the_form(officer):
    sent = {"promptpay_biller": "123", "promptpay_id": "", "version": "1"}
    answer = officer.post(URL, data=sent)
    assert answer.status_code == 422
    assert "A biller id has 15 digits" in text(answer)
    assert 'value="123"' in text(answer)
    assert (ids_of(), events()) == (("", "", 1), [])


def test_the_second_of_two_officers_is_told(officer):
    sent = {"promptpay_biller": BILLER, "promptpay_id": "", "version": "1"}
    assert officer.post(URL, data=sent).status_code == 303
    assert officer.post(URL, data={**sent, "promptpay_biller": ""}).status_code == 422
    confirm_open_proposals()
    assert officer.post(URL, data={**sent, "promptpay_biller": ""}).status_code == 409
    assert ids_of() == (BILLER, "", 2)
    with pytest.raises(StaleError):
        unit_of_work(
            change_promptpay,
            "KTB-MAIN",
            promptpay_biller="",
            promptpay_id="",
            version=1,
            actor=HOUSE,
        )


@pytest.mark.sqlite
def test_an_account_that_is_not_there(officer):
    for code in ("NONE", "x" * 3000, "ก"):
        assert officer.get(f"/bank/accounts/{code}").status_code == 404
        assert officer.post(f"/bank/accounts/{code}", data={"version": "1"}).status_code == 404
    with pytest.raises(NotFoundError):
        unit_of_work(
            change_promptpay, "NONE", promptpay_biller="", promptpay_id="", version=1, actor=HOUSE
        )


@pytest.mark.sqlite
def test_the_list_shows_where_each_funds_money_lies(officer, auditor):
    make_fund("ZAKAT", Restriction.ZAKAT)
    make_gift(70_000)
    make_entry(PostingDraft("ZAKAT", chart.CASH_ON_HAND, chart.ZAKAT_RECEIVED, 12_300))
    make_entry(PostingDraft("GENERAL", chart.CASH_ON_HAND, chart.DONATIONS_INDIVIDUALS, 100))
    page = text(officer.get("/bank/accounts"))
    cash_box = page.split("1110 Cash on hand")[1].split("</section>")[0]
    for shown in ("Fund GENERAL", "1.00", "Fund ZAKAT", "123.00", "124.00"):
        assert shown in cash_box
    main = page.split("1121 Bank, main account")[1].split("</section>")[0]
    assert ("KTB-MAIN" in main, "700.00" in main, "ZAKAT" in main) == (True, True, False)
    assert "Change PromptPay" in page
    seen = text(auditor.get("/bank/accounts"))
    assert ("123.00" in seen, "Change PromptPay" in seen) == (True, False)
    assert auditor.get(URL).status_code == 403
    assert auditor.post(URL, data={"version": "1"}).status_code == 403


@pytest.mark.sqlite
def test_the_command_sets_the_biller(session, clock, runner):
    options = ["--name", "Main", "--bank", "006", "--number", "987-6-54321-0"]
    options += ["--ledger-account", "1121"]
    wrong = runner.invoke(args=["bank", "open-account", "A", *options, "--promptpay-biller", "12"])
    assert (wrong.exit_code, "15 digits" in wrong.output) == (1, True)
    done = runner.invoke(args=["bank", "open-account", "A", *options, "--promptpay-biller", BILLER])
    assert done.exit_code == 0, done.output
    assert ids_of("A")[0] == BILLER
    assert BILLER in runner.invoke(args=["bank", "accounts"]).output
