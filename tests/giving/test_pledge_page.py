"""The pledge's page: how to pay, for whoever has its address, and the changes to the pledge."""

import io
import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from fundapp.db import unit_of_work
from fundapp.giving import operations
from fundapp.giving.models import Frequency, Method, PledgeStatus
from fundapp.giving.payment_instructions import (
    ACCOUNTS,
    PayableAccount,
    PromptPayIds,
    promptpay_of,
)
from fundapp.giving.queries import find_receipt_of, get_pledge
from fundapp.ledger import chart
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.models import Restriction
from fundapp.ledger.operations import freeze_fund, reopen_fund
from fundapp.thai.banks import banks
from fundapp.thai.promptpay import parse_payload
from fundapp.trail.models import AuditEvent
from fundapp.web.qr_codes import qr_svg
from tests.factories.actors import HOUSE, OFFICER
from tests.factories.books import make_fund
from tests.factories.giving import make_payment, make_pledge

pytestmark = pytest.mark.sqlite

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


def test_pages_with_a_secret_address_stay_out_of_search_engines(client, funds, billed):
    pledge = make_pledge()
    receipt = find_receipt_of(make_payment(500, pledge.instalments[1]).id)
    for url in (f"/pledges/{pledge.token}", path(pledge), f"/receipts/{receipt.code}"):
        headers = client.get(url).headers
        assert headers["X-Robots-Tag"] == "noindex", url
        assert headers["Referrer-Policy"] == "same-origin", url
        assert headers["Cache-Control"] == "no-store", url
    assert "X-Robots-Tag" not in client.get("/give").headers


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
    payload = parse_payload(PromptPayIds(BILLER).payload(second))
    assert payload["30"]["01"] == BILLER
    assert payload["30"]["02"] == second.reference
    assert payload["54"] == "333.33"


def test_the_code_asks_for_what_is_still_open(funds):
    pledge = make_pledge()
    make_payment(10_000, pledge.instalments[0])
    first = get_pledge(pledge.token).instalments[0]
    assert parse_payload(PromptPayIds("", "0812345678").payload(first))["54"] == "233.34"


def test_without_a_biller_id_the_donor_writes_the_reference(app, client, funds):
    app.config.update(PROMPTPAY_BILLER_ID="", PROMPTPAY_ID="0812345678")
    pledge = make_pledge()
    assert (
        "Write the reference into the note of the payment"
        in client.get(f"/pledges/{pledge.token}?lang=en").text
    )
    payload = PromptPayIds.of_settings(app.config).payload(pledge.instalments[0])
    assert "29" in parse_payload(payload)


ZAKAT_BILLER, OTHER_BILLER = "099400016550202", "099400016550303"


def listed(*, main="", zakat=""):
    """The two accounts with these biller ids."""
    return lambda: [
        replace(account, promptpay=PromptPayIds(biller))
        for account, biller in zip(LISTED, (main, zakat), strict=True)
    ]


def biller_on_the_code_of(client, fund):
    """The biller id whose QR code a new pledge to ``fund`` shows, None when it shows none."""
    pledge = make_pledge(fund_code=fund)
    answer = client.get(path(pledge))
    has_code = answer.status_code == 200
    assert (path(pledge) in client.get(f"/pledges/{pledge.token}").text) is has_code
    if not has_code:
        return None
    instalment = pledge.instalments[0]
    drawn = {
        modules(qr_svg(PromptPayIds(biller).payload(instalment))): biller
        for biller in (BILLER, OTHER_BILLER, ZAKAT_BILLER)
    }
    return drawn[modules(answer.text)]


def modules(svg):
    """The picture of a code without its title, which is in the reader's language."""
    return svg.split("</title>")[1]


