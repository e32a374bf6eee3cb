"""Each fund's money in its own accounts: the zakat pledge shows the zakat account, money that came
into another one is not booked for it, and cash is moved only as far as there is some, over HTTP.
"""

import pytest

from fundapp.ledger import chart
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import find_holdings
from tests.factories.banking import (
    NUMBER,
    Move,
    do_import,
    import_moves,
    lines_of,
    make_bank_account,
    make_single_pledge,
    statement_file,
)
from tests.factories.books import make_fund
from tests.factories.identity import make_user
from tests.journeys.world import red_checks

ZAKAT_BILLER, ZAKAT_NUMBER = "099400000000122", "123-4-56789-0"


@pytest.fixture
def officer(fund_app, session, browser, clock):
    make_fund("GENERAL")
    make_fund("ZAKAT", Restriction.ZAKAT, position=1)
    make_bank_account(promptpay_biller="099400000000111")
    make_bank_account(
        "IBANK-ZAKAT", account_number=ZAKAT_NUMBER, account_code=chart.BANK_ZAKAT,
        promptpay_biller=ZAKAT_BILLER,
    )  # fmt: skip
    person = browser()
    person.sign_in(make_user("fund_officer").email)
    return person


def test_zakat_stays_in_its_account(officer, browser):
    pledge = make_single_pledge(50_000, fund_code="ZAKAT", name="Aminah")
    reference = pledge.instalments[0].reference
    shown = browser().open(f"/pledges/{pledge.token}")
    shown.says(ZAKAT_NUMBER)
    shown.hides(NUMBER)
    (wrong,) = import_moves(Move(50_000, f"REF {reference}"))
    statement = officer.open(f"/bank/statements/{wrong.statement.public_id}")
    assert not statement.offers("/match-certain")
    page = officer.open(f"/bank/lines/{wrong.public_id}")
    page.says("The money of this fund must not lie in this account.")
    file = statement_file([Move(50_000, f"REF {reference}")], number=ZAKAT_NUMBER)
    (right,) = lines_of(do_import(file, account_code="IBANK-ZAKAT"))
    officer.send(officer.open(f"/bank/lines/{right.public_id}"), "/match").says("is matched")
    held = find_holdings()
    assert held.of_fund("ZAKAT", chart.BANK_ZAKAT) == 50_000
    assert held.of_fund("ZAKAT", chart.BANK_MAIN) == 0
    assert red_checks() == []


@pytest.mark.sqlite
def test_cash_is_paid_in_as_far_as_there_is_some(officer):
    officer.send(
        officer.open("/payments/new"), "/payments/new", amount="300", method="cash",
        received_on="20/11/2569", payer_name="Walk-in", fund="GENERAL",
    )  # fmt: skip
    page = officer.open("/bank/transfers/new")
    page.says("from Cash on hand to")
    move = f"GENERAL {chart.CASH_ON_HAND} {chart.BANK_MAIN}"
    typed = {"move": move, "moved_on": "21/11/2569", "slip": "1234567890"}
    refused = officer.send(page, "/transfers/new", typed, amount="300.01")
    assert refused.status == 422
    refused.says("has only 300.00 baht of this fund")
    officer.send(page, "/transfers/new", typed, amount="300").says("The transfer is booked.")
    held = find_holdings()
    assert held.of_fund("GENERAL", chart.CASH_ON_HAND) == 0
    assert held.of_fund("GENERAL", chart.BANK_MAIN) == 30_000
    assert red_checks() == []
