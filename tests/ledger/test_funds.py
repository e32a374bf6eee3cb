"""Opening a fund: its balance row, its accounts, its trail; by whom, and from the command line."""

import pytest
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.ledger import chart
from fundapp.ledger.drafts import FundSettings, PostingDraft
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import AccountUse, Fund, Restriction
from fundapp.ledger.operations import create_fund
from fundapp.ledger.queries import find_holdings, fund_available
from fundapp.trail.queries import list_events
from tests.factories.actors import ADMINISTRATOR, COMMAND_LINE, OFFICER
from tests.factories.books import forge_entry, make_entry, make_fund

NAMES = {"code": "NEW", "settings": FundSettings(("กองทุนใหม่", "New fund", "Dana baharu"))}
OPTIONS = ["--name-th", "ก", "--name-en", "a", "--name-ms", "a"]


@pytest.mark.one_case
@pytest.mark.parametrize(
    ("restriction", "bank", "income"),
    [
        (Restriction.UNRESTRICTED, chart.BANK_MAIN, None),
        (Restriction.RESTRICTED, chart.BANK_MAIN, None),
        (Restriction.ZAKAT, chart.BANK_ZAKAT, chart.ZAKAT_RECEIVED),
    ],
)
def test_a_fund_has_the_usual_accounts_of_its_restriction(session, restriction, bank, income):
    fund = unit_of_work(create_fund, **NAMES, restriction=restriction, actor=COMMAND_LINE)
    assert fund.account_codes(AccountUse.BANK) == [bank]
    assert fund.account_codes(AccountUse.CASH) == [chart.CASH_ON_HAND]
    assert fund.income_account_code == income
    assert fund_available("NEW") == 0
    events = [(event.action, event.actor) for event in list_events("fund", "NEW")]
    assert events == [("ledger:fund:open", "command-line")]


@pytest.mark.one_case
@pytest.mark.parametrize("actor", [OFFICER, ADMINISTRATOR])
def test_only_who_may_open_funds_opens_one(session, actor):
    with pytest.raises(ForbiddenError):
        unit_of_work(create_fund, **NAMES, restriction=Restriction.ZAKAT, actor=actor)
    assert session.query(Fund).count() == 0


def test_accounts_are_named_on_the_command_line(runner, session):
    command = ["ledger", "create-fund", "NEW", "--restriction", "restricted", *OPTIONS]
    result = runner.invoke(args=[*command, "--bank-account", "1121", "--bank-account", "1123"])
    assert result.exit_code == 0, result.output
    fund = db.session.get_one(Fund, "NEW")
    assert fund.account_codes(AccountUse.BANK) == ["1121", "1123"]
    assert fund.account_codes(AccountUse.CASH) == ["1110"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("option", "code", "sentence"),
    [
        ("--bank-account", "4110", "4110 is no asset account of the chart"),
        ("--cash-account", "9999", "9999 is no asset account of the chart"),
        ("--income-account", "1110", "1110 is no income account of the chart"),
    ],
)
def test_an_account_of_another_kind_is_refused(runner, session, option, code, sentence):
    command = ["ledger", "create-fund", "NEW", "--restriction", "restricted", *OPTIONS]
    result = runner.invoke(args=[*command, option, code])
    assert result.exit_code == 2
    assert sentence in result.output
    assert session.query(Fund).count() == 0


def test_the_table_takes_asset_accounts_only(session):
    unit_of_work(create_fund, **NAMES, restriction=Restriction.ZAKAT, actor=COMMAND_LINE)

    def work():
        db.session.execute(db.text("INSERT INTO fund_accounts VALUES ('NEW', '4110', 'bank')"))

    with pytest.raises(DBAPIError, match="asset_account"):
        unit_of_work(work)


@pytest.mark.parametrize(
    ("debit", "credit"),
    [
        (chart.BANK_MAIN, chart.ZAKAT_RECEIVED),
        (chart.ASSISTANCE_PAYABLE, chart.BANK_MAIN),
        (chart.BANK_MAIN, chart.BANK_ZAKAT),
        (chart.BANK_ZAKAT, "1130"),
    ],
)
def test_no_money_of_a_fund_moves_through_an_account_that_it_does_not_name(session, debit, credit):
    """Neither by an operation nor by raw SQL."""
    make_fund("ZAKAT", Restriction.ZAKAT)
    make_entry(PostingDraft("ZAKAT", chart.BANK_ZAKAT, chart.ZAKAT_RECEIVED, 500))
    with pytest.raises(OtherAccountError):
        make_entry(PostingDraft("ZAKAT", debit, credit, 100))
    with pytest.raises(DBAPIError, match="keeps no money in this account"):
        forge_entry("donation", (debit, credit, 100), fund="ZAKAT")
    assert find_holdings().of_fund("ZAKAT", chart.BANK_ZAKAT) == 500
