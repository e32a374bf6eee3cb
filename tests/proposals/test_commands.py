"""Commands set an installation up alone; once there are two administrators they propose."""

import pytest
from sqlalchemy import func, select

from fundapp.access.permissions import Role
from fundapp.banking.models import BankAccount
from fundapp.db import db, unit_of_work
from fundapp.identity.models import User
from fundapp.identity.operations import disable_user
from fundapp.ledger.models import Fund, Period, PeriodStatus
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations import confirm_proposal, take_over_proposal
from tests.factories.actors import COMMAND_LINE
from tests.factories.books import make_fund
from tests.factories.identity import make_user, sign_in

NAMES = ["--name-th", "ก", "--name-en", "A", "--name-ms", "A"]
COMMANDS = {
    "fund": ["ledger", "create-fund", "WINTER", "--restriction", "restricted", *NAMES],
    "limit": ["ledger", "let-go-limit", "GENERAL", "5"],
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
    closed = select(func.count()).where(Period.status == PeriodStatus.CLOSED)
    return {
        "fund": db.session.get(Fund, "WINTER") is not None,
        "limit": db.session.get(Fund, "GENERAL").let_go_limit_satang == 500,
        "month": db.session.scalar(closed) == 1,
        "account": db.session.get(BankAccount, "KTB-MAIN") is not None,
        "person": user is not None and user.role_set() == {Role.APPROVER},
    }


@pytest.fixture
def in_service(app, session, clock):
    app.config["DEMO"] = False
    make_fund()
    return app


def run(runner, name):
    return runner.invoke(args=COMMANDS[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_acts_alone_while_there_is_one_administrator(in_service, runner, name):
    make_user(Role.ADMINISTRATOR)
    disabled = make_user(Role.ADMINISTRATOR)
    unit_of_work(disable_user, disabled.public_id, actor=COMMAND_LINE)
    assert run(runner, name).exit_code == 0
    assert done() == {each: each == name for each in COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_acts_alone_in_a_demo(app, session, clock, runner, name):
    make_fund()
    for _number in range(2):
        make_user(Role.ADMINISTRATOR)
    assert run(runner, name).exit_code == 0
    assert done() == {each: each == name for each in COMMANDS}


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


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_did_alone_is_listed(in_service, runner, client, name):
    assert run(runner, name).exit_code == 0
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get("/proposals?lang=en").text
    words = {
        "fund": "WINTER", "limit": "5.00", "month": "2026-10-01", "account": "KTB-MAIN",
        "person": "approver",
    }  # fmt: skip
    alone = page.partition("Done by the command line alone")[2]
    assert name != "person" or "new@example.org" in alone
    assert words[name] in page.partition("Done by the command line alone")[2]
