"""The officer's pages: donors, payments, recording and reversing."""

import re

import pytest
from sqlalchemy import func, select

from fundapp.access.permissions import Role
from fundapp.db import unit_of_work
from fundapp.giving import operations
from fundapp.giving.models import Method, Payment, PaymentStatus, Receipt
from fundapp.giving.queries import get_payment, get_pledge
from fundapp.ledger import chart
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import Posting
from fundapp.trail.models import AuditEvent
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.books import make_approval, make_fund
from tests.factories.giving import make_donor, make_payment, make_pledge
from tests.factories.identity import make_user, sign_in
from tests.growth.measures import measured

pytestmark = pytest.mark.sqlite

CASH = {
    "amount": "500",
    "method": "cash",
    "received_on": "24/11/2569",
    "fund": "GENERAL",
    "payer_name": "Walk-in",
    "form_id": "one",
}


def recorded(session, answer):
    assert answer.status_code == 303, answer.text
    session.expire_all()
    return get_payment(answer.location.removeprefix("/payments/"))


def count(session):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Payment))


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.APPROVER, Role.DONOR, Role.ADMINISTRATOR])
def test_other_roles_are_refused(client, funds, role):
    payment = make_payment(500)
    sign_in(client, make_user(role))
    for url in ("/donors", "/payments", "/payments/new", f"/payments/{payment.public_id}"):
        assert client.get(url).status_code == 403
    reverse = client.post(f"/payments/{payment.public_id}/reverse", data={"reason": "x"})
    assert reverse.status_code == 403


def test_the_auditor_reads_and_records_nothing(client, funds):
    payment = make_payment(500)
    sign_in(client, make_user(Role.AUDITOR))
    assert client.get("/payments").status_code == 200
    page = client.get(f"/payments/{payment.public_id}").text
    assert "/reverse" not in page
    assert "/audit/entries/JE" in page
    assert client.get("/payments/new").status_code == 403


def test_visitors_are_asked_to_sign_in(client, funds):
    assert client.get("/donors").status_code in {302, 303}


def test_donors_are_found(officer, funds):
    make_donor("นูรี มะเซ็ง", email="nuri@example.org")
    pledge = make_pledge(name="Aminah 100%_x")
    for search, name in (
        ("นูรี", "นูรี"),
        ("NURI@", "นูรี"),
        ("100%_", "Aminah"),
        (pledge.instalments[1].reference.lower(), "Aminah"),
    ):
        page = officer.post("/donors", data={"q": search}).text
        assert name in page
        assert page.count('row"><a href="/donors/') == 1
    assert "Nobody found" in officer.post("/donors", data={"q": "%%"}).text


def test_a_donor_is_found_however_the_name_is_typed(officer, funds):
    make_donor("นางสาวน้ำฝน แวหะยี", email="rain@example.org")
    make_donor("Nik-Aminah Tok O\u2019Deng")
    make_donor("อามีเนาะ ทดลองวงศ์")
    for search, name in (
        ("นํ้าฝน", "rain@"),
        ("น.ส. นำ้ฝน  เเวหะยี", "rain@"),
        ("\u200bน้ำ\u200eฝน", "rain@"),
        ("ＲＡＩＮ＠", "rain@"),
        ("Mrs. nik\u2011aminah", "Nik-Aminah"),
        ("tok o'deng", "Nik-Aminah"),
    ):
        page = officer.post("/donors", data={"q": search}).text
        assert name in page, search
        assert page.count('row"><a href="/donors/') == 1, search
    assert "Nobody found" in officer.post("/donors", data={"q": "ฮาซัน"}).text


def test_a_search_for_donors_puts_no_name_in_an_address(officer, funds):
    for number in range(53):
        make_donor(f"Hasan {number:02}")
    make_donor("Another")
    first = officer.post("/donors", data={"q": "hasan"}).text
    assert first.count('row"><a href="/donors/') == 50
    assert "hasan" not in "".join(re.findall(r'(?:href|action)="[^"]*"', first)).lower()
    key = re.search(r'name="after" value="(\d+)"', first)[1]
    second = officer.post("/donors", data={"q": "hasan", "after": key}).text
    assert second.count('row"><a href="/donors/') == 3
    assert "Hasan 00" in second
    assert "Another" in officer.get("/donors?q=hasan").text


ODD = [
    "after=", "after=x", "after=9999999999999999999", "after=-1", "after=2026-11-24.x",
    "after=2026-11-24.99999999999999999999", "after=0001-01-01.0", "after=%F0", "q=%00", "q=%F0",
    "q=%E2%80%AE", "q=" + "x" * 3000, "method=gold", "from_on=31/2/2569", "to_on=x",
    "from_on=1/1/2443",
    "after=1&after=2", "lang=xx",
]  # fmt: skip


