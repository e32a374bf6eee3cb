"""The fund's book-keeping, told as an accountant would on paper. Amounts are in baht."""

from datetime import date

import pytest

from fundapp.db import unit_of_work
from fundapp.ledger import chart, queries
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import InsufficientFundsError, PeriodClosedError
from fundapp.ledger.models import EntryKind, Restriction
from fundapp.ledger.operations import close_period
from fundapp.money import parse_baht
from fundapp.thai.calendar import fiscal_year_bounds
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import (
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_payout,
    make_reversal,
)

END = date(2027, 9, 30)


@pytest.fixture(autouse=True)
def funds(session):
    make_fund("GENERAL")
    make_fund("ZAKAT", Restriction.ZAKAT, position=1)


def trial_balance(as_of=END, fund=None):
    """Code → (debit, credit) in baht, as on paper."""
    rows = queries.trial_balance(as_of, fund)
    return {
        row.account.code: (row.debit_satang / 100, row.credit_satang / 100)
        for row in rows
        if row.balance_satang
    }


def available(fund="GENERAL"):
    return queries.fund_available(fund) / 100


def baht(text):
    return parse_baht(text)


def test_a_gift():
    """Dr Bank 1,500.50 · Cr Donations 1,500.50: the fund may spend it."""
    make_gift(baht("1,500.50"))
    assert trial_balance() == {
        chart.BANK_MAIN: (1500.50, 0),
        chart.DONATIONS_INDIVIDUALS: (0, 1500.50),
    }
    assert available() == 1500.50


def test_a_gift_by_card_comes_less_its_fee():
    """1,000 given, 36.50 kept by the bank: income is shown gross, the fee as an expense."""
    make_entry(
        PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, baht("1,000")),
        PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, baht("36.50")),
    )
    assert trial_balance() == {
        chart.BANK_MAIN: (963.50, 0),
        chart.DONATIONS_INDIVIDUALS: (0, 1000),
        chart.BANK_FEES: (36.50, 0),
    }
    assert available() == 963.50


def test_help_is_spent_when_it_is_approved_and_leaves_the_bank_when_it_is_paid():
    """Approved: Dr Assistance · Cr Payable. Paid: Dr Payable · Cr Bank."""
    make_gift(baht("5,000"))
    make_approval(baht("3,000"))
    assert available() == 2000
    assert trial_balance()[chart.ASSISTANCE_PAYABLE] == (0, 3000)
    assert trial_balance()[chart.BANK_MAIN] == (5000, 0)
    make_payout(baht("3,000"))
    assert available() == 2000
    assert trial_balance() == {
        chart.BANK_MAIN: (2000, 0),
        chart.DONATIONS_INDIVIDUALS: (0, 5000),
        chart.ASSISTANCE_EDUCATION: (3000, 0),
    }


def test_a_fund_spends_its_last_satang_and_not_one_more():
    make_gift(baht("1,000"))
    make_approval(baht("999.99"))
    with pytest.raises(InsufficientFundsError):
        make_approval(baht("0.02"))
    make_approval(baht("0.01"))
    assert available() == 0


def test_zakat_does_not_pay_for_anything_else():
    """Money of one fund is no money of another, though the bank holds both."""
    make_entry(PostingDraft("ZAKAT", chart.BANK_ZAKAT, chart.ZAKAT_RECEIVED, baht("10,000")))
    with pytest.raises(InsufficientFundsError):
        make_approval(baht("1"), fund="GENERAL")
    make_approval(baht("1"), fund="ZAKAT")
    assert (available("ZAKAT"), available("GENERAL")) == (9999, 0)


def test_a_wrong_gift_is_reversed_not_erased():
    """Both entries stay; together they come to nothing."""
    gift = make_gift(baht("700"), on=date(2026, 11, 2))
    make_reversal(gift, on=date(2026, 11, 24), reason="บันทึกซ้ำ")
    assert trial_balance(date(2026, 11, 23))[chart.BANK_MAIN] == (700, 0)
    assert trial_balance() == {}
    page = queries.account_page(chart.BANK_MAIN, from_on=date(2026, 10, 1), to_on=END)
    assert [(line.debit_satang, line.credit_satang) for line in page.lines] == [
        (70_000, 0),
        (0, 70_000),
    ]


