"""Commands set an installation up alone; once there are two administrators they propose."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.banking.models import BankAccount
from fundapp.db import db, unit_of_work
from fundapp.identity.models import User
from fundapp.identity.operations import disable_user
from fundapp.ledger.models import AccountUse, Fund, Period, PeriodStatus
from fundapp.ledger.operations import freeze_fund
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import confirm_proposal, take_over_proposal
from tests.factories.actors import COMMAND_LINE, OFFICER
from tests.factories.books import close_month, make_fund
from tests.factories.identity import make_user, sign_in

NAMES = ["--name-th", "ก", "--name-en", "A", "--name-ms", "A"]
COMMANDS = {
    "fund": ["ledger", "create-fund", "WINTER", "--restriction", "restricted", *NAMES],
    "limit": ["ledger", "let-go-limit", "GENERAL", "5"],
    "accounts": [
        "ledger", "fund-accounts", "GENERAL", "--bank-account", "1121", "--bank-account", "1123",
    ],
    "wording": [
        "ledger", "tax-wording", "GENERAL", "--th", "ก", "--en", "Deductible.", "--ms", "c",
    ],
    "closing": ["ledger", "close-fund", "OLD"],
    "opening": ["ledger", "reopen-fund", "FROZEN"],
    "month again": ["ledger", "reopen-period", "2026-09-05", "--reason", "audit"],
    "month": ["ledger", "close-period", "2026-10-05"],
    "account": [
        "bank", "open-account", "KTB-MAIN", "--name", "Main", "--bank", "006", "--number",
        "987-6-54321-0", "--ledger-account", "1121",
    ],
    "person": ["users", "create", "new@example.org", "--role", "approver"],
}  # fmt: skip


def done():
    """What the commands change."""
    db.session.rollback()
    db.session.expire_all()
    user = db.session.scalar(select(User).where(User.email == "new@example.org"))
    october, september = (db.session.get(Period, date(2026, month, 1)).status for month in (10, 9))
    general = db.session.get(Fund, "GENERAL")
    return {
        "fund": db.session.get(Fund, "WINTER") is not None,
        "limit": general.let_go_limit_satang == 500,
        "accounts": general.account_codes(AccountUse.BANK) == ["1121", "1123"],
        "wording": general.tax_wording_number == 2,
        "closing": db.session.get(Fund, "OLD").is_closed,
        "opening": db.session.get(Fund, "FROZEN").is_open,
        "month again": september is PeriodStatus.OPEN,
        "month": october is PeriodStatus.CLOSED,
        "account": db.session.get(BankAccount, "KTB-MAIN") is not None,
        "person": user is not None and user.role_set() == {Role.APPROVER},
    }


#: What a command never does alone.
ALWAYS_TWO = "month again"
ALONE = [name for name in COMMANDS if name != ALWAYS_TWO]


def make_house():
    """A fund, one that is empty, one that is frozen, and a closed month."""
    for code in ("GENERAL", "OLD", "FROZEN"):
        make_fund(code)
    unit_of_work(freeze_fund, "FROZEN", actor=OFFICER)
    close_month(date(2026, 9, 5))


@pytest.fixture
def in_service(app, build_once, clock):
    app.config["DEMO"] = False
    build_once("proposals/house", make_house)
    return app


def run(runner, name):
    return runner.invoke(args=COMMANDS[name])


@pytest.mark.one_case
@pytest.mark.parametrize("name", ALONE)
def test_a_command_acts_alone_while_there_is_one_administrator(in_service, runner, name):
    make_user(Role.ADMINISTRATOR)
    disabled = make_user(Role.ADMINISTRATOR)
    unit_of_work(disable_user, disabled.public_id, actor=COMMAND_LINE)
    assert run(runner, name).exit_code == 0
    assert done() == {each: each == name for each in COMMANDS}


# Another setting; what the commands do runs on both databases below and above.
@pytest.mark.sqlite
@pytest.mark.parametrize("name", ALONE)
def test_a_command_acts_alone_in_a_demo(app, session, clock, runner, name):
    make_house()
    for _number in range(2):
        make_user(Role.ADMINISTRATOR)
    assert run(runner, name).exit_code == 0
    assert done() == {each: each == name for each in COMMANDS}


@pytest.mark.one_case
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_proposes_once_there_are_two(in_service, runner, client, name):
    first, second = (make_user(Role.ADMINISTRATOR).as_actor() for _ in range(2))
    result = run(runner, name)
    assert result.exit_code == 0, result.output
    assert "nothing is changed yet" in result.output
    assert done() == dict.fromkeys(COMMANDS, False)
    proposal = db.session.scalars(select(Proposal)).one()
    sign_in(client, make_user(Role.AUDITOR))
    page = client.get(f"/proposals/{proposal.public_id}?lang=en").text
    assert ("the command line" in page, "Confirm</span>" in page) == (True, False)
    unit_of_work(take_over_proposal, proposal.public_id, actor=first)
    unit_of_work(confirm_proposal, proposal.public_id, actor=second)
    assert done() == {each: each == name for each in COMMANDS}


@pytest.mark.sqlite
def test_a_command_opens_no_closed_month_alone(in_service, runner):
    make_user(Role.ADMINISTRATOR)
    assert "nothing is changed yet" in run(runner, ALWAYS_TWO).output
    assert done() == dict.fromkeys(COMMANDS, False)


@pytest.mark.one_case
@pytest.mark.parametrize("name", ALONE)
def test_what_a_command_did_alone_is_listed(in_service, runner, client, name):
    assert run(runner, name).exit_code == 0
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get("/proposals?lang=en").text
    words = {
        "fund": "WINTER", "limit": "5.00", "month": "October 2026", "account": "KTB-MAIN",
        "person": "Approver", "accounts": "GENERAL", "wording": "GENERAL", "closing": "OLD",
        "opening": "FROZEN",
    }  # fmt: skip
    alone = page.partition("Done by the command line alone")[2]
    assert name != "person" or "new@example.org" in alone
    assert words[name] in alone
    # Yes and no are written in words.
    assert not re.search(r"\b(True|False)\b", alone)


@pytest.mark.sqlite
def test_a_command_freezes_a_fund_however_many_administrators_there_are(in_service, runner):
    for _number in range(2):
        make_user(Role.ADMINISTRATOR)
    result = runner.invoke(args=["ledger", "freeze-fund", "GENERAL"])
    assert (result.exit_code, result.output) == (0, "Fund GENERAL is frozen.\n")
    db.session.rollback()
    db.session.expire_all()
    assert not db.session.get(Fund, "GENERAL").is_open


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["close-fund", "NONE"], "There is no fund NONE."),
        (["freeze-fund", "NONE"], "There is no fund NONE."),
        (["reopen-fund", "GENERAL"], "Nothing was changed"),
        (["fund-accounts", "GENERAL"], "Choose one bank account or cash box"),
        (["fund-accounts", "GENERAL", "--bank-account", "4110"], "4110 is no account at a bank"),
        (["tax-wording", "GENERAL", "--th", "a", "--en", " ", "--ms", "c"], "all three languages"),
        (["reopen-period", "2026-10-05", "--reason", "audit"], "takes entries already"),
        (["reopen-period", "1990-10-05", "--reason", "audit"], "no such month"),
    ],
)
def test_what_a_command_cannot_do_is_said(in_service, runner, command, sentence):
    result = runner.invoke(args=["ledger", *command])
    assert (result.exit_code, sentence in result.output) == (1, True), result.output
