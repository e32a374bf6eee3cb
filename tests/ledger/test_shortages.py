"""What the bank takes back is booked although it is spent; people take no more than there is.

The rules are the database's: each is tried through the operations and by raw SQL.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.errors import (
    AccountShortError,
    AlreadyReversedError,
    FundShortError,
    InsufficientFundsError,
    NotADonationError,
)
from fundapp.ledger.models import EntryKind, FundBalance, JournalEntry, ShortageChange
from fundapp.ledger.operations import fold_balances, post_entry
from fundapp.ledger.queries import (
    balances_as_of,
    fund_available,
    list_shortages,
    list_spent_of,
)
from tests.factories.actors import BOOKKEEPER, WORKER
from tests.factories.books import (
    forge_entry,
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_payout,
    make_return,
    make_reversal,
)
from tests.factories.ledger import gift as gift_draft
from tests.factories.ledger import spending

END = date(2199, 9, 30)


@pytest.fixture(autouse=True)
def fund(session):
    make_fund("GENERAL")


def kept(fund="GENERAL"):
    """Available money and shortage, deltas folded in."""
    unit_of_work(fold_balances, actor=WORKER)
    columns = (FundBalance.available_satang, FundBalance.shortage_satang)
    return tuple(db.session.execute(select(*columns).where(FundBalance.fund_code == fund)).one())


def short():
    return {code: shortage.satang for code, shortage in list_shortages().items()}


def held(account, fund="GENERAL"):
    moved = balances_as_of(END).get((fund, account))
    return moved.balance_satang if moved else 0


def entries():
    return db.session.scalar(select(db.func.count()).select_from(JournalEntry))


def fee(satang, account=chart.BANK_MAIN):
    line = PostingDraft("GENERAL", chart.BANK_FEES, account, satang)
    return make_entry(line, kind=EntryKind.BANK_FEE)


def move_cash(satang):
    line = PostingDraft("GENERAL", chart.BANK_MAIN, chart.CASH_ON_HAND, satang)
    return make_entry(line, kind=EntryKind.TRANSFER)


class TestReturnedGift:
    """A gift that is spent, and that the bank takes back."""

    def test_it_is_booked_and_the_fund_lacks_what_is_spent(self):
        gift = make_gift(500)
        make_approval(400)
        make_payout(400)
        returned = make_return(gift)
        assert (kept(), fund_available("GENERAL"), held(chart.BANK_MAIN)) == ((0, 400), 0, -400)
        shortage = list_shortages()["GENERAL"]
        (step,) = shortage.steps
        assert (step.number, step.change_satang) == (entry_number(returned.id), 400)

    def test_one_that_is_not_spent_makes_no_shortage(self):
        make_return(make_gift(500))
        assert (kept(), short(), list_shortages()) == ((0, 0), {}, {})
        assert db.session.scalars(select(ShortageChange)).all() == []

    def test_once_only_and_never_after_a_reversal(self):
        gift, other = make_gift(500), make_gift(500)
        make_return(gift)
        for undo, entry in ((make_return, gift), (make_reversal, gift)):
            with pytest.raises(AlreadyReversedError):
                undo(entry)
        make_reversal(other)
        with pytest.raises(AlreadyReversedError):
            make_return(other)

    def test_only_a_donation_is_returned(self):
        make_gift(500)
        approval = make_approval(100)
        with pytest.raises(NotADonationError):
            make_return(approval)

    def test_a_gift_to_two_funds_is_missing_in_the_one_that_spent_it(self):
        make_fund("OTHER")
        gift = make_entry(
            PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 300),
            PostingDraft("OTHER", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 200),
        )
        make_approval(150, "OTHER")
        make_return(gift)
        assert (kept("GENERAL"), kept("OTHER")) == ((0, 0), (0, 150))
        assert short() == {"OTHER": 150}


class TestWhileShort:
    """Nothing is taken out before what comes in has covered what is missing."""

    @pytest.fixture(autouse=True)
    def spent_and_returned(self, fund):
        gift = make_gift(1_000)
        self.later = make_gift(100)
        make_approval(1_100)
        self.returned = make_return(gift)

    def test_decisions_are_refused_and_facts_are_booked(self):
        make_fund("OTHER")
        make_gift(900, "OTHER")
        for decision in (
            lambda: make_approval(1),
            lambda: make_reversal(self.later),
            lambda: make_entry(
                PostingDraft("GENERAL", "4110", "2110", 1),
                PostingDraft("OTHER", chart.BANK_MAIN, "4110", 1),
                kind=EntryKind.TRANSFER,
            ),
        ):
            with pytest.raises(FundShortError):
                decision()
        make_return(self.later)
        fee(5)
        assert (kept(), short()) == ((0, 1_105), {"GENERAL": 1_105})
        make_approval(900, "OTHER")

    def test_a_part_does_not_open_the_fund_and_the_whole_does(self):
        make_gift(999)
        with pytest.raises(FundShortError):
            make_approval(1)
        make_gift(2)
        make_approval(1)
        assert (kept(), short()) == ((0, 0), {})
        with pytest.raises(InsufficientFundsError) as refused:
            make_approval(1)
        assert type(refused.value) is InsufficientFundsError

    def test_it_says_by_what_it_was_covered_in_order(self):
        first, second, third = make_gift(400), make_gift(500), make_gift(300)
        (spent,) = list_spent_of(self.returned.id)
        covered = [(entry_number(first.id), -400), (entry_number(second.id), -500),
                   (entry_number(third.id), -100)]  # fmt: skip
        assert [(step.number, step.change_satang) for step in spent.covered_by] == covered
        assert (spent.satang, spent.open_satang, list_shortages()) == (1_000, 0, {})
        assert kept() == (200, 0)
        (spent,) = list_spent_of(self.returned.id)
        assert [(step.number, step.change_satang) for step in spent.covered_by] == covered

    def test_the_older_part_is_covered_first(self):
        second = make_return(self.later)
        make_gift(1_050)
        (older,), (newer,) = list_spent_of(self.returned.id), list_spent_of(second.id)
        assert (older.open_satang, newer.open_satang) == (0, 50)
        assert [step.change_satang for step in newer.covered_by] == [-50]
        assert short() == {"GENERAL": 50}
        assert [s.change_satang for s in list_shortages()["GENERAL"].steps] == [1_000, 100, -1_050]

    def test_a_second_shortage_begins_anew(self):
        covering = make_gift(1_000)
        make_return(covering)
        assert kept() == (0, 1_000)
        (step,) = list_shortages()["GENERAL"].steps
        assert step.change_satang == 1_000
        assert list_spent_of(self.returned.id)[0].open_satang == 0


class TestAccounts:
    """A fund's money in an account is taken by people as far as it is there."""

    def test_the_last_satang_of_an_account_and_no_more(self):
        make_gift(500)
        make_gift(300, bank=chart.CASH_ON_HAND)
        make_approval(800)
        move_cash(300)
        with pytest.raises(AccountShortError) as refused:
            move_cash(1)
        assert refused.value.params == {"account": "1110", "held": "0.00"}
        make_payout(800)
        assert (held(chart.BANK_MAIN), held(chart.CASH_ON_HAND)) == (0, 0)

    def test_money_of_another_fund_in_the_account_does_not_help(self):
        make_fund("OTHER")
        make_gift(900, "OTHER")
        make_gift(400, bank=chart.CASH_ON_HAND)
        make_approval(400)
        with pytest.raises(AccountShortError):
            make_payout(400)

    def test_a_gift_less_its_fee_needs_nothing_in_the_account(self):
        gross = PostingDraft("GENERAL", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 1_000)
        make_entry(gross, PostingDraft("GENERAL", chart.BANK_FEES, chart.BANK_MAIN, 30))
        assert held(chart.BANK_MAIN) == 970

    def test_what_one_fund_brings_in_is_not_taken_by_another(self):
        make_fund("OTHER")
        with pytest.raises(AccountShortError):
            make_entry(
                PostingDraft("OTHER", chart.BANK_MAIN, "2130", 900),
                PostingDraft("GENERAL", "2130", chart.BANK_MAIN, 400),
                kind=EntryKind.TRANSFER,
            )

    def test_a_gift_that_was_moved_is_not_reversed_where_it_is_no_more(self):
        gift = make_gift(300, bank=chart.CASH_ON_HAND)
        move_cash(200)
        with pytest.raises(AccountShortError) as refused:
            make_reversal(gift)
        assert refused.value.params == {"account": "1110", "held": "1.00"}
        assert entries() == 2

    def test_only_the_bank_takes_an_account_below_zero(self):
        gift = make_gift(500)
        make_approval(450)
        make_payout(450)
        fee(60)
        assert held(chart.BANK_MAIN) == -10
        make_return(gift)
        assert (held(chart.BANK_MAIN), kept()) == (-510, (0, 460 + 50))

    @pytest.mark.parametrize("day", [date(2026, 10, 1), date(2027, 3, 1)])
    def test_the_day_of_an_entry_is_no_way_around(self, day):
        make_gift(500)
        make_approval(500)
        make_payout(300)
        with pytest.raises(AccountShortError):
            make_payout(201, on=day)