@pytest.mark.parametrize("url", ["/donors", "/payments"])
def test_odd_addresses(officer, url):
    codes = {query: officer.get(f"{url}?{query}").status_code for query in ODD}
    assert {query: code for query, code in codes.items() if code not in {200, 400, 422}} == {}


def test_unknown_donors_and_payments(officer):
    for url in ("/donors/nobody", "/payments/nobody", "/payments/%F0", "/donors/" + "x" * 3000):
        assert officer.get(url).status_code == 404
    assert officer.post("/payments/nobody/reverse", data={"reason": "x"}).status_code == 404


def test_lists_page_by_key(officer, funds):
    for number in range(52):
        make_payment(100 + number)
    first = officer.get("/payments")
    assert first.text.count('href="/payments/') - first.text.count('href="/payments/new') >= 50
    key = first.text.split("after=", 1)[1].split('"', 1)[0]
    second = officer.get(f"/payments?after={key}")
    assert "1.00" in second.text
    assert "1.51" not in second.text
    donors = officer.get("/donors").text
    assert "after=" in donors


def test_filters(officer, funds):
    make_payment(10_100, method=Method.CASH, asset_account_code=chart.CASH_ON_HAND)
    make_payment(20_200)
    page = officer.get("/payments?method=cash&from_on=24/11/2569&to_on=24/11/2026").text
    assert "101.00" in page
    assert "202.00" not in page
    assert "101.00" not in officer.get("/payments?to_on=23/11/2569").text
    wrong = officer.get("/payments?from_on=31/2/2569")
    assert wrong.status_code == 422
    assert "no such day" in wrong.text


def test_cash_from_an_unknown_giver(officer, funds):
    payment = recorded(funds, officer.post("/payments/new", data=CASH))
    assert (payment.donor.name, payment.amount_satang) == ("Walk-in", 50_000)
    entry = select(Posting.debit_account_code).where(Posting.entry_id == payment.journal_entry_id)
    assert funds.scalar(entry) == chart.CASH_ON_HAND
    assert officer.get(f"/payments/{payment.public_id}").status_code == 200


def test_a_cheque_for_zakat_goes_to_its_bank_account(officer, funds):
    data = {**CASH, "fund": "ZAKAT", "method": "cheque", "note": "Cheque 123\nKTB"}
    payment = recorded(funds, officer.post("/payments/new", data=data))
    entry = select(Posting.debit_account_code).where(Posting.entry_id == payment.journal_entry_id)
    assert funds.scalar(entry) == chart.BANK_ZAKAT
    assert "Cheque 123 KTB" in officer.get(f"/payments/{payment.public_id}").text


def test_cash_with_a_reference(officer, funds):
    pledge = make_pledge()
    reference = pledge.instalments[1].reference
    data = {"amount": "333.33", "method": "cash", "received_on": "2026-11-24"}
    spaced = f" {reference[:4].lower()}\u2011{reference[4:]}\u200b"
    payment = recorded(funds, officer.post("/payments/new", data={**data, "reference": spaced}))
    assert payment.donor_id == pledge.donor_id
    assert get_pledge(pledge.token).instalments[1].open_satang == 0


def test_cash_from_a_known_donor(officer, funds):
    donor = make_donor("Mosque of Betong")
    assert "Mosque of Betong" in officer.get(f"/payments/new?donor={donor.public_id}").text
    data = {**CASH, "payer_name": "", "donor": donor.public_id}
    payment = recorded(funds, officer.post(f"/payments/new?donor={donor.public_id}", data=data))
    assert payment.donor_id == donor.id
    assert payment.recorded_by != "public"


