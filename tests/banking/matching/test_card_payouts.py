"""Payouts of the card processor, proved against the bank."""

import pytest

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.banking.errors import DoesNotFitError, TargetTakenError
from fundapp.banking.matching.drafts import Transfer
from fundapp.banking.matching.queries import list_own_moves
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import match_card_payout, record_transfer, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving.models import ProcessorPayout
from fundapp.giving.queries import find_card_payout
from fundapp.ledger import chart
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import find_holdings
from tests.factories.actors import AUDITOR, OFFICER
from tests.factories.banking import LAST, Move, import_moves, make_bank_account
from tests.factories.books import make_fund
from tests.factories.card_payments import card_processor, pay_by_card
from tests.factories.giving import make_pledge
from tests.factories.identity import make_user, sign_in
from tests.fakes.stripe.world import DISPUTE_FEE, fee_of

FEE = fee_of("card", 33_334)


@pytest.fixture
def fake(app, session, client, clock):
    make_fund("GENERAL")
    make_fund("SCHOLARSHIP", Restriction.RESTRICTED)
    make_bank_account()
    with card_processor(app, client) as processor:
        yield processor


def paid_out(fake):
    """The id and satang of a payout; told in the wrong order."""
    payout = fake.command("pay-out", {})
    fake.deliveries.deliver(order="reversed")
    return payout["id"], payout["amount"]


def match(payout_id, line, actor=OFFICER):
    return unit_of_work(match_card_payout, payout_id, line=line.public_id, actor=actor)


def held(fund, account):
    return find_holdings(fund).of_fund(fund, account)


def broken_checks():
    return [r for r in run_checks() if r.violations and not r.check.is_warning]


def test_a_payout_is_what_came_less_what_went(fake, client):
    """It is told before its payments; a refund comes after it."""
    first, second = make_pledge(), make_pledge(fund_code="SCHOLARSHIP", amount_satang=300_000)
    intents = [pay_by_card(fake, client, each) for each in (first, second)]
    fake.command("refund", {"id": intents[1], "amount": "10000"})
    payout_id, satang = paid_out(fake)
    payout = find_card_payout(payout_id)
    fees = FEE + fee_of("card", 100_000)
    assert (payout.charges_satang, payout.fees_satang) == (133_334, fees)
    assert (payout.refunds_satang, payout.disputes_satang) == (10_000, 0)
    assert payout.adds_up
    assert satang == 123_334 - fees
    fake.command("refund", {"id": intents[0]})
    fake.deliveries.deliver()
    assert held("GENERAL", chart.CARD_PROCESSOR) == -FEE
    (line,) = import_moves(Move(satang, "STRIPE"))
    match(payout_id, line)
    assert held("GENERAL", chart.BANK_MAIN) == 33_334 - FEE
    assert held("SCHOLARSHIP", chart.BANK_MAIN) == 90_000 - fee_of("card", 100_000)
    assert held("GENERAL", chart.CARD_PROCESSOR) == -33_334
    assert held("SCHOLARSHIP", chart.CARD_PROCESSOR) == 0
    assert db.session.get_one(StatementLine, line.id).status is LineStatus.MATCHED
    assert broken_checks() == []


def test_a_fund_that_owes_pays_the_others(fake, client):
    intent = pay_by_card(fake, client, make_pledge())
    paid_out(fake)
    fake.command("dispute", {"id": intent})
    pay_by_card(fake, client, make_pledge(fund_code="SCHOLARSHIP", amount_satang=900_000))
    payout_id, satang = paid_out(fake)
    assert find_card_payout(payout_id).disputes_satang == 33_334
    (line,) = import_moves(Move(satang, "STRIPE"))
    match(payout_id, line)
    assert held("GENERAL", chart.BANK_MAIN) == -33_334 - DISPUTE_FEE
    assert broken_checks() == []


def test_once_of_its_amount_and_undone(fake, client):
    pay_by_card(fake, client, make_pledge())
    payout_id, satang = paid_out(fake)
    line, again, other = import_moves(Move(satang), Move(satang), Move(satang + 1))
    with pytest.raises(ForbiddenError):
        match(payout_id, line, AUDITOR)
    with pytest.raises(DoesNotFitError):
        match(payout_id, other)
    match(payout_id, line)
    with pytest.raises(TargetTakenError):
        match(payout_id, again)
    unit_of_work(unmatch_line, line.public_id, reason="The other line", actor=OFFICER)
    assert held("GENERAL", chart.CARD_PROCESSOR) == satang
    match(payout_id, again)
    assert held("GENERAL", chart.CARD_PROCESSOR) == 0
    assert broken_checks() == []


@pytest.mark.sqlite
def test_the_officer_finds_and_books_it(fake, client):
    pay_by_card(fake, client, make_pledge())
    payout_id, satang = paid_out(fake)
    sign_in(client, make_user(Role.FUND_OFFICER))
    address = f"/bank/card-payouts/{payout_id}"
    assert payout_id in client.get("/bank/card-payouts").text
    assert "Import the statement first" in client.get(address).text
    (line,) = import_moves(Move(satang, day=LAST))
    assert line.public_id in client.get(address).text
    done = client.post(f"{address}/match", data={"line": line.public_id})
    assert done.status_code == 303
    assert "Look at the line" in client.get(address).text
    assert client.post(f"{address}/match", data={"line": line.public_id}).status_code == 409
    assert client.get("/bank/card-payouts/po_unknown").status_code == 404


def test_a_payout_stays_as_told(fake, client):
    pay_by_card(fake, client, make_pledge())
    payout_id, _satang = paid_out(fake)
    fake.deliveries.waiting = [fake.world.all("event", type="payout.paid")[0]] * 2
    assert fake.deliveries.deliver() == [200, 200]
    assert db.session.scalars(db.select(ProcessorPayout.payout_id)).all() == [payout_id]


@pytest.mark.sqlite
def test_what_the_processor_holds_is_not_moved_by_hand(fake, client):
    pay_by_card(fake, client, make_pledge())
    fake.deliveries.deliver()
    moves = list_own_moves()
    codes = {code for move in moves for code in (move.from_account.code, move.to_account.code)}
    assert codes == {chart.CASH_ON_HAND, chart.BANK_MAIN}
    by_hand = Transfer("GENERAL", chart.CARD_PROCESSOR, chart.BANK_MAIN, 1_000, clock.today())
    with pytest.raises(OtherAccountError):
        unit_of_work(record_transfer, by_hand, key="one", actor=OFFICER)