@pytest.mark.parametrize(
    ("settings", "main", "zakat", "general_code", "zakat_code"),
    [
        (BILLER, "", "", BILLER, None),
        (BILLER, "", ZAKAT_BILLER, BILLER, ZAKAT_BILLER),
        (BILLER, OTHER_BILLER, "", OTHER_BILLER, None),
        ("", "", ZAKAT_BILLER, None, ZAKAT_BILLER),
        ("", BILLER, "", BILLER, None),
    ],
)
def test_the_code_pays_into_an_account_of_the_fund(
    app, client, funds, settings, main, zakat, general_code, zakat_code
):
    app.config.update(PROMPTPAY_BILLER_ID=settings, PROMPTPAY_ID="")
    app.extensions[ACCOUNTS] = listed(main=main, zakat=zakat)
    assert biller_on_the_code_of(client, "GENERAL") == general_code
    assert biller_on_the_code_of(client, "ZAKAT") == zakat_code


def test_a_new_installation_shows_the_code_of_its_settings(app, client, funds):
    """Before the first bank account is opened; never for zakat."""
    app.config.update(PROMPTPAY_BILLER_ID=BILLER, PROMPTPAY_ID="")
    assert biller_on_the_code_of(client, "GENERAL") == BILLER
    assert biller_on_the_code_of(client, "ZAKAT") is None


def test_the_first_account_of_the_fund_that_has_an_id_is_shown(app, client, funds):
    app.config.update(PROMPTPAY_BILLER_ID="", PROMPTPAY_ID="")
    third = replace(LISTED[1], account_code=chart.BANK_THIRD, promptpay=PromptPayIds(OTHER_BILLER))
    app.extensions[ACCOUNTS] = lambda: [LISTED[0], third]
    both = FundAccounts(bank=(chart.BANK_MAIN, chart.BANK_THIRD))
    make_fund("BOTH", accounts=both)
    assert biller_on_the_code_of(client, "BOTH") == OTHER_BILLER


def test_a_zakat_pledge_without_a_code_says_where_to_transfer(client, funds, billed):
    page = client.get(f"/pledges/{make_pledge(fund_code='ZAKAT').token}?lang=en").text
    assert "PromptPay is not set up for this fund" in page
    assert "900-1-00000-1" in page
    assert "900-1-23456-7" not in page


@pytest.mark.parametrize(
    ("qr", "heading"), [(BILLER, "Bank transfer instead"), ("", "Bank transfer")]
)
def test_a_transfer_is_an_other_way_only_where_there_is_a_first(app, client, funds, qr, heading):
    app.config.update(PROMPTPAY_BILLER_ID=qr, PROMPTPAY_ID="")
    app.extensions[ACCOUNTS] = list
    page = client.get(f"/pledges/{make_pledge(method=Method.PROMPTPAY).token}?lang=en").text
    assert re.findall(r"<h2>(Bank [^<]*)</h2>", page) == [heading]


def test_a_frozen_fund_asks_its_donors_for_nothing(client, funds, billed):
    pledge = make_pledge()
    url = f"/pledges/{pledge.token}?lang=en"
    assert "Pay this" in client.get(url).text
    unit_of_work(freeze_fund, "GENERAL", actor=OFFICER)
    page = client.get(url).text
    assert "This fund takes no gifts at present, so nothing is due now." in page
    for asked in ("Pay 333.34", "Pay this", "900-1-23456-7", 'class="qr"', "how to pay"):
        assert asked not in page, asked
    assert client.get(path(pledge)).status_code == 404
    assert "Overdue" not in client.get(url).text
    unit_of_work(reopen_fund, "GENERAL", actor=HOUSE)
    assert "Pay 333.34" in client.get(url).text


def test_a_pledge_to_a_frozen_fund_is_neither_raised_nor_resumed(client, funds, billed):
    pledge = make_pledge()
    url = f"/pledges/{pledge.token}"
    unit_of_work(freeze_fund, "GENERAL", actor=OFFICER)
    sentence = "a pledge to it is neither raised nor resumed"
    raised = client.post(f"{url}/change?lang=en", data={"amount": "1000.01"})
    assert (raised.status_code, sentence in raised.text) == (422, True)
    assert client.post(f"{url}/change", data={"amount": "900"}).status_code == 303
    assert client.post(f"{url}/pause").status_code == 303
    assert f'action="{url}/resume"' not in client.get(url).text
    resumed = client.post(f"{url}/resume?lang=en")
    assert (resumed.status_code, sentence in resumed.text) == (422, True)
    unit_of_work(reopen_fund, "GENERAL", actor=HOUSE)
    assert client.post(f"{url}/resume").status_code == 303
    assert client.post(f"{url}/change", data={"amount": "1000"}).status_code == 303