def test_the_same_form_sent_twice_is_one_payment(officer, funds):
    answers = [officer.post("/payments/new", data=CASH) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert count(funds) == 1


WRONG = [
    ("amount", "1e3", "digits only"),
    ("fund", "", "Choose the fund"),
    ("fund", "NONE", "possibilities"),
    ("method", "card", "possibilities"),
    ("received_on", "25/11/2569", "still to come"),
    ("received_on", "", "Enter a date"),
    ("reference", "YL23456789AB", "No pledge carries this reference"),
    ("payer_name", "", "Enter a name"),
    ("payer_name", "a\x07", "cannot be shown"),
    ("payer_name", "\u200b", "Enter a name"),
    ("payer_name", "\u3164", "Write the name in letters"),
    ("payer_name", "0812345678", "Write the name in letters"),
    ("donor", "nobody", "not known"),
    ("note", "x" * 501, "at most 500"),
    ("received_on", "1/1/2443", "1 January 1900 is 126 years ago"),
]


def test_each_error_is_shown(officer, funds):
    for field, value, sentence in WRONG:
        answer = officer.post("/payments/new", data={**CASH, field: value})
        assert answer.status_code == 422, (field, value)
        assert sentence in answer.text, (field, value)
    assert count(funds) == 0


def test_a_reference_of_another_fund(officer, funds):
    reference = make_pledge().instalments[0].reference
    answer = officer.post("/payments/new", data={**CASH, "fund": "ZAKAT", "reference": reference})
    assert answer.status_code == 422
    assert "another fund" in answer.text


def test_reverse(officer, funds):
    payment = make_payment(50_000)
    url = f"/payments/{payment.public_id}"
    assert officer.post(f"{url}/reverse", data={"reason": ""}).status_code == 422
    leaking = officer.post(f"{url}/reverse", data={"reason": "ask a@example.org"})
    assert leaking.status_code == 422
    assert "“a@example.org” looks like an e-mail address" in leaking.text
    answer = officer.post(f"{url}/reverse", data={"reason": "Counted twice"})
    assert recorded(funds, answer).status is PaymentStatus.REVERSED
    page = officer.get(url).text
    assert "Counted twice" in page
    assert f"{url}/reverse" not in page
    assert officer.post(f"{url}/reverse", data={"reason": "again"}).status_code == 409


def test_spent_money_is_not_reversed(officer, funds):
    payment = make_payment(50_000)
    make_approval(40_000)
    answer = officer.post(f"/payments/{payment.public_id}/reverse", data={"reason": "Bounced"})
    assert answer.status_code == 422
    assert "not have enough money" in answer.text


def test_a_connected_donor_sees_their_own_giving(app, officer, funds):
    pledge, user = make_pledge(), make_user(Role.DONOR)
    url = f"/donors/{pledge.donor.public_id}"
    page = officer.get(url).text
    assert f'action="{url}/connect"' in page
    assert f'value="{pledge.donor.email}"' in page, "most use the same address"
    answer = officer.post(f"{url}/connect", data={"email": user.email.upper()})
    assert (answer.status_code, answer.location) == (303, url)
    page = officer.get(url).text
    assert user.email in page
    assert "/connect" not in page
    event = funds.scalars(
        select(AuditEvent).where(AuditEvent.action == "giving:donor:connect")
    ).one()
    assert (event.subject_ref, event.note) == (pledge.donor.public_id, user.public_id)
    donor = app.test_client()
    sign_in(donor, user)
    assert pledge.token in donor.get("/my-giving").text


def test_accounts_that_no_donor_is_connected_with(officer, funds):
    pledge = make_pledge()
    url = f"/donors/{pledge.donor.public_id}/connect"
    other = f"/donors/{make_donor('Another').public_id}/connect"
    assert officer.post(other, data={"email": make_user(Role.DONOR).email}).status_code == 303
    for email, sentence in (
        ("", "Enter the e-mail address."),
        ("nobody", "not an e-mail address"),
        ("nobody@example.org", "No user with the role of donor"),
        (make_user(Role.APPROVER).email, "No user with the role of donor"),
    ):
        answer = officer.post(url, data={"email": email})
        assert (answer.status_code, sentence in answer.text) == (422, True), email
        assert f'value="{email}"' in answer.text
    again = officer.post(other, data={"email": make_user(Role.DONOR).email})
    assert again.status_code == 409
    funds.expire_all()
    assert get_pledge(pledge.token).donor.user_id is None


def test_only_who_records_payments_connects_donors(client, funds):
    url = f"/donors/{make_donor().public_id}"
    sign_in(client, make_user(Role.AUDITOR))
    assert "/connect" not in client.get(url).text
    email = make_user(Role.DONOR).email
    assert client.post(f"{url}/connect", data={"email": email}).status_code == 403


def test_the_page_of_a_donor(officer, funds):
    pledge = make_pledge(locale="en")
    payment = make_payment(33_334, pledge.instalments[0])
    page = officer.get(f"/donors/{pledge.donor.public_id}").text
    assert f"/payments/{payment.public_id}" in page
    for text in ("Pledged 1,000.00 baht", "2570-000001", "Thank you for your gift", "333.34"):
        assert text in page


def account_of(session, payment):
    entry = select(Posting.debit_account_code).where(Posting.entry_id == payment.journal_entry_id)
    return session.scalar(entry)


def test_a_fund_with_one_account_of_each_kind_asks_for_none(officer, funds):
    assert 'name="account"' not in officer.get("/payments/new").text


@pytest.mark.parametrize(
    ("method", "account", "kept_in"),
    [
        ("transfer", "1121", "1121"),
        ("cheque", "1123", "1123"),
        ("cash", "", "1110"),
        ("transfer", "", "several accounts: 1121, 1123"),
        ("transfer", "1110", "Choose one of the possibilities shown."),
        ("cash", "1121", "is kept in 1110"),
        ("cash", "9999", "Choose one of the possibilities shown."),
    ],
)
def test_money_goes_to_an_account_of_the_fund(officer, funds, method, account, kept_in):
    both = FundAccounts(bank=(chart.BANK_MAIN, chart.BANK_THIRD), cash=(chart.CASH_ON_HAND,))
    make_fund("BOTH", accounts=both)
    assert 'name="account"' in officer.get("/payments/new").text
    data = {**CASH, "fund": "BOTH", "method": method, "account": account}
    answer = officer.post("/payments/new", data=data)
    if kept_in.isdigit():
        assert account_of(funds, recorded(funds, answer)) == kept_in
    else:
        assert (answer.status_code, count(funds)) == (422, 0)
        assert kept_in in answer.text


def test_the_account_is_one_of_the_pledges_fund(officer, funds):
    """The reference decides the fund; another fund's second account is not taken for it."""
    both = FundAccounts(bank=(chart.BANK_MAIN, chart.BANK_THIRD))
    make_fund("BOTH", accounts=both)
    reference = make_pledge(fund_code="ZAKAT").instalments[0].reference
    data = {**CASH, "fund": "", "payer_name": "", "method": "transfer", "reference": reference}
    wrong = officer.post("/payments/new", data={**data, "account": "1121"})
    assert (wrong.status_code, "is kept in 1122" in wrong.text) == (422, True)
    assert account_of(funds, recorded(funds, officer.post("/payments/new", data=data))) == "1122"


def test_a_fund_without_a_cash_box_takes_no_cash(officer, funds):
    make_fund("BANK-ONLY", accounts=FundAccounts(cash=()))
    answer = officer.post("/payments/new", data={**CASH, "fund": "BANK-ONLY"})
    assert (answer.status_code, count(funds)) == (422, 0)
    assert "This fund has no account for money that came in this way." in answer.text


def test_no_payment_is_recorded_in_an_account_of_another_fund(funds):
    with pytest.raises(OtherAccountError):
        make_payment(500, fund_code="ZAKAT", asset_account_code=chart.BANK_MAIN)
    assert count(funds) == 0


@pytest.mark.parametrize(
    ("pledged_by", "typed", "told"),
    [
        ("Aminah Sani", "Hasan Daud", "the receipt would name Aminah Sani"),
        ("Aminah Sani", "Aminah", "the receipt would name Aminah Sani"),
        ("", "Hasan Daud", "This pledge was made without a name"),
    ],
)
def test_a_name_beside_a_reference_of_somebody_else_is_told(
    officer, funds, pledged_by, typed, told
):
    pledge = make_pledge(name=pledged_by, is_anonymous=not pledged_by)
    named = {"reference": pledge.instalments[0].reference, "payer_name": typed}
    answer = officer.post("/payments/new", data={**CASH, **named})
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{typed}"' in answer.text
    assert count(funds) == 0


@pytest.mark.parametrize("typed", ["", "MRS. AMINAH  SANI", "Aminah Sani"])
def test_the_name_of_the_pledge_may_stand_beside_its_reference(officer, funds, typed):
    pledge = make_pledge(name="Aminah Sani")
    named = {"reference": pledge.instalments[0].reference, "payer_name": typed}
    recorded(funds, officer.post("/payments/new", data={**CASH, **named}))
    assert funds.scalars(select(Receipt.donor_name)).one() == "Aminah Sani"


def test_pledges_are_listed_by_state(funds, client):
    """Page after page, those of one state; who reads no donors is refused."""
    running = [make_pledge(name=f"Donor {number}") for number in range(51)]
    paused = make_pledge(name="Nuri Maseng")
    for satang in (20_000, 23_210):
        make_payment(satang, paused.instalments[1])
    officer = {"reason": "Moved away", "actor": OFFICER}
    unit_of_work(operations.write_off_instalment, paused.token, 3, **officer)
    unit_of_work(operations.pause_pledge, paused.token, actor=VISITOR)
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.CASE_MANAGER, ("9501",)))
    assert client.get("/office/pledges").status_code == 403
    sign_in(client, make_user(Role.FUND_OFFICER))
    first = client.get("/office/pledges?status=active").text
    more = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    pages = [first, client.get(more).text]
    assert [page.count('<th scope="row"') for page in pages] == [50, 1]
    assert running[0].instalments[0].reference in pages[1]
    assert "Nuri" not in "".join(pages)
    with measured() as costs:
        only = client.get("/office/pledges?status=paused").text
    assert (only.count('<th scope="row"'), "Nuri Maseng" in only) == (1, True)
    assert f'/office/pledges/{paused.instalments[0].reference}"' in only
    assert ">432.10<" in only
    # The list shows a sum: it loads no instalment.
    assert [sql for sql, _params in costs.queries if "instalments.due_on" in sql] == []
    assert "No pledges in this state" in client.get("/office/pledges?status=cancelled").text
    assert client.get("/office/pledges?status=strange").status_code == 422
