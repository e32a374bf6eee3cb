"""Eight things that somebody with the whole database would change, and the check that sees each.

Triggers and CHECKs are switched off for it; the change is as careful as one statement can be.
"""

from datetime import date

import pytest
from sqlalchemy import select

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.children import operations
from fundapp.children.encryption import encrypt
from fundapp.db import db, is_postgresql, unit_of_work
from fundapp.disbursements.models import DisbursementRequest
from tests.audit.tampering import tamper
from tests.factories.books import close_month
from tests.factories.disbursements import make_approved, make_paid, make_team, prove
from tests.factories.identity import make_user

#: It has the form of what is encrypted.
PLAIN = b"k1\x00" + b"Nuri, in plain text that is long enough"

TAMPERINGS = {
    "a forged approval": (
        "disbursements.roles",
        "approvals",
        "UPDATE approvals SET approver_id = (SELECT max(user_id) FROM user_roles"
        " WHERE role = 'donor')",
    ),
    "a role row": (
        "identity.granted",
        "user_roles",
        "UPDATE user_roles SET role = 'approver' WHERE role = 'donor'",
    ),
    "a swapped payee": (
        "children.encrypted",
        "disbursement_requests",
        "UPDATE disbursement_requests SET payee_name_encrypted = (SELECT r.payee_name_encrypted"
        " FROM disbursement_requests r WHERE r.id <> disbursement_requests.id LIMIT 1)"
        " WHERE status = 'approved'",
    ),
    "plain text in an encrypted column": (
        "children.encrypted",
        "children",
        "UPDATE children SET given_name_encrypted = {plain}",
    ),
    "a withdrawal undone": (
        "children.consent",
        "consents",
        "UPDATE consents SET withdrawn_on = NULL",
    ),
    "a deleted proof": ("disbursements.proofs", "proofs", "DELETE FROM proofs"),
    "a balance": (
        "ledger.fund-balances",
        "fund_balances",
        "UPDATE fund_balances SET available_satang = available_satang + 100000",
    ),
    "a month": (
        "ledger.closed-months",
        "periods",
        "UPDATE periods SET status = 'open', closed_at = NULL, closed_by = NULL",
    ),
}


def make_history():
    """Help asked for, approved, paid, proved; a consent withdrawn; somebody with one role."""
    team = make_team()
    prove(make_paid(team), team)
    make_approved(team)
    make_user(Role.DONOR)
    close_month(date(2026, 10, 5))
    consent = team.child.consents[0]
    unit_of_work(
        operations.withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor()
    )


@pytest.fixture
def history(build_once, clock):
    """That, built once."""
    return build_once("audit/tamperings", make_history)


def red():
    """The checks that are red."""
    return {r.check.name for r in run_checks() if not r.is_green and not r.check.is_warning}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_is_seen(history, name):
    before = red()
    check, table, statement = TAMPERINGS[name]
    tamper(table, statement.format(plain=_literal(PLAIN)))
    assert before == set()
    assert check in red()


def test_a_payee_who_was_encrypted_by_the_rules_is_seen_too(history):
    """By somebody who has the field keys as well."""
    request = db.session.scalars(
        select(DisbursementRequest).where(DisbursementRequest.status == "approved")
    ).one()
    other = encrypt(DisbursementRequest, "payee_name_encrypted", request.id, "Somebody else")
    change = f"UPDATE disbursement_requests SET payee_name_encrypted = {_literal(other)}"
    tamper("disbursement_requests", f"{change} WHERE id = {request.id}")
    assert red() == {"disbursements.facts", "disbursements.payees"}


def _literal(value):
    return f"'\\x{value.hex()}'" if is_postgresql() else f"X'{value.hex()}'"
