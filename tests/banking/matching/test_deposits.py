"""Cash of several funds is paid into the bank as one deposit, and matched with one line."""

import pytest

from fundapp.banking.matching.drafts import CashDeposit
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import deposit_cash, match_line, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.errors import AccountShortError, OtherAccountError
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import find_holdings
from tests.factories.actors import OFFICER
from tests.factories.banking import MONDAY, Move, import_moves
from tests.factories.books import make_entry, make_fund
from tests.factories.identity import make_user, sign_in

CASH, BANK = chart.CASH_ON_HAND, chart.BANK_MAIN


@pytest.fixture
def box(bank):
    """1,000 baht of GENERAL and 500 of WINTER in the cash box, and 200 of zakat."""
    make_fund("WINTER")
    make_fund("ALMS", Restriction.ZAKAT, accounts=FundAccounts(bank=(chart.BANK_ZAKAT,)))
    for fund, satang in (("GENERAL", 100_000), ("WINTER", 50_000), ("ALMS", 20_000)):
        make_entry(PostingDraft(fund, CASH, chart.DONATIONS_INDIVIDUALS, satang))


def deposit(parts, *, key="one", to=BANK, slip="88-1234"):
    return unit_of_work(
        deposit_cash, CashDeposit(CASH, to, parts, MONDAY), slip=slip, key=key, actor=OFFICER
    )


def in_all(code):
    db.session.expire_all()
    return find_holdings().in_all(code)


def test_one_deposit_of_two_funds_is_one_line(box):
    posted = deposit({"GENERAL": 90_000, "WINTER": 50_000})
    assert deposit({"GENERAL": 90_000, "WINTER": 50_000}).id == posted.id
    assert (in_all(CASH), in_all(BANK)) == (30_000, 140_000)
    [line] = import_moves(Move(140_000, description="ฝากเงินสด"))
    named = {"entry_number": entry_number(posted.id), "actor": OFFICER}
    unit_of_work(match_line, line.public_id, **named)
    assert db.session.get(StatementLine, line.id).status is LineStatus.MATCHED
    unit_of_work(unmatch_line, line.public_id, reason="Another line", actor=OFFICER)
    assert in_all(BANK) == 140_000


@pytest.mark.sqlite
def test_what_is_not_there_or_belongs_elsewhere_is_not_paid_in(box):
    for refusal, parts in (
        (AccountShortError, {"GENERAL": 100_001}),
        (OtherAccountError, {"GENERAL": 10_000, "ALMS": 10_000}),
    ):
        with pytest.raises(refusal):
            deposit(parts)
    with pytest.raises(OtherAccountError):
        deposit({"GENERAL": 10_000}, to=CASH)
    assert in_all(CASH) == 170_000


@pytest.mark.sqlite
def test_an_officer_pays_cash_in(box, client):
    sign_in(client, make_user("fund_officer"))
    client.set_cookie("lang", "en")
    page = client.get("/bank/deposits/new").text
    assert 'name="part-1110-WINTER"' in page
    filled = {
        "part-1110-GENERAL": "1,000",
        "part-1110-WINTER": "500",
        "to_account": BANK,
        "moved_on": "20/11/2569",
        "slip": "77-1",
        "form_id": "one",
    }
    for wrong, sentence in (
        ({"part-1110-GENERAL": "", "part-1110-WINTER": ""}, "Write how much is paid in"),
        ({"part-1110-GENERAL": "abc"}, "part-1110-GENERAL-error"),
        ({"part-1110-WINTER": "500.01"}, "only 500.00"),
        ({"to_account": ""}, "Choose the bank account"),
        ({"slip": "of Somchai"}, "without words"),
    ):
        answer = client.post("/bank/deposits/new", data={**filled, **wrong})
        assert answer.status_code == 422, wrong
        assert sentence in answer.text, wrong
    assert client.post("/bank/deposits/new", data=filled).location == "/cash"
    assert client.post("/bank/deposits/new", data=filled).status_code == 303
    assert (in_all(CASH), in_all(BANK)) == (20_000, 150_000)