def test_without_any_account_the_office_is_asked(app, client, funds, billed):
    app.extensions[ACCOUNTS] = lambda: LISTED[:1]
    page = client.get(f"/pledges/{make_pledge(fund_code='ZAKAT').token}?lang=en").text
    assert "Please ask the office for the account number of the fund." in page
    assert "the account below" not in page


@pytest.mark.parametrize("wrong", ["", "not an id", "123"])
def test_without_promptpay_the_page_shows_the_bank_account(app, client, funds, wrong):
    app.config.update(PROMPTPAY_BILLER_ID=wrong, PROMPTPAY_ID="")
    app.extensions[ACCOUNTS] = lambda: LISTED
    pledge = make_pledge()
    page = client.get(f"/pledges/{pledge.token}?lang=en").text
    assert "PromptPay is not set up for this fund" in page
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
    """The button is behind a question that says what it does, without a script."""
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
    assert [row.amount_satang for row in changed.instalments] == [10_000] * 3
    wrong = client.post(url, data={"amount": "0.01", "starts_on": "1/12/2569"})
    assert wrong.status_code == 422
    assert 'value="0.01"' in wrong.text
    funds.expire_all()
    make_payment(10_000, get_pledge(pledge.token).instalments[0])
    assert client.post(url, data={"amount": "50"}).status_code == 422
    assert client.post(url, data={"amount": "50", "starts_on": "x"}).status_code == 422


def test_a_change_of_terms_that_were_changed_meanwhile_is_refused(client, funds):
    """Two open tabs: the second does not undo the change of the first."""
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


def test_a_paused_pledge_says_so_once(client, funds):
    pledge = make_pledge()
    url = f"/pledges/{pledge.token}/pause?lang=en"
    page = client.post(url, follow_redirects=True).text
    assert page.count("Nothing is asked of you until you resume it.") == 1


def test_who_pauses_without_signing_in_is_a_visitor_in_the_trail(client, funds):
    pledge = make_pledge()
    client.post(f"/pledges/{pledge.token}/pause")
    event = select(AuditEvent).where(AuditEvent.action == "giving:pledge:pause")
    paused = funds.scalars(event).one()
    assert (paused.actor, paused.subject_ref) == ("public", str(pledge.id))


def test_the_code_can_be_saved_as_a_picture(client, funds, billed):
    """The same payload as the one shown, large enough for any bank app."""
    pledge = make_pledge()
    first = pledge.instalments[0]
    answer = client.get(path(pledge).replace("svg", "png"))
    assert answer.content_type == "image/png"
    named = f"promptpay-{first.reference}.png"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={named}"
    picture = Image.open(io.BytesIO(answer.data))
    assert min(picture.size) >= 900
    payload = promptpay_of(pledge.funds, LISTED, client.application.config).payload(first)
    assert zxingcpp.read_barcode(picture).text == payload
    assert client.get(path(pledge, 4).replace("svg", "png")).status_code == 404
    assert f"{path(pledge)[:-4]}.png" in client.get(f"/pledges/{pledge.token}").text


def test_the_code_comes_before_everything_that_is_said(client, funds, billed):
    """A phone shows it whole without scrolling: tests/browser/test_giving_on_a_phone.py."""
    text = client.get(f"/pledges/{make_pledge(method=Method.PROMPTPAY).token}?lang=en").text
    main = text.split("<main")[1]
    assert main.index('class="qr"') < main.index("<li>") < main.index("Bank transfer instead")
    text = client.get(f"/pledges/{make_pledge(method=Method.TRANSFER).token}?lang=en").text
    assert text.index("900-1-23456-7") < text.index('class="qr"')
