"""The pledge's page: what to pay and how, private to whoever holds its address."""

import re

import pytest

from fundapp.db import unit_of_work
from fundapp.giving import operations
from fundapp.giving.models import Frequency, Method, PledgeStatus
from fundapp.giving.payment_instructions import ACCOUNTS, PayableAccount, qr_payload
from fundapp.giving.promptpay import parse_payload
from fundapp.giving.queries import find_receipt_of, get_pledge
from fundapp.ledger import chart
from fundapp.ledger.models import Restriction
from fundapp.thai.banks import banks
from tests.factories.actors import OFFICER
from tests.factories.giving import make_payment, make_pledge, make_reversal

BILLER = "099400016550101"
LISTED = [
    PayableAccount(banks()["006"], "006", "The fund", "900-1-23456-7", chart.BANK_MAIN),
    PayableAccount(banks()["066"], "066", "Zakat", "900-1-00000-1", chart.BANK_ZAKAT),
]


@pytest.fixture
def billed(app):
    app.config["PROMPTPAY_BILLER_ID"] = BILLER
    app.config["PROMPTPAY_ID"] = ""
    app.extensions[ACCOUNTS] = lambda: LISTED


def path(pledge, number=1):
    return f"/pledges/{pledge.token}/instalments/{number}/qr.svg"


def test_the_page_says_how_to_pay(client, funds, billed):
    pledge = make_pledge()
    page = client.get(f"/pledges/{pledge.token}?lang=en")
    first = pledge.instalments[0]
    assert page.headers["Cache-Control"] == "no-store"
    assert first.reference in page.text
    assert "Pay 333.34 baht" in page.text
    assert "1,000.00 baht in 3 parts" in page.text
    assert path(pledge) in page.text
    assert "900-1-23456-7" in page.text
    assert "900-1-00000-1" not in page.text


def test_an_open_ended_pledge_names_no_last_part(client, funds, billed):
    pledge = make_pledge(instalment_count=None)
    page = client.get(f"/pledges/{pledge.token}?lang=en").text
    assert "Part 1, due on 24 November 2026" in page
    assert "of 12" not in page
    goes_on = "The pledge goes on until you stop it."
    assert goes_on in page
    assert goes_on not in client.get(f"/pledges/{make_pledge().token}?lang=en").text
    unit_of_work(operations.pause_pledge, pledge.token, actor=OFFICER)
    assert goes_on not in client.get(f"/pledges/{pledge.token}?lang=en").text


def test_zakat_has_an_account_of_its_own(client, funds, billed):
    page = client.get(f"/pledges/{make_pledge(fund_code='ZAKAT').token}").text
    assert "900-1-00000-1" in page
    assert "900-1-23456-7" not in page
    assert Restriction.ZAKAT == "zakat"


def test_who_brings_cash_is_told_where_the_office_is(app, client, funds, billed):
    app.config["FUND_ADDRESS"] = "1 Sukhayang Road, Yala 95000"
    cash, transfer = make_pledge(method=Method.CASH), make_pledge(method=Method.TRANSFER)
    assert "1 Sukhayang Road, Yala 95000" in client.get(f"/pledges/{cash.token}?lang=en").text
    assert "Sukhayang" not in client.get(f"/pledges/{transfer.token}?lang=en").text


def test_the_code_carries_amount_and_reference(client, funds, billed):
    pledge = make_pledge()
    answer = client.get(path(pledge, 2))
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.lstrip().startswith(("<svg", "<?xml"))
    second = pledge.instalments[1]
    payload = parse_payload(qr_payload(second, {"PROMPTPAY_BILLER_ID": BILLER}))
    assert payload["30"]["01"] == BILLER
    assert payload["30"]["02"] == second.reference
    assert payload["54"] == "333.33"


def test_the_code_asks_for_what_is_still_open(funds):
    pledge = make_pledge()
    make_payment(10_000, pledge.instalments[0])
    first = get_pledge(pledge.token).instalments[0]
    assert parse_payload(qr_payload(first, {"PROMPTPAY_ID": "0812345678"}))["54"] == "233.34"


def test_without_a_biller_id_the_reference_is_to_be_written(app, client, funds):
    app.config.update(PROMPTPAY_BILLER_ID="", PROMPTPAY_ID="0812345678")
    pledge = make_pledge()
    assert (
        "Write the reference into the note of the payment"
        in client.get(f"/pledges/{pledge.token}?lang=en").text
    )
    payload = qr_payload(pledge.instalments[0], app.config)
    assert "29" in parse_payload(payload)


@pytest.mark.parametrize("wrong", ["", "not an id", "123"])
def test_without_promptpay_there_is_the_bank(app, client, funds, wrong):
    app.config.update(PROMPTPAY_BILLER_ID=wrong, PROMPTPAY_ID="")
    app.extensions[ACCOUNTS] = lambda: LISTED
    pledge = make_pledge()
    page = client.get(f"/pledges/{pledge.token}?lang=en").text
    assert "PromptPay is not set up at present" in page
    assert "900-1-23456-7" in page
    assert client.get(path(pledge)).status_code == 404


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "99999999999999999999", "1.0", "%00", "๑"])
def test_unknown_instalments(client, funds, billed, number):
    pledge = make_pledge()
    assert client.get(path(pledge, number)).status_code in {400, 404}
    assert client.get(f"/pledges/{pledge.token}?instalment={number}").status_code in {200, 400}


