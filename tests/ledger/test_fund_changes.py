"""What is changed of a fund: settings, accounts, tax wording; each by two people, each in the
trail.
"""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.ledger import chart
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.drafts import FundSettings, PostingDraft
from fundapp.ledger.errors import (
    FundAccountError,
    FundAccountInUseError,
    FundAccountsMissingError,
    FundSettingError,
    OtherAccountError,
    PeriodNotClosedError,
    ReopeningNotAgreedError,
)
from fundapp.ledger.kinds import PERIOD_REOPENING, reopening_values
from fundapp.ledger.models import (
    AccountUse,
    EntryKind,
    Fund,
    Period,
    PeriodStatus,
    ReopenReason,
    Restriction,
    TaxWording,
)
from fundapp.ledger.operations import (
    change_fund,
    change_fund_accounts,
    reopen_period,
    set_tax_wording,
)
from fundapp.trail.queries import list_events
from tests.factories.actors import ADMINISTRATOR, HOUSE, OFFICER
from tests.factories.books import close_month, make_entry, make_fund, make_gift
from tests.factories.identity import agree
from tests.factories.ledger import DAY

NAMES = ("ทุนใหม่", "New name", "Nama baharu")
TEXTS = ("ลดหย่อนภาษีได้", "This gift is deductible.", "Derma ini boleh ditolak cukai.")
BOTH = FundAccounts(bank=(chart.BANK_MAIN, chart.BANK_THIRD))


def fund(code="GENERAL"):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Fund, code)


def accounts(wanted):
    return unit_of_work(change_fund_accounts, "GENERAL", wanted, actor=HOUSE)


def event(verb):
    return next(
        event for event in list_events("fund", "GENERAL") if event.action == f"ledger:fund:{verb}"
    )


def test_settings_are_changed_and_the_trail_says_from_what_to_what(session):
    make_fund()
    wanted = FundSettings(NAMES, ("ก", "b", "c"), 4, False, 5_000, 100_000)
    unit_of_work(change_fund, "GENERAL", wanted, actor=HOUSE)
    row = fund()
    assert (row.name_en, row.purpose_th, row.position, row.accepts_gifts) == (
        "New name", "ก", 4, False,
    )  # fmt: skip
    assert (row.minimum_satang, row.goal_satang) == (5_000, 100_000)
    assert event("change").changes["name_en"] == ["Fund GENERAL", "New name"]
    assert event("change").changes["minimum_satang"] == ["0", "5000"]


@pytest.mark.one_case
@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (FundSettings(("", "b", "c")), "name_th"),
        (FundSettings(("a", "x" * 201, "c")), "name_en"),
        (FundSettings(NAMES, ("", "", "x" * 501)), "purpose_ms"),
        (FundSettings(NAMES, position=1001), "position"),
        (FundSettings(NAMES, minimum_satang=10_000_001), "minimum"),
        (FundSettings(NAMES, goal_satang=0), "goal"),
    ],
)
def test_settings_out_of_range_are_refused(session, settings, field):
    make_fund()
    with pytest.raises(FundSettingError) as refusal:
        unit_of_work(change_fund, "GENERAL", settings, actor=HOUSE)
    assert refusal.value.field == field


@pytest.mark.one_case
@pytest.mark.parametrize("actor", [OFFICER, ADMINISTRATOR])
def test_nobody_changes_a_fund_or_a_month_alone(session, actor):
    make_fund()
    for operation, *values in (
        (change_fund, FundSettings(NAMES)),
        (change_fund_accounts, BOTH),
        (set_tax_wording, TEXTS),
    ):
        with pytest.raises(ForbiddenError):
            unit_of_work(operation, "GENERAL", *values, actor=actor)
    with pytest.raises(ForbiddenError):
        unit_of_work(reopen_period, DAY, reason=ReopenReason.AUDIT, proposal=None, actor=actor)


def test_a_fund_gets_another_account_and_gives_an_empty_one_back(session):
    make_fund()
    accounts(BOTH)
    assert fund().account_codes(AccountUse.BANK) == [chart.BANK_MAIN, chart.BANK_THIRD]
    assert event("accounts").changes == {"bank": ["1121", "1121, 1123"]}
    make_gift(500)
    only_zakat = FundAccounts(bank=(chart.BANK_THIRD,))
    with pytest.raises(FundAccountInUseError, match=r"5\.00 baht of this fund in account 1121"):
        accounts(only_zakat)
    with pytest.raises(DBAPIError, match="money of the fund lies in this account"):
        unit_of_work(
            lambda: db.session.execute(
                text("DELETE FROM fund_accounts WHERE account_code = '1121'")
            )
        )
    move = PostingDraft("GENERAL", chart.BANK_THIRD, chart.BANK_MAIN, 500)
    make_entry(move, kind=EntryKind.TRANSFER)
    accounts(only_zakat)
    assert fund().account_codes(AccountUse.BANK) == [chart.BANK_THIRD]
    with pytest.raises(OtherAccountError):
        make_gift(500)