class TestRawSql:
    """What no statement gets past."""

    @pytest.fixture(autouse=True)
    def spent(self, fund):
        self.gift = make_gift(1_000)
        self.approval = make_approval(900)

    def forge_return(self, *postings, of=None):
        forge_entry("gift_returned", *postings, reverses=(of or self.gift).id)

    def test_a_true_return_is_taken(self):
        self.forge_return(("4110", "1121", 1_000))
        assert kept() == (0, 900)

    @pytest.mark.parametrize(
        "postings",
        [
            [("4110", "1121", 1_001)],
            [("4110", "1110", 1_000)],
            [("5110", "1121", 1_000)],
            [("4110", "1121", 600), ("4110", "1121", 400)],
            [("1121", "4110", 1_000)],
        ],
    )
    def test_a_return_mirrors_its_gift(self, postings):
        with pytest.raises(DBAPIError, match="mirrors its donation"):
            self.forge_return(*postings)
        assert kept() == (100, 0)

    def test_only_gifts_are_returned(self):
        with pytest.raises(DBAPIError, match="mirrors its donation"):
            self.forge_return(("2110", "5120", 900), of=self.approval)
        with pytest.raises(DBAPIError, match=r"reversal_names_entry|mirrors its donation"):
            forge_entry("gift_returned", ("4110", "1121", 1_000))

    @pytest.mark.parametrize("accounts", [("5110", "1121"), ("5210", "2110"), ("5210", "4110")])
    def test_a_fee_is_a_fee(self, accounts):
        with pytest.raises(DBAPIError, match="to the bank fees"):
            forge_entry("bank_fee", (*accounts, 500))

    @pytest.mark.parametrize("kind", ["transfer", "assistance_paid", "donation", "opening"])
    def test_no_decision_takes_an_account_below_zero(self, kind):
        with pytest.raises(DBAPIError, match="holds less of the fund"):
            forge_entry(kind, ("2110", "1121", 1_001))
        with pytest.raises(DBAPIError, match="holds less of the fund"):
            forge_entry(kind, ("1110", "1121", 1_001))
        with pytest.raises(DBAPIError, match="holds less of the fund"):
            forge_entry(kind, ("1110", "4110", 5_000), ("2110", "1121", 1_001))

    def test_nothing_is_taken_while_the_fund_is_short(self):
        make_return(self.gift)
        make_gift(100)
        with pytest.raises(DBAPIError, match="has a shortage"):
            forge_entry("transfer", ("5110", "2110", 1))

    @pytest.mark.parametrize(
        ("values", "rule"),
        [
            ("shortage_satang = -1, available_satang = 0", "shortage_not_negative"),
            ("shortage_satang = 5", "available_or_short"),
            ("available_satang = -1", "not_overspent"),
        ],
    )
    def test_a_balance_is_available_or_short(self, values, rule):
        with pytest.raises(DBAPIError, match=rule):
            unit_of_work(lambda: db.session.execute(text(f"UPDATE fund_balances SET {values}")))