@pytest.mark.parametrize("token", ["nobody", "x" * 5000, "%F0%9F", "..", "ก"])
def test_unknown_pledges(client, funds, token):
    for url in (
        f"/pledges/{token}",
        f"/pledges/{token}/instalments/1/qr.svg",
        f"/receipts/{token}",
    ):
        assert client.get(url).status_code == 404
    assert client.post(f"/pledges/{token}/pause").status_code == 404


def test_nothing_is_asked_once_all_is_paid(client, funds, billed):
    pledge = make_pledge(frequency=Frequency.ONCE, instalment_count=1)
    payment = make_payment(100_000, pledge.instalments[0])
    page = client.get(f"/pledges/{pledge.token}?lang=en").text
    assert "Everything is paid" in page
    assert "qr.svg" not in page
    assert find_receipt_of(payment.id).code in page
    assert client.get(path(pledge)).status_code == 404


def test_pause_resume_cancel(client, funds, billed):
    pledge = make_pledge()
    for action, status, has_code in (
        ("pause", PledgeStatus.PAUSED, False),
        ("resume", PledgeStatus.ACTIVE, True),
        ("cancel", PledgeStatus.CANCELLED, False),
    ):
        answer = client.post(f"/pledges/{pledge.token}/{action}")
        assert (answer.status_code, answer.location) == (303, f"/pledges/{pledge.token}")
        funds.expire_all()
        assert get_pledge(pledge.token).status is status
        assert ("qr.svg" in client.get(answer.location).text) is has_code
    assert client.post(f"/pledges/{pledge.token}/resume").status_code == 409


def test_cancelling_asks_first(client, funds):
    """The button waits behind a question that needs no script, with what it does."""
    url = f"/pledges/{make_pledge().token}"
    question = re.search(
        r"<details[^>]*>\s*<summary>Cancel this pledge</summary>(.*?)</details>",
        client.get(f"{url}?lang=en").text,
        re.DOTALL,
    )[1]
    assert "This cannot be taken back." in question
    assert f'action="{url}/cancel"' in question
    assert client.get(url).text.count(f'action="{url}/cancel"') == 1


def test_change(client, funds):
    pledge = make_pledge()
    url = f"/pledges/{pledge.token}/change"
    answer = client.post(url, data={"amount": "300", "starts_on": "1/12/2569"})
    assert answer.status_code == 303
    funds.expire_all()
    changed = get_pledge(pledge.token)
    assert [one.amount_satang for one in changed.instalments] == [10_000] * 3
    wrong = client.post(url, data={"amount": "0.01", "starts_on": "1/12/2569"})
    assert wrong.status_code == 422
    assert 'value="0.01"' in wrong.text
    funds.expire_all()
    make_payment(10_000, get_pledge(pledge.token).instalments[0])
    assert client.post(url, data={"amount": "50"}).status_code == 422
    assert client.post(url, data={"amount": "50", "starts_on": "x"}).status_code == 422


def test_a_change_of_terms_that_were_changed_meanwhile_is_told(client, funds):
    """Two open tabs: the second one does not undo the first unseen."""
    pledge = make_pledge()
    url = f"/pledges/{pledge.token}"
    page = client.get(url).text
    version = re.search(r'name="version"[^>]* value="([^"]+)"', page)[1]
    first = {"amount": "300", "starts_on": "1/12/2569", "version": version}
    assert client.post(f"{url}/change", data=first).status_code == 303
    came_from = {"Referer": f"http://localhost{url}"}
    stale = client.post(f"{url}/change", data={**first, "amount": "600"}, headers=came_from)
    assert (stale.status_code, url in stale.text) == (409, True)
    funds.expire_all()
    assert get_pledge(pledge.token).amount_satang == 30_000


def test_the_receipt_in_three_languages(client, funds):
    pledge = make_pledge(name="สมชาย <ใจดี>", amount_satang=10_100, instalment_count=1)
    payment = make_payment(10_100, pledge.instalments[0], method=Method.PROMPTPAY)
    url = f"/receipts/{find_receipt_of(payment.id).code}"
    english = client.get(f"{url}?lang=en")
    assert english.headers["Cache-Control"] == "no-store"
    for text in (
        "2570-000001",
        "สมชาย &lt;ใจดี&gt;",
        "101.00",
        "หนึ่งร้อยเอ็ดบาทถ้วน",
        "24 November 2026",
    ):
        assert text in english.text
    assert "24 พฤศจิกายน 2569" in client.get(f"{url}?lang=th").text
    assert client.get(f"{url}?lang=ms").status_code == 200


def test_a_void_receipt_says_so(client, funds):
    payment = make_payment(500)
    make_reversal(payment, "Counted twice")
    page = client.get(f"/receipts/{find_receipt_of(payment.id).code}?lang=en").text
    assert "Counted twice" in page
    assert "Void" in page


def test_an_anonymous_receipt_names_nobody(client, funds):
    pledge = make_pledge(name="Aminah Sani", is_anonymous=True)
    payment = make_payment(33_334, pledge.instalments[0])
    page = client.get(f"/receipts/{find_receipt_of(payment.id).code}?lang=en").text
    assert "Aminah" not in page
    assert "A donor who gives no name" in page


def test_who_paused_it_is_kept(client, funds):
    pledge = make_pledge()
    client.post(f"/pledges/{pledge.token}/pause")
    funds.expire_all()
    assert unit_of_work(operations.resume_pledge, pledge.token, actor=OFFICER).status == "active"