def test_a_row_of_accounts_is_not_turned_into_another(session):
    make_fund()
    with pytest.raises(DBAPIError, match="names one fund and account"):
        unit_of_work(
            lambda: db.session.execute(
                text("UPDATE fund_accounts SET account_code = '1122' WHERE account_code = '1121'")
            )
        )


@pytest.mark.one_case
@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (FundAccounts((), ()), FundAccountsMissingError),
        (FundAccounts(bank=("4110",)), FundAccountError),
        (FundAccounts(cash=("9999",)), FundAccountError),
        (FundAccounts(income="1110"), FundAccountError),
        (FundAccounts(cash=("1121",), bank=("1121",)), FundAccountError),
        (FundAccounts(cash=("1121",), bank=("1110",)), FundAccountError),
        (FundAccounts(bank=("1110",), cash=()), FundAccountError),
        (FundAccounts(cash=("1122",)), FundAccountError),
        (FundAccounts(bank=("1130",)), FundAccountError),
        (FundAccounts(bank=("1121", "1122")), FundAccountError),
    ],
)
def test_accounts_that_cannot_be(session, wanted, refusal):
    make_fund()
    with pytest.raises(refusal):
        accounts(wanted)
    assert fund().account_codes(AccountUse.BANK) == [chart.BANK_MAIN]


def test_zakat_and_other_money_share_no_account_at_the_bank(session):
    make_fund()
    make_fund("ZAKAT", Restriction.ZAKAT)
    for code in ("1121", "1123"):
        with_other = FundAccounts(bank=("1122", code))
        if code == "1123":
            unit_of_work(change_fund_accounts, "ZAKAT", with_other, actor=HOUSE)
            with pytest.raises(FundAccountError, match="account 1123 would hold both"):
                accounts(BOTH)
        else:
            with pytest.raises(FundAccountError, match="account 1121 would hold both"):
                unit_of_work(change_fund_accounts, "ZAKAT", with_other, actor=HOUSE)
    with pytest.raises(FundAccountError, match="would hold both"):
        make_fund("ZAKAT-2", Restriction.ZAKAT, accounts=FundAccounts())
    assert fund("ZAKAT").account_codes(AccountUse.BANK) == ["1122", "1123"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "INSERT INTO fund_accounts VALUES ('ZAKAT', '1121', 'bank')",
            "hold zakat and other money",
        ),
        ("INSERT INTO fund_accounts VALUES ('GENERAL', '1122', 'bank')", "zakat and other money"),
        ("UPDATE fund_accounts SET use = 'cash' WHERE account_code = '1122'", "keeps its use"),
        ("UPDATE funds SET restriction = 'zakat' WHERE code = 'GENERAL'", "its restriction"),
    ],
)
def test_the_database_keeps_zakat_apart(session, statement, words):
    make_fund()
    make_fund("ZAKAT", Restriction.ZAKAT)
    with pytest.raises(DBAPIError, match=words):
        unit_of_work(lambda: db.session.execute(text(statement)))


def test_a_tax_wording_is_added_never_changed(session):
    make_fund()
    unit_of_work(set_tax_wording, "GENERAL", TEXTS, actor=HOUSE)
    rows = db.session.scalars(db.select(TaxWording).order_by(TaxWording.number)).all()
    assert [row.text_en for row in rows] == [chart.NOT_DEDUCTIBLE[1], TEXTS[1]]
    assert fund().tax_wording_number == 2
    assert event("tax-wording").changes["text_en"] == [chart.NOT_DEDUCTIBLE[1], TEXTS[1]]
    for statement in ("UPDATE tax_wordings SET text_en = 'x'", "DELETE FROM tax_wordings"):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))
    with pytest.raises(FundSettingError):
        unit_of_work(set_tax_wording, "GENERAL", ("a", "", "c"), actor=HOUSE)
    with pytest.raises(NotFoundError):
        unit_of_work(set_tax_wording, "NONE", TEXTS, actor=HOUSE)


def test_a_closed_month_is_opened_again_for_a_reason(session, clock):
    make_fund()
    close_month(DAY)
    clock.shift(timedelta(days=8))
    reopening = {"reason": ReopenReason.MISTAKE, "actor": HOUSE}
    with pytest.raises(ReopeningNotAgreedError):
        unit_of_work(reopen_period, DAY, proposal=None, **reopening)
    proposal = agree(PERIOD_REOPENING, "2026-11-01", reopening_values(ReopenReason.MISTAKE))
    period = db.session.get_one(Period, DAY.replace(day=1))
    assert (period.status, period.closed_at) == (PeriodStatus.OPEN, None)
    notes = {each.action: each.note for each in list_events("period", "2026-11-01")}
    assert notes["ledger:period:reopen"] == "mistake"
    make_gift(500)
    with pytest.raises(PeriodNotClosedError):
        unit_of_work(reopen_period, DAY, proposal=proposal, **reopening)
