"""A small world with one of everything: each form and each address has something to show."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table

from fundapp import clock
from fundapp.audit.checks import run_checks
from fundapp.banking.models import StatementLine
from fundapp.children.models import Child
from fundapp.db import Base, db
from fundapp.disbursements.models import DisbursementRequest
from fundapp.giving.models import Frequency, Payment, Pledge
from fundapp.identity.models import User
from fundapp.ledger.models import Restriction
from fundapp.trail.models import AuditEvent
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.books import make_fund, make_gift
from tests.factories.children import RAMAN, YAHA, make_child
from tests.factories.disbursements import (
    THOUSAND,
    Team,
    make_approved,
    make_paid,
    make_request,
)
from tests.factories.giving import make_payment, make_pledge
from tests.factories.identity import make_user
from tests.journeys.browsing import Browser

#: Rows that reading leaves, and that being here leaves.
_OF_READING = {"child_reads", "user_sessions"}


@dataclass
class World:
    """Who and what there is; `people` are signed in, by their part."""

    users: dict[str, User]
    people: dict[str, Browser]
    team: Team
    pledge: Pledge
    payment: Payment
    line: StatementLine
    child: Child
    waiting: DisbursementRequest
    approved: DisbursementRequest
    paid: DisbursementRequest


def make_world(browser) -> World:
    """Commit it, and let everybody sign in."""
    make_fund("GENERAL")
    make_bank_account()
    make_gift(50 * THOUSAND, on=clock.today())
    users = {
        "asker": make_user("case_manager", (RAMAN,)),
        "neighbour": make_user("case_manager", (YAHA,)),
        "prover": make_user("supervisor", (RAMAN,)),
        "approver": make_user("approver"),
        "officer": make_user("fund_officer"),
        "auditor": make_user("auditor"),
        "administrator": make_user("administrator"),
        "donor": make_user("donor"),
    }
    team = _team(users)
    pledge = make_pledge(amount_satang=3 * THOUSAND)
    once = make_pledge(frequency=Frequency.ONCE, instalment_count=1, amount_satang=50_000)
    people = {name: browser() for name in users}
    for name, person in people.items():
        person.sign_in(users[name].email)
    return World(
        users=users,
        people=people,
        team=team,
        pledge=pledge,
        payment=make_payment(70_000),
        line=import_moves(Move(50_000, once.instalments[0].reference))[0],
        child=team.child,
        waiting=make_request(team),
        approved=make_approved(team),
        paid=make_paid(team),
    )


def _team(users: dict[str, User]) -> Team:
    return Team(
        asker=users["asker"],
        approver=users["approver"],
        payer=users["officer"],
        auditor=users["auditor"],
        child=make_child(users["asker"]),
        fund="GENERAL",
        restriction=Restriction.UNRESTRICTED,
        prover=users["prover"],
        verifier=make_user("fund_officer"),
    )


def _changed(table: Table) -> Select[Any]:
    """Its rows; of the trail those that do not tell that somebody tried and was refused."""
    rows = table.select()
    if table is not AuditEvent.__table__:
        return rows
    return rows.where(AuditEvent.action != "identity:request:refuse")


def everything() -> dict[str, list[str]]:
    """Every row of every table but the marks that reading leaves: equal before and after means
    nothing was changed.
    """
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(_changed(table))))
        for table in Base.metadata.sorted_tables
        if table.name not in _OF_READING
    }


def red_checks() -> list[str]:
    """The checks that are not green."""
    return [result.check.name for result in run_checks() if not result.is_green]