def test_a_gift_that_is_spent_cannot_be_taken_back():
    gift = make_gift(baht("700"))
    make_approval(baht("500"))
    with pytest.raises(InsufficientFundsError):
        make_reversal(gift)
    assert available() == 200


def test_cancelled_help_gives_the_money_back_to_the_fund():
    make_gift(baht("900"))
    make_reversal(make_approval(baht("900")), reason="เด็กย้ายไปจังหวัดอื่น")
    assert available() == 900
    assert chart.ASSISTANCE_PAYABLE not in trial_balance()


@pytest.fixture
def orphans():
    """A second fund that is kept in the main account."""
    make_fund("ORPHANS", Restriction.RESTRICTED, position=2)


def test_one_transfer_for_two_funds_is_one_entry(orphans):
    make_entry(
        PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_ORGANISATIONS, baht("600")),
        PostingDraft("ORPHANS", chart.BANK_MAIN, chart.DONATIONS_ORGANISATIONS, baht("400")),
    )
    assert trial_balance()[chart.BANK_MAIN] == (1000, 0)
    assert trial_balance(fund="ORPHANS") == {
        chart.BANK_MAIN: (400, 0),
        chart.DONATIONS_ORGANISATIONS: (0, 400),
    }


@pytest.mark.parametrize(("giver", "taker"), [("GENERAL", "ORPHANS"), ("ORPHANS", "GENERAL")])
def test_an_entry_of_two_funds_overspends_neither(orphans, giver, taker):
    """What one fund lends to the other, it must have; whichever comes first in the entry."""
    make_gift(baht("10"), fund=giver)

    def lend(amount):
        make_entry(
            PostingDraft(giver, chart.ASSISTANCE_LIVING, chart.ASSISTANCE_PAYABLE, baht(amount)),
            PostingDraft(taker, chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, baht(amount)),
            kind=EntryKind.TRANSFER,
        )

    with pytest.raises(InsufficientFundsError):
        lend("10.01")
    lend("4")
    with pytest.raises(InsufficientFundsError):
        lend("6.01")
    assert (available(giver), available(taker)) == (6, 4)


def test_money_nobody_knows_is_a_debt_until_it_is_known():
    """Unidentified money is in the bank, but no fund may spend it."""
    amount = baht("250")
    make_entry(PostingDraft("GENERAL", chart.BANK_MAIN, "2120", amount))
    assert available() == 0
    make_entry(PostingDraft("GENERAL", "2120", chart.DONATIONS_INDIVIDUALS, amount))
    assert available() == 250
    assert "2120" not in trial_balance()


def test_the_fiscal_year_ends_on_30_september():
    make_gift(baht("100"), on=date(2026, 9, 30))
    make_gift(baht("200"), on=date(2026, 10, 1))
    income = ("GENERAL", chart.DONATIONS_INDIVIDUALS)
    credits_ = [
        queries.balances_as_of(fiscal_year_bounds(year)[1])[income].credit_satang
        for year in (2569, 2570)
    ]
    assert credits_ == [10_000, 30_000]


def test_a_closed_month_stays_as_it_was():
    """What is found afterwards is booked in the month in which it is found."""
    gift = make_gift(baht("800"), on=date(2026, 10, 15))
    unit_of_work(close_period, date(2026, 10, 31), actor=COMMAND_LINE)
    before = trial_balance(date(2026, 10, 31))
    with pytest.raises(PeriodClosedError):
        make_gift(baht("1"), on=date(2026, 10, 31))
    with pytest.raises(PeriodClosedError):
        make_reversal(gift, on=date(2026, 10, 31))
    make_reversal(gift, on=date(2026, 11, 1))
    assert trial_balance(date(2026, 10, 31)) == before
    assert trial_balance(date(2026, 11, 1)) == {}


def test_opening_balances_bring_the_old_books_forward():
    make_entry(
        PostingDraft(
            "GENERAL", chart.BANK_MAIN, chart.NET_ASSETS_BROUGHT_FORWARD, baht("12,345.67")
        ),
        kind=EntryKind.OPENING,
    )
    (general, zakat) = queries.fund_balances(END)
    assert general.brought_forward_satang == general.net_assets_satang == 1_234_567
    assert zakat.net_assets_satang == 0
    assert available() == 12345.67
