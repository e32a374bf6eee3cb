"""The page that says what is the fund's own, against those who collect in its name."""

import pytest

from fundapp.banking.operations import freeze_account
from fundapp.db import unit_of_work
from fundapp.giving.queries import find_receipt_of
from fundapp.ledger import chart
from tests.factories.actors import OFFICER
from tests.factories.banking import make_bank_account
from tests.factories.giving import make_payment, make_pledge


def test_it_names_the_accounts_with_their_funds_and_a_frozen_one_goes_at_once(app, client, funds):
    app.config.update(PROMPTPAY_BILLER_ID="099400016550101", PROMPTPAY_ID="")
    client.set_cookie("lang", "en")
    make_bank_account()
    make_bank_account("KTB-ZAKAT", account_number="987-6-00000-1", account_code=chart.BANK_ZAKAT)
    page = client.get("/real-fund")
    assert page.headers["Cache-Control"] == "private, no-cache"
    main, zakat = page.text.split("987-6-54321-0")[1].split("987-6-00000-1")
    assert "Fund GENERAL, Fund SCHOLARSHIP" in main
    assert "099400016550101" in main
    assert "Fund ZAKAT" in zakat
    assert "099400016550101" not in zakat, "the ids of the settings are never those of zakat"
    assert app.config["FUND_ADDRESS"] in page.text
    assert app.config["PUBLIC_URL"] in page.text
    unit_of_work(freeze_account, "KTB-MAIN", actor=OFFICER)
    assert "987-6-54321-0" not in client.get("/real-fund").text
    unit_of_work(freeze_account, "KTB-ZAKAT", actor=OFFICER)
    assert "asks nobody to pay into a bank account" in client.get("/real-fund").text


@pytest.mark.sqlite
def test_every_public_page_of_money_leads_there(client, funds):
    pledge = make_pledge()
    receipt = find_receipt_of(make_payment(500, pledge.instalments[1]).id)
    for url in ("/", "/give", f"/pledges/{pledge.token}", f"/receipts/{receipt.code}"):
        text = client.get(url).text
        assert 'href="/real-fund"' in text, url
        main = text.split("<main")[1].split("</main>")[0]
        assert ('href="/real-fund"' in main) == url.startswith(("/pledges", "/receipts")), url
