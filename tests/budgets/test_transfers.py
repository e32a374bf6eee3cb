"""Money moves between funds by two people, and only where both funds' rules allow."""

import io
from datetime import date

import pytest
from sqlalchemy import select, text

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.audit.checks.budgets import transfers_booked
from fundapp.banking.queries import get_bank_account
from fundapp.banking.reconciliation.queries import reconcile
from fundapp.budgets.drafts import TransferDraft
from fundapp.budgets.errors import (
    FundMayNotGiveError,
    FundMayNotTakeError,
    RuleRestrictionError,
    SameFundError,
    TransferAccountError,
    TransferAmountError,
)
from fundapp.budgets.models import FundTransfer, TransferReason
from fundapp.budgets.steps import check_transfer
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import FundClosedError, FundFrozenError
from fundapp.ledger.models import EntryKind, Restriction
from fundapp.ledger.operations import freeze_fund
from fundapp.ledger.queries import find_holdings, fund_available, trial_balance
from fundapp.proposals.operations import confirm_proposal
from tests.audit.tampering import tampered
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER
from tests.factories.banking import LAST, Move, import_moves, make_bank_account
from tests.factories.books import make_entry, make_fund, make_gift
from tests.factories.identity import agree, make_user, sign_in

BOTH = {"gives": True, "takes": True}
TAKES = {"gives": False, "takes": True}


def make_funds():
    make_fund("GENERAL")
    make_fund("OTHER")
    make_fund("EDU", Restriction.RESTRICTED)
    make_fund("ZAKAT", Restriction.ZAKAT)
    make_gift(100_000)
    make_gift(50_000, "EDU")
    make_gift(50_000, "ZAKAT", bank=chart.BANK_ZAKAT)
    agree("fund-transfer-rule", "GENERAL", BOTH)
    agree("fund-transfer-rule", "EDU", TAKES)


@pytest.fixture
def funds(build_once, clock):
    build_once("budgets/funds", make_funds)


def draft(giver="GENERAL", taker="EDU", account=chart.BANK_MAIN, satang=30_000):
    return TransferDraft(giver, taker, account, satang, TransferReason.RESOLUTION, "x")


def refused(*args):
    with pytest.raises(Exception) as error:
        check_transfer(draft(*args))
    return type(error.value)


def held():
    db.session.rollback()
    holdings = find_holdings()
    return [holdings.of_fund(code, chart.BANK_MAIN) for code in ("GENERAL", "EDU")]


def send(client, **overrides):
    data = {
        "from_fund": "GENERAL", "to_fund": "EDU", "account": "1121", "amount": "300",
        "reason": "resolution", "paper": (io.BytesIO(picture()), "resolution.jpg"), **overrides,
    }  # fmt: skip
    return client.post("/fund-transfers/new?lang=en", data=data)


def test_one_proposes_it_with_a_paper_and_another_confirms(client, funds):
    sign_in(client, make_user(Role.FUND_OFFICER))
    missing = send(client, paper=(io.BytesIO(b""), ""))
    assert (missing.status_code, "Send the resolution" in missing.text) == (422, True)
    assert send(client, amount="2,000").status_code == 422
    answer = send(client)
    assert answer.status_code == 303, answer.text
    assert held() == [100_000, 50_000]
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get(answer.location).text
    assert all(shown in page for shown in ("300.00", "Resolution of the committee", "1121"))
    paper = page.partition('href="/fund-transfers/papers/')[2].partition('"')[0]
    assert client.get(f"/fund-transfers/papers/{paper}").mimetype == "image/jpeg"
    assert client.post(answer.location + "/confirm").status_code == 303
    assert held() == [70_000, 80_000]
    assert (fund_available("GENERAL"), fund_available("EDU")) == (70_000, 80_000)
    listed = client.get("/fund-transfers?lang=en").text
    assert "300.00" in listed
    assert client.get("/fund-transfers/papers/nothing").status_code == 404
    between = {row.account.code: row.balance_satang for row in trial_balance(date(2026, 12, 1))}
    assert between[chart.BETWEEN_FUNDS] == 0
    assert [r.check.name for r in run_checks() if r.violations] == []
    sign_in(client, make_user(Role.AUDITOR))
    trail = client.get("/audit/trail?lang=en&action=budgets:transfer:record").text
    assert "Fund GENERAL to Fund EDU" in trail
    assert send(client).status_code == 403


