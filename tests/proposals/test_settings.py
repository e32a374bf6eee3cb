"""The pages of what rules the house: one person proposes in a form, another confirms."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.banking.models import BankAccount
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Pledge
from fundapp.identity.models import UserSession
from fundapp.ledger.drafts import FundSettings
from fundapp.ledger.kinds import settings_values
from fundapp.ledger.models import AccountUse, Fund, FundStatus, Period, PeriodStatus, TaxWording
from fundapp.ledger.operations import close_fund, set_let_go_limit
from fundapp.proposals.models import Proposal, ProposalStatus
from fundapp.transparency.queries import list_holders
from tests.factories.actors import HOUSE
from tests.factories.banking import make_bank_account
from tests.factories.books import close_month, make_fund, make_gift
from tests.factories.giving import make_payment, make_pledge
from tests.factories.identity import agree, make_user, sign_in
from tests.factories.ledger import DAY

TAX = {
    "text_th": "ใบเสร็จนี้ใช้ลดหย่อนภาษีได้",
    "text_en": "This receipt counts for tax.",
    "text_ms": "Resit ini dikira untuk cukai.",
}
SETTINGS = {
    "name_th": "ทุนใหม่", "name_en": "New name", "name_ms": "Nama baharu", "accepts_gifts": "y",
    "purpose_en": "For school", "minimum": "100", "goal": "50,000", "position": "3",
}  # fmt: skip
OPENING = {
    **SETTINGS, **TAX, "code": "WINTER", "restriction": "restricted", "bank": ["1121"],
    "cash": ["1110"],
}  # fmt: skip
ACCOUNT = {
    "code": "KTB-NEW", "name": "The fund", "bank": "006", "number": "987-6-54321-0",
    "account_code": "1121",
}  # fmt: skip


def fund(code="GENERAL"):
    return db.session.get(Fund, code)


def month():
    return db.session.get(Period, DAY.replace(day=1)).status


def wording():
    row = db.session.get(TaxWording, ("GENERAL", fund().tax_wording_number))
    return row.text_en


#: Address, what is sent, a text of the proposal's page, and what holds afterwards.
FORMS = {
    "opening": (
        "/settings/funds/new", OPENING, "Restricted",
        lambda: fund("WINTER") is not None and fund("WINTER").minimum_satang == 10_000,
    ),
    "settings": (
        "/settings/funds/GENERAL/settings", SETTINGS, "50,000.00",
        lambda: (fund().name_en, fund().goal_satang) == ("New name", 5_000_000),
    ),
    "accounts": (
        "/settings/funds/GENERAL/accounts",
        {"bank": ["1121", "1123"], "cash": ["1110"], "income": "4110"}, "1123 Bank, third account",
        lambda: fund().account_codes(AccountUse.BANK) == ["1121", "1123"],
    ),
    "tax": (
        "/settings/funds/GENERAL/tax-wording", TAX, "This receipt counts for tax.",
        lambda: wording() == TAX["text_en"],
    ),
    "limit": (
        "/settings/funds/GENERAL/let-go", {"limit": "5"}, "5.00",
        lambda: fund().let_go_limit_satang == 500,
    ),
    "closing": (
        "/settings/funds/GENERAL/close", {}, "Closed", lambda: fund().is_closed,
    ),
    "month": (
        "/settings/months/2026-11-01/close", {}, "takes entries",
        lambda: month() is PeriodStatus.CLOSED,
    ),
    "holders": (
        "/settings/checkpoints", {"addresses": "b@example.org\n\nA@Example.org"},
        "a@example.org, b@example.org",
        lambda: list_holders() == ["a@example.org", "b@example.org"],
    ),
    "account": (
        "/bank/settings/new", ACCOUNT, "987-6-54321-0",
        lambda: db.session.get(BankAccount, "KTB-NEW") is not None,
    ),
}  # fmt: skip


def after_december(clock):
    clock.shift(timedelta(days=14))


@pytest.fixture
def house(build_once, clock):
    build_once("proposals/fund", make_fund)
    after_december(clock)


def holds(condition):
    db.session.rollback()
    db.session.expire_all()
    return condition()


def only_proposal():
    db.session.rollback()
    return db.session.scalars(select(Proposal).where(Proposal.status == ProposalStatus.OPEN)).one()


@pytest.mark.one_case
@pytest.mark.parametrize("name", FORMS)
def test_what_one_proposes_in_a_form_another_confirms(app, client, house, name):
    address, data, words, condition = FORMS[name]
    sign_in(client, make_user(Role.ADMINISTRATOR))
    answer = client.post(address, data=data)
    assert answer.status_code == 303, answer.text
    assert not holds(condition)
    proposal = only_proposal()
    page = client.get(f"/proposals/{proposal.public_id}?lang=en").text
    assert words in page
    assert client.post(f"/proposals/{proposal.public_id}/confirm").status_code == 422
    assert not holds(condition)
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    assert desk.post(f"/proposals/{proposal.public_id}/confirm").status_code == 303
    assert holds(condition)


# Refused before the database is asked.
@pytest.mark.sqlite
@pytest.mark.parametrize("name", FORMS)
def test_a_form_needs_the_permission_and_a_fresh_factor(app, client, house, name):
    address, data, _words, _condition = FORMS[name]
    for role in (Role.APPROVER, Role.AUDITOR, Role.CASE_MANAGER):
        other = app.test_client()
        sign_in(other, make_user(role, ("9506",) if role is Role.CASE_MANAGER else ()))
        assert other.post(address, data=data).status_code == 403
    sign_in(client, make_user(Role.ADMINISTRATOR))
    unit_of_work(_forget_factors)
    answer = client.post(f"{address}?lang=en", data=data)
    assert answer.status_code != 303
    assert db.session.scalars(select(Proposal)).all() == []


def _forget_factors():
    for row in db.session.scalars(select(UserSession)):
        if row.factor_at is not None:
            row.factor_at -= timedelta(minutes=6)


@pytest.mark.sqlite
def test_a_fund_may_let_nothing_go(client, house):
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert client.post("/settings/funds/GENERAL/let-go", data={"limit": "0"}).status_code == 303
    assert only_proposal().after == {"satang": 0}
    unit_of_work(set_let_go_limit, "GENERAL", 0, actor=HOUSE)
    page = client.get("/settings/funds/GENERAL/let-go").text
    assert 'value="0.00"' in page


@pytest.mark.sqlite
def test_nothing_is_proposed_of_a_closed_fund_but_to_open_it(client, house):
    unit_of_work(close_fund, "GENERAL", actor=HOUSE)
    sign_in(client, make_user(Role.FUND_OFFICER))
    for name in ("settings", "accounts", "tax", "limit"):
        address, data, *_ = FORMS[name]
        answer = client.post(f"{address}?lang=en", data=data)
        assert (answer.status_code, "This fund is closed." in answer.text) == (422, True), name
    assert client.post("/settings/funds/GENERAL/reopen").status_code == 303
    assert only_proposal().kind == "fund-status"


@pytest.mark.sqlite
def test_a_proposal_of_a_bank_account_names_the_bank_and_the_account_of_the_books(client, house):
    sign_in(client, make_user(Role.FUND_OFFICER))
    typed = {**ACCOUNT, "number": "๙๘๗-๖-๕๔๓๒๑-๐", "promptpay_id": "๐๘๑ ๒๓๔ ๕๖๗๘"}
    assert client.post("/bank/settings/new", data=typed).status_code == 303
    proposal = only_proposal()
    assert proposal.after["account_number"] == "987-6-54321-0"
    assert proposal.after["promptpay_id"] == "0812345678"
    page = client.get(f"/proposals/{proposal.public_id}?lang=en").text
    for shown in ("Krungthai Bank (KTB)", "1121 Bank, main account", "987-6-54321-0"):
        assert shown in page, shown


@pytest.mark.sqlite
def test_the_trail_names_the_bank_and_the_accounts_of_the_books(client, house):
    make_bank_account()
    sign_in(client, make_user(Role.AUDITOR))
    page = client.get("/audit/trail?lang=en&to_on=31/12/2026").text
    for shown in ("Krungthai Bank (KTB)", "987-6-54321-0", "1110 Cash on hand"):
        assert shown in page, shown
    assert page.count("1121 Bank, main account") == 2


@pytest.mark.sqlite
def test_the_form_of_a_bank_account_says_what_to_do_when_no_account_is_left(client, house):
    make_bank_account()
    for code in ("1122", "1123", "1124", "1125"):
        make_bank_account(f"KTB-{code}", account_number=f"111-2-3{code}-4", account_code=code)
    sign_in(client, make_user(Role.FUND_OFFICER))
    page = client.get("/bank/settings/new?lang=en").text
    assert "ask whoever maintains the program for a further bank account in the chart" in page
    assert [code for code in ("1110", "1121", "1125", "1130") if f'value="{code}"' in page] == []


@pytest.mark.one_case
@pytest.mark.parametrize("number", ["987-6-54321-0", "9876543210", "๙๘๗ ๖ ๕๔๓๒๑ ๐"])
def test_an_account_at_a_bank_is_proposed_and_opened_once(app, client, house, number):
    """Nor when a second proposal was made before the first was confirmed."""
    sign_in(client, make_user(Role.ADMINISTRATOR))
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    second = {**ACCOUNT, "code": "KTB-2", "number": number, "account_code": "1122"}
    client.post("/bank/settings/new", data=second)
    proposal = only_proposal()
    make_bank_account()
    sentence = "This account of the bank is open already, with the code KTB-MAIN."
    answer = desk.post(f"/proposals/{proposal.public_id}/confirm?lang=en")
    assert (answer.status_code, sentence in answer.text) == (422, True)
    again = client.post("/bank/settings/new?lang=en", data={**second, "code": "KTB-3"})
    assert (again.status_code, sentence in again.text) == (422, True)
    assert db.session.scalars(select(BankAccount.code)).all() == ["KTB-MAIN"]
    other_bank = {**second, "code": "KTB-3", "bank": "004"}
    assert client.post("/bank/settings/new", data=other_bank).status_code == 303


PAGES = (
    "/settings", "/settings/months", "/settings/funds/new", "/settings/funds/GENERAL",
    "/settings/funds/GENERAL/settings", "/settings/funds/GENERAL/accounts",
    "/settings/funds/GENERAL/tax-wording", "/settings/funds/GENERAL/let-go", "/bank/settings",
    "/bank/settings/new",
)  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize("page", PAGES)
def test_officers_and_administrators_open_the_pages(app, house, page):
    for role in Role:
        reader = app.test_client()
        sign_in(reader, make_user(role, ("9506",)))
        wanted = 200 if role in (Role.FUND_OFFICER, Role.ADMINISTRATOR) else 403
        assert reader.get(f"{page}?lang=en").status_code == wanted
    assert app.test_client().get(page).status_code == 302


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("opening", {"code": "GENERAL"}, "There is a fund GENERAL already."),
        ("opening", {"code": "win ter"}, "Use 1 to 20 capital letters, digits and hyphens"),
        ("opening", {"bank": [], "cash": []}, "Choose one bank account or cash box at least"),
        ("opening", {"restriction": ""}, "Choose what its money may be used for."),
        ("opening", {"text_ms": ""}, "Write it in all three languages."),
        ("settings", {"name_th": " "}, "Write it in all three languages."),
        ("settings", {"minimum": "100001"}, "Ask for 100,000.00 baht at most."),
        ("settings", {"position": "1001"}, "Choose a number from 1 to 1000."),
        ("accounts", {"bank": ["1123"], "cash": []}, "Move them to another account of the fund"),
        ("accounts", {"bank": ["4110"]}, "Choose one of the possibilities shown."),
        ("accounts", {"bank": ["1110"]}, "Choose one of the possibilities shown."),
        ("accounts", {"cash": ["1121"]}, "Choose one of the possibilities shown."),
        ("accounts", {"bank": ["1121", "1122"]}, "account 1122 would hold both zakat and other"),
        ("accounts", {"bank": ["1130"]}, "Choose one of the possibilities shown."),
        ("opening", {"bank": ["1110"], "cash": ["1121"]}, "Choose one of the possibilities shown."),
        ("tax", {"text_en": ""}, "Write it in all three languages."),
        ("limit", {"limit": "101"}, "A fund lets go of 0 to 100.00 baht."),
        ("limit", {"limit": "1"}, "Nothing would change."),
        ("closing", {}, "Pay the money out as help first"),
        ("limit", {"limit": "-1"}, "The amount must not be negative."),
        ("account", {"number": "12"}, "Check the number."),
        ("account", {"account_code": "1110"}, "Choose one of the possibilities shown."),
        ("account", {"code": "ktb"}, "Use capital letters, digits and hyphens."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, house, name, changes, sentence):
    make_gift(500)
    address, data, _words, _condition = FORMS[name]
    sign_in(client, make_user(Role.FUND_OFFICER))
    answer = client.post(f"{address}?lang=en", data={**data, **changes})
    assert (answer.status_code, sentence in answer.text) == (422, True), answer.text
    assert db.session.scalars(select(Proposal)).all() == []


@pytest.mark.sqlite
def test_unknown_funds_and_months_are_not_found(client, house):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    for page in (
        "/settings/funds/NONE", "/settings/funds/NONE/settings", "/settings/funds/NONE/accounts",
        "/settings/funds/NONE/tax-wording", "/settings/funds/NONE/let-go",
        "/settings/months/2026-11-02/reopen", "/settings/months/x/reopen",
    ):  # fmt: skip
        assert client.get(page).status_code == 404
    for page in (
        "/settings/funds/NONE/close", "/settings/funds/NONE/freeze", "/settings/funds/NONE/reopen",
        "/settings/months/x/close", "/bank/settings/NONE/freeze", "/bank/settings/NONE/release",
    ):  # fmt: skip
        assert client.post(page).status_code == 404
    assert client.post("/settings/funds/NONE/settings", data=SETTINGS).status_code == 404


@pytest.mark.sqlite
@pytest.mark.parametrize("send", ["get", "post"])
def test_a_month_that_is_open_is_not_opened_again(client, house, send):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    address = "/settings/months/2026-11-01/reopen?lang=en"
    answer = getattr(client, send)(address, data={"reason": "mistake"})
    assert (answer.status_code, "This month takes entries already." in answer.text) == (422, True)


@pytest.mark.sqlite
@pytest.mark.parametrize(("lang", "day"), [("th", "31 ธันวาคม 2569"), ("en", "31 December 2026")])
def test_a_running_month_says_in_the_readers_days_when_it_can_be_closed(client, house, lang, day):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    answer = client.post(f"/settings/months/2026-12-01/close?lang={lang}")
    assert answer.status_code == 422
    assert day in answer.text
    assert "2026-12-31" not in answer.text


def test_a_form_that_was_opened_before_another_change_is_stale(client, house):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get("/settings/funds/GENERAL/let-go").text
    version = re.search(r'name="version"[^>]*value="([^"]+)"', page)[1]
    unit_of_work(set_let_go_limit, "GENERAL", 200, actor=HOUSE)
    data = {"limit": "5", "version": version}
    assert client.post("/settings/funds/GENERAL/let-go", data=data).status_code == 409
    assert db.session.scalars(select(Proposal)).all() == []


def test_one_person_freezes_a_fund_and_two_open_it_again(app, client, house):
    sign_in(client, make_user(Role.FUND_OFFICER))
    page = client.get("/settings/funds/GENERAL?lang=en").text
    assert "Freeze the fund now" in page
    assert "yes, while the fund is open" in page
    assert client.post("/settings/funds/GENERAL/freeze").status_code == 303
    assert holds(lambda: fund().status) is FundStatus.FROZEN
    again = client.post("/settings/funds/GENERAL/freeze?lang=en")
    assert again.status_code == 422
    assert "perhaps somebody changed it after you opened the page" in again.text
    assert client.post("/settings/funds/GENERAL/reopen").status_code == 303
    assert holds(lambda: fund().status) is FundStatus.FROZEN
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    desk.post(f"/proposals/{only_proposal().public_id}/confirm")
    assert holds(lambda: fund().status) is FundStatus.OPEN


@pytest.mark.sqlite
def test_a_closed_fund_offers_no_change_but_to_open_it(client, house):
    sign_in(client, make_user(Role.FUND_OFFICER))
    offered = "Propose a change"
    assert offered in client.get("/settings/funds/GENERAL?lang=en").text
    unit_of_work(close_fund, "GENERAL", actor=HOUSE)
    page = client.get("/settings/funds/GENERAL?lang=en").text
    assert offered not in page
    assert "/settings/funds/GENERAL/reopen" in page


def test_one_person_freezes_a_bank_account_and_two_release_it(app, client, session, clock):
    make_fund()
    make_bank_account()
    pledge = make_pledge()
    shown = f"/pledges/{pledge.token}?lang=en"
    number = db.session.scalars(select(BankAccount.account_number)).one()
    visitor = app.test_client()
    assert number in visitor.get(shown).text
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert client.post("/bank/settings/KTB-MAIN/freeze").status_code == 303
    assert client.post("/bank/settings/KTB-MAIN/freeze").status_code == 422
    assert number not in visitor.get(shown).text
    assert client.post("/bank/settings/KTB-MAIN/release").status_code == 303
    assert number not in visitor.get(shown).text
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    desk.post(f"/proposals/{only_proposal().public_id}/confirm")
    assert number in visitor.get(shown).text


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("year", "first"),
    [("", "1 Nov 2026"), ("?year=2569", "1 Sep 2026"), ("?year=1", ""), ("?year=x", "1 Nov 2026"),
     ("?year=9223372036854775807", "1 Nov 2026"), ("?year=99999999999999999999", "1 Nov 2026")],
)  # fmt: skip
def test_the_months_up_to_a_year(client, house, year, first):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    client.set_cookie("lang", "en")
    answer = client.get(f"/settings/months{year}")
    assert answer.status_code == 200
    days = re.findall(r"<th[^>]*><a[^>]*>(1 \w{3} \d{4}) –", answer.text)
    assert (days[0] if days else "", len(days)) == (first, 12 if first else 0)
    assert ("The year before" in answer.text) is bool(days)


def test_a_closed_month_is_opened_again_by_two_with_a_reason(app, client, house):
    close_month(DAY)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    address = "/settings/months/2026-11-01/reopen"
    assert "Open it again" in client.get("/settings/months?year=2570&lang=en").text
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"reason": "mistake"}).status_code == 303
    proposal = only_proposal()
    page = client.get(f"/proposals/{proposal.public_id}?lang=en").text
    assert "A mistake was found in that month" in page
    assert "Waits for a second person" in client.get("/settings/months?year=2570&lang=en").text
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    desk.post(f"/proposals/{proposal.public_id}/confirm")
    assert holds(month) is PeriodStatus.OPEN


def test_what_came_in_meanwhile_stops_a_closing_that_was_proposed(app, client, house):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    client.post("/settings/funds/GENERAL/close")
    make_gift(500)
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    answer = desk.post(f"/proposals/{only_proposal().public_id}/confirm?lang=en")
    assert (answer.status_code, "Pay the money out as help first" in answer.text) == (422, True)
    assert not holds(lambda: fund().is_closed)


@pytest.mark.sqlite
def test_receipts_keep_the_tax_wording_that_was_in_force(app, client, house):
    first = make_payment(10_000)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    client.post("/settings/funds/GENERAL/tax-wording", data=TAX)
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    desk.post(f"/proposals/{only_proposal().public_id}/confirm")
    second = make_payment(10_000)
    pages = [
        app.test_client().get(f"/receipts/{_receipt_code(each)}?lang=en").text
        for each in (first, second)
    ]
    assert ["This gift is not registered for a tax deduction." in page for page in pages] == [
        True, False,
    ]  # fmt: skip
    assert ["This receipt counts for tax." in page for page in pages] == [False, True]
    thai = app.test_client().get(f"/receipts/{_receipt_code(second)}?lang=th").text
    assert TAX["text_th"] in thai


def _receipt_code(payment):
    query = db.text("SELECT code FROM receipts WHERE payment_id = :id")
    return db.session.execute(query, {"id": payment.id}).scalar_one()


@pytest.mark.sqlite
def test_donors_see_the_goal_and_give_no_less_than_the_least(app, client, house):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    client.post("/settings/funds/GENERAL/settings", data=SETTINGS)
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    desk.post(f"/proposals/{only_proposal().public_id}/confirm")
    visitor = app.test_client()
    page = visitor.get("/give?lang=en").text
    assert ("50,000.00" in page, "Gifts from 100.00 baht on." in page) == (True, True)
    form = {"amount": "50", "fund": "GENERAL", "frequency": "once", "amount_is": "total",
            "method": "transfer", "name": "A giver"}  # fmt: skip
    answer = visitor.post("/give?lang=en", data=form)
    assert "This fund takes gifts from 100.00 baht on." in answer.text
    assert db.session.scalars(select(Pledge)).all() == []
    assert visitor.post("/give?lang=en", data={**form, "amount": "100"}).status_code == 303


@pytest.mark.sqlite
def test_the_trail_says_in_words_what_was_changed(app, client, house):
    """As an auditor reads it: names of settings, states and amounts."""
    close_month(DAY)
    closed = {"status": "closed"}
    reopened = {"status": "open", "reason": "mistake"}
    agree(
        "fund-settings", "GENERAL", settings_values(FundSettings(("ก", "b", "c"), goal_satang=700))
    )
    agree("period-reopening", "2026-11-01", reopened)
    agree("fund-status", "GENERAL", closed)
    sign_in(client, make_user(Role.AUDITOR))
    page = client.get("/audit/trail?lang=en&to_on=31/12/2026").text
    for words in ("Goal (baht)", "7.00", "A mistake was found in that month", "Fund closed"):
        assert words in page, words
    assert "goal_satang" not in page