class Model:
    """The books of one fund in a few lines, and what happens to them, at random."""

    def __init__(self, seed):
        self.rng = random.Random(seed)  # noqa: S311 - an invented history
        self.net, self.payable, self.accounts, self.gifts = 0, 0, {"1110": 0, "1121": 0}, {}

    def step(self):
        satang, account = self.rng.randrange(1, 500), self.rng.choice(["1110", "1121"])
        acts = [self.give, self.give, self.approve, self.approve, self.pay, self.move, self.fee]
        self.rng.choice([*acts, self.undo, self.undo])(satang, account)

    def give(self, satang, account):
        self.gifts[make_gift(satang, bank=account)] = (satang, account)
        self.net += satang
        self.accounts[account] += satang

    def approve(self, satang, _account):
        if agree(self.refusal(satang), lambda: make_approval(satang)):
            self.net -= satang
            self.payable += satang

    def pay(self, satang, account):
        satang = min(satang, self.payable)
        if not satang:
            return
        line = PostingDraft("GENERAL", chart.ASSISTANCE_PAYABLE, account, satang)
        fields = {"kind": EntryKind.ASSISTANCE_PAID, "checker": "second"}
        if agree(self.refusal(0, satang, account), lambda: make_entry(line, **fields)):
            self.accounts[account] -= satang
            self.payable -= satang

    def move(self, satang, _account):
        if agree(self.refusal(0, satang, "1110"), lambda: move_cash(satang)):
            self.accounts["1110"] -= satang
            self.accounts["1121"] += satang

    def undo(self, _satang, _account):
        if not self.gifts:
            return
        gift = self.rng.choice(list(self.gifts))
        satang, account = self.gifts[gift]
        by_bank = self.rng.random() < 0.5
        refusal = None if by_bank else self.refusal(satang, satang, account)
        if agree(refusal, lambda: make_return(gift) if by_bank else make_reversal(gift)):
            del self.gifts[gift]
            self.net -= satang
            self.accounts[account] -= satang

    def fee(self, satang, _account):
        fee(satang)
        self.net -= satang
        self.accounts["1121"] -= satang

    def refusal(self, spent, moved=0, account="1110"):
        if self.net < spent and spent:
            return FundShortError if self.net < 0 else InsufficientFundsError
        return AccountShortError if self.accounts[account] < moved else None


