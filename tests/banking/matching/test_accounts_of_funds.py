"""Money of a fund lies in the accounts that the fund names, whichever way a line is dealt with."""

import pytest

from fundapp.audit.checks import run_checks
from fundapp.banking import queries
from fundapp.banking.errors import PartRefusedError
from fundapp.banking.models import LineStatus
from fundapp.banking.operations import (
    SplitPart,
    book_charge,
    hold_line,
    ignore_line,
    match_certain,
    match_line,
    record_as_gift,
    split_line,
)
from fundapp.db import unit_of_work
from fundapp.giving.queries import get_pledge
from fundapp.ledger import chart
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import Restriction
from fundapp.ledger.queries import find_holdings
from tests.banking.pages import line_status, text
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    Move,
    do_import,
    fee,
    import_moves,
    interest,
    lines_of,
    make_bank_account,
    make_single_pledge,
    move_of,
    statement_file,
    transfer_out,
)
from tests.factories.books import make_fund

ZAKAT_NUMBER = "111-2-33333-4"


@pytest.fixture
def zakat(bank):
    """The fund ZAKAT with its own account KTB-ZAKAT, and a pledge of 500 baht to it."""
    make_fund("ZAKAT", Restriction.ZAKAT)
    make_bank_account("KTB-ZAKAT", account_number=ZAKAT_NUMBER, account_code=chart.BANK_ZAKAT)
    return make_single_pledge(fund_code="ZAKAT")


def lines_on_zakat(*moves):
    data = statement_file(moves, number=ZAKAT_NUMBER)
    return lines_of(do_import(data, account_code="KTB-ZAKAT", file_name="zakat.csv"))


def is_red():
    return {result.check.name for result in run_checks() if not result.is_green}


def test_a_payment_into_another_account_is_neither_certain_nor_matched(zakat):
    (line,) = import_moves(move_of(zakat))
    reference = zakat.instalments[0].reference
    (candidate,) = queries.list_candidates([queries.get_line(line.public_id)])[line.id]
    assert (candidate.ref, candidate.is_elsewhere, candidate.is_certain) == (reference, True, False)
    result = unit_of_work(match_certain, line.statement.public_id, actor=OFFICER)
    assert (result.matched, result.refused) == (0, ())
    with pytest.raises(OtherAccountError):
        unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    with pytest.raises(OtherAccountError):
        unit_of_work(record_as_gift, line.public_id, fund_code="ZAKAT", actor=OFFICER)
    assert line_status(line) is LineStatus.UNMATCHED
    assert find_holdings().balances == {}


@pytest.mark.sqlite
def test_the_same_payment_into_its_own_account_is_certain(zakat):
    (line,) = lines_on_zakat(move_of(zakat))
    result = unit_of_work(match_certain, line.statement.public_id, actor=OFFICER)
    assert result.matched == 1
    assert find_holdings().of_fund("ZAKAT", chart.BANK_ZAKAT) == 50_000
    assert is_red() == set()


@pytest.mark.sqlite
def test_the_page_says_what_can_be_done(officer, zakat):
    (line,) = import_moves(move_of(zakat))
    url = f"/bank/lines/{line.public_id}"
    page = text(officer.get(url))
    assert "The money of this fund is not kept in this account." in page
    assert "transfer the money at the bank to the fund's own account" in page
    assert f'action="{url}/match"' not in page
    gift_form = page.split(f'action="{url}/gift"')[1].split("</form>")[0]
    assert ("Fund GENERAL" in gift_form, "Fund ZAKAT" in gift_form) == (True, False)
    sent = {"instalment_reference": zakat.instalments[0].reference}
    refused = officer.post(f"{url}/match", data=sent)
    assert refused.status_code == 422
    assert "is not kept in this account" in text(refused)
    assert officer.post(f"{url}/gift", data={"fund": "ZAKAT"}).status_code == 422
    own = officer.get(f"/bank/statements/{line.statement.public_id}")
    assert "What can be done" in text(own)


@pytest.mark.sqlite
def test_the_way_on_leads_to_the_funds_own_account(zakat):
    """The money is sent on at the bank, and the line that arrives there pays the pledge."""
    came, sent_on = import_moves(move_of(zakat), transfer_out(50_000))
    unit_of_work(hold_line, came.public_id, reason="Zakat, sent on", actor=OFFICER)
    (arrived,) = lines_on_zakat(Move(50_000))
    reference = zakat.instalments[0].reference
    unit_of_work(match_line, arrived.public_id, instalment_reference=reference, actor=OFFICER)
    for line in (came, sent_on):
        unit_of_work(ignore_line, line.public_id, reason="Zakat, sent on", actor=OFFICER)
    holdings = find_holdings()
    assert holdings.of_fund("ZAKAT", chart.BANK_ZAKAT) == 50_000
    assert holdings.in_all(chart.BANK_MAIN) == 0
    assert get_pledge(zakat.token).instalments[0].open_satang == 0
    result = queries.reconcile(queries.get_bank_account("KTB-MAIN"), came.booked_on)
    assert (result.unexplained_satang, result.lines.total_satang) == (0, 0)
    assert is_red() == set()


@pytest.mark.sqlite
def test_what_the_bank_takes_and_pays_is_of_a_fund_of_the_account(zakat):
    pays, takes = lines_on_zakat(interest(9_000), fee(2_500))
    for line in (pays, takes):
        unit_of_work(book_charge, line.public_id, actor=OFFICER)
    assert find_holdings().of_fund("ZAKAT", chart.BANK_ZAKAT) == 6_500
    (on_main,) = import_moves(interest(700))
    unit_of_work(book_charge, on_main.public_id, actor=OFFICER)
    assert find_holdings().of_fund("GENERAL", chart.BANK_MAIN) == 700
    assert is_red() == set()


@pytest.mark.sqlite
def test_a_part_for_a_fund_that_is_kept_elsewhere(officer, zakat):
    """Refused in its row, by a reference or by the fund; the other parts are not booked either."""
    general = make_single_pledge()
    (line,) = import_moves(Move(100_000, "both"))
    url = f"/bank/lines/{line.public_id}/split"
    assert 'value="ZAKAT"' not in text(officer.get(url))
    own = SplitPart(50_000, general.instalments[0].reference)
    for other in (
        SplitPart(50_000, zakat.instalments[0].reference),
        SplitPart(50_000, fund_code="ZAKAT"),
    ):
        with pytest.raises(PartRefusedError) as refused:
            unit_of_work(split_line, line.public_id, [own, other], actor=OFFICER)
        assert refused.value.place == 1
    assert line_status(line) is LineStatus.UNMATCHED
    assert find_holdings().balances == {}