@pytest.mark.sqlite
def test_what_both_funds_rules_refuse(funds):
    assert refused("EDU", "GENERAL") is FundMayNotGiveError
    assert refused("ZAKAT", "GENERAL") is FundMayNotGiveError
    assert refused("OTHER", "GENERAL") is FundMayNotGiveError  # it has no rule
    assert refused("GENERAL", "ZAKAT") is FundMayNotTakeError
    assert refused("GENERAL", "OTHER") is FundMayNotTakeError
    assert refused("GENERAL", "GENERAL") is SameFundError
    assert refused("GENERAL", "EDU", chart.BANK_ZAKAT) is TransferAccountError
    for satang in (0, 100_001):
        assert refused("GENERAL", "EDU", chart.BANK_MAIN, satang) is TransferAmountError
    assert refused("GENERAL", "EDU", chart.CASH_ON_HAND, 1) is TransferAmountError
    for code, rule in (("EDU", BOTH), ("ZAKAT", TAKES)):
        with pytest.raises(RuleRestrictionError):
            agree("fund-transfer-rule", code, rule)
    unit_of_work(freeze_fund, "EDU", actor=OFFICER)
    assert refused() is FundFrozenError
    assert issubclass(FundClosedError, Exception)


def test_a_rule_that_was_taken_back_meanwhile_stops_it(client, funds):
    sign_in(client, make_user(Role.FUND_OFFICER))
    public_id = send(client).location.rpartition("/")[2]
    agree("fund-transfer-rule", "EDU", {"gives": False, "takes": False})
    administrator = make_user(Role.ADMINISTRATOR).as_actor()
    with pytest.raises(FundMayNotTakeError):
        unit_of_work(confirm_proposal, public_id, actor=administrator)
    assert held() == [100_000, 50_000]


@pytest.mark.sqlite
def test_the_page_of_rules_and_its_form(client, funds):
    sign_in(client, make_user(Role.FUND_OFFICER))
    page = client.get("/fund-transfers?lang=en").text
    assert page.count("/fund-transfers/rules/") == 3  # none for zakat
    address = "/fund-transfers/rules/OTHER?lang=en"
    assert client.post(address, data={"takes": "y"}).status_code == 303
    refused_page = client.post("/fund-transfers/rules/EDU?lang=en", data={"gives": "y"})
    assert (refused_page.status_code, "Only an unrestricted fund" in refused_page.text) == (
        422,
        True,
    )
    assert client.get("/fund-transfers/rules/OTHER").status_code == 200


def test_the_bank_is_not_touched(funds, client):
    make_bank_account()
    import_moves(Move(150_000))
    before = reconcile(get_bank_account("KTB-MAIN"), LAST)
    sign_in(client, make_user(Role.FUND_OFFICER))
    public_id = send(client).location.rpartition("/")[2]
    unit_of_work(confirm_proposal, public_id, actor=make_user(Role.ADMINISTRATOR).as_actor())
    db.session.rollback()
    after = reconcile(get_bank_account("KTB-MAIN"), LAST)
    assert (after.entries.count, after.book_satang) == (before.entries.count, before.book_satang)


ENTRY = {
    "kind": EntryKind.TRANSFER, "source_type": "fund_transfer", "maker": "one", "checker": "two",
}  # fmt: skip


def transfer(giver, taker, account=chart.BANK_MAIN, **overrides):
    make_entry(
        PostingDraft(giver, chart.BETWEEN_FUNDS, account, 100),
        PostingDraft(taker, account, chart.BETWEEN_FUNDS, 100),
        **{**ENTRY, **overrides},
    )


@pytest.mark.parametrize(
    ("giver", "taker", "overrides"),
    [
        ("EDU", "GENERAL", {}),
        ("GENERAL", "OTHER", {}),
        ("GENERAL", "EDU", {"checker": ""}),
        ("GENERAL", "EDU", {"checker": "one"}),
        ("GENERAL", "EDU", {"source_type": "own_transfer"}),
    ],
)
def test_the_database_refuses_other_entries_between_funds(funds, giver, taker, overrides):
    with pytest.raises(Exception, match="a transfer between funds is made by two people"):
        transfer(giver, taker, **overrides)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE transfer_rules SET gives = {true} WHERE fund_code = 'EDU'",
        "INSERT INTO transfer_rules SELECT 'ZAKAT', {false}, {true}, min(proposal_id)"
        " FROM transfer_rules",
        "UPDATE fund_transfers SET amount_satang = 1",
        "DELETE FROM fund_transfers",
    ],
)
def test_the_database_keeps_rules_and_transfers(client, funds, change):
    sign_in(client, make_user(Role.FUND_OFFICER))
    public_id = send(client).location.rpartition("/")[2]
    unit_of_work(confirm_proposal, public_id, actor=make_user(Role.ADMINISTRATOR).as_actor())
    words = {"true": "TRUE", "false": "FALSE"}
    with pytest.raises(Exception, match=r"only an unrestricted|append-only"):
        unit_of_work(lambda: db.session.execute(text(change.format(**words))))
    assert list(transfers_booked()) == []
    assert db.session.scalars(select(FundTransfer)).one().amount_satang == 30_000
    for broken in (
        "UPDATE fund_transfers SET amount_satang = 29999",
        "UPDATE fund_transfers SET to_fund_code = 'OTHER'",
        "DELETE FROM fund_transfers",
    ):
        with tampered(broken):
            assert list(transfers_booked())
    with tampered("UPDATE funds SET restriction = 'restricted' WHERE code = 'GENERAL'"):
        assert list(transfers_booked())