def agree(refusal, act):
    """Whether it was done; what the model refuses is refused by the books, with that error."""
    if refusal is None:
        act()
        return True
    with pytest.raises(refusal) as refused:
        act()
    assert type(refused.value) is refusal
    return False


@pytest.mark.one_case
@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_what_happens_agrees_with_a_model(seed):
    """Gifts, approvals, payouts, moved cash, returns, reversals, fees: available less shortage is
    the sum of the effects, and exactly what the model refuses is refused.
    """
    model = Model(seed)
    for _ in range(60):
        model.step()
        available, shortage = kept()
        assert (available, shortage) == (max(model.net, 0), max(-model.net, 0))
        assert {code: held(code) for code in model.accounts} == model.accounts
        assert short() == ({"GENERAL": shortage} if shortage else {})
    assert said_by_checks() == []


def said_by_checks():
    return [result.check.name for result in run_checks() if not result.is_green]


def test_twenty_approvals_beside_a_gift_that_is_returned(app):
    """Whatever comes first: the fund never gives more than it has, and lacks what is gone."""
    for _ in range(3):
        assert kept() == (0, 0)
        gift = make_gift(1_000)

        def work(number, gift=gift):
            with app.app_context():
                try:
                    if number == 10:
                        make_return(gift)
                        return "returned"
                    unit_of_work(post_entry, spending(100, fund="GENERAL"), actor=BOOKKEEPER)
                except InsufficientFundsError:
                    return "refused"
                finally:
                    db.session.remove()
                return "approved"

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(work, range(21)))
        assert outcomes.count("returned") == 1
        assert outcomes.count("approved") <= 10
        lacking = 100 * outcomes.count("approved")
        assert kept() == (0, lacking)
        if lacking:
            make_gift(lacking)


@pytest.mark.postgresql
def test_on_postgresql_income_under_way_covers_a_shortage_later(app):
    """A gift that was written before the return but committed after it is counted once."""
    gift = make_gift(500)
    make_approval(500)

    def give_while_the_bank_takes():
        post_entry(gift_draft(300, fund="GENERAL"), actor=BOOKKEEPER)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(take).result()

    def take():
        with app.app_context():
            make_return(gift)
            db.session.remove()

    unit_of_work(give_while_the_bank_takes)
    assert short() == {"GENERAL": 200}
    assert kept() == (0, 200)
    assert [step.change_satang for step in list_shortages()["GENERAL"].steps] == [500, -300]
