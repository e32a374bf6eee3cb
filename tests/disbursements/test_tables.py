"""Raw SQL against the tables: they refuse what the program would never write."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Decision, ReceiptOutcome
from fundapp.ids import new_id, new_public_id
from tests.factories.children import make_child
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    prove,
)
from tests.factories.identity import make_user

FOREIGN_KEY = r"(?i)foreign key"
FROZEN = "the facts of the request are frozen"


def execute(statement, **values):
    unit_of_work(db.session.execute, text(statement), values)


def insert(table, values):
    columns = ", ".join(values)
    parameters = ", ".join(f":{column}" for column in values)
    execute(f"INSERT INTO {table} ({columns}) VALUES ({parameters})", **values)


def refused(why):
    return pytest.raises(DBAPIError, match=why)


def approval_values(request, approver, **changes):
    return {
        "id": new_id(),
        "request_id": request.id,
        "requested_by_id": request.requested_by_id,
        "version": request.version,
        "facts_sha256": request.facts_sha256,
        "approver_id": approver.id,
        "decision": "approve",
        "decided_at": "2026-11-24T03:00:00Z",
        **changes,
    }


def payout_values(request, payer, **changes):
    """A payout that the tables accept: its entry is the approval's, which no other payout names."""
    approval = request.approvals[-1]
    return {
        "id": new_id(),
        "public_id": new_public_id(),
        "voucher": f"PV{new_id()}",
        "request_id": request.id,
        "requested_by_id": request.requested_by_id,
        "approval_id": approval.id,
        "approver_id": approval.approver_id,
        "decision": "approve",
        "payer_id": payer.id,
        "method": "transfer",
        "paid_from_account_code": "1121",
        "amount_satang": request.total_satang,
        "paid_on": "2026-11-24",
        "bank_reference": "",
        "journal_entry_id": request.approval_entry_id,
        "recorded_at": "2026-11-24T03:00:00Z",
        **changes,
    }


def test_the_values_below_are_accepted_unchanged(team):
    request = make_request(team)
    insert("approvals", approval_values(request, team.approver))
    approved = make_approved(team)
    insert("payouts", payout_values(approved, team.payer))


def test_the_asker_cannot_be_the_approver(team):
    request = make_request(team)
    with refused("two_people"):
        insert("approvals", approval_values(request, team.asker))


def test_the_asker_cannot_approve_with_a_forged_copy(team):
    request = make_request(team)
    forged = approval_values(request, team.asker, requested_by_id=team.auditor.id)
    with refused(FOREIGN_KEY):
        insert("approvals", forged)


def test_one_version_is_decided_once(team):
    request = decide(make_request(team), team, Decision.RETURN)
    with refused("(?i)unique"):
        insert("approvals", approval_values(request, make_user("approver"), version=1))


@pytest.mark.parametrize("reason", [{}, {"reason_code": "other"}, {"reason_digest": b"x" * 32}])
@pytest.mark.parametrize("decision", ["return", "reject"])
def test_a_refusal_without_a_reason(team, decision, reason):
    request = make_request(team)
    with refused("refusal_has_reason"):
        insert("approvals", approval_values(request, team.approver, decision=decision, **reason))


def test_an_unknown_decision(team):
    with refused("decision_known"):
        insert(
            "approvals",
            approval_values(
                make_request(team),
                team.approver,
                decision="maybe",
                reason_code="other",
                reason_digest=b"x" * 32,
            ),
        )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE approvals SET approver_id = requested_by_id",
        "UPDATE approvals SET decision = 'approve'",
        "UPDATE approvals SET reason_code = 'other'",
        "DELETE FROM approvals",
    ],
)
def test_approvals_stay_as_they_are(team, change):
    decide(make_request(team), team, Decision.REJECT)
    with refused("approvals is append-only"):
        execute(change)


@pytest.mark.parametrize(
    "change",
    ["UPDATE payouts SET bank_reference = 'other'", "UPDATE payouts SET paid_on = '2026-11-01'"],
)
def test_payouts_stay_as_they_are(team, change):
    make_paid(team)
    with refused("payouts is append-only"):
        execute(change)
    with refused("payouts is append-only"):
        execute("DELETE FROM payouts")


def test_the_asker_cannot_be_the_payer(team):
    with refused("three_people"):
        insert("payouts", payout_values(make_approved(team), team.asker))


def test_the_approver_cannot_be_the_payer(team):
    with refused("three_people"):
        insert("payouts", payout_values(make_approved(team), team.approver))


def test_the_asker_cannot_pay_with_a_forged_copy(team):
    request = make_approved(team)
    forged = payout_values(request, team.asker, requested_by_id=team.auditor.id)
    with refused(FOREIGN_KEY):
        insert("payouts", forged)


def test_the_approver_cannot_pay_with_a_forged_copy(team):
    request = make_approved(team)
    forged = payout_values(request, team.approver, approver_id=team.auditor.id)
    with refused("who approved does not pay"):
        insert("payouts", forged)


def test_nobody_pays_on_the_approval_of_another_request(team):
    request = make_approved(team)
    other = make_approved(team)
    forged = payout_values(
        request,
        team.payer,
        approval_id=other.approvals[0].id,
        journal_entry_id=other.approval_entry_id,
    )
    with refused(FOREIGN_KEY):
        insert("payouts", forged)


@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.REJECT])
def test_nobody_pays_on_a_refusal(team, decision):
    request = decide(make_request(team), team, decision)
    entry = make_approved(team).approval_entry_id
    with refused(FOREIGN_KEY):
        insert("payouts", payout_values(request, team.payer, journal_entry_id=entry))
    forged = payout_values(request, team.payer, journal_entry_id=entry, decision=str(decision))
    with refused("paid_on_approval"):
        insert("payouts", forged)


def test_nobody_pays_another_amount(team):
    request = make_approved(team)
    for satang in (1, request.total_satang + 1):
        with refused(FOREIGN_KEY):
            insert("payouts", payout_values(request, team.payer, amount_satang=satang))


def test_a_request_is_paid_once(team):
    request = make_paid(team)
    with refused("the request is paid|no row is replaced"):
        insert("payouts", payout_values(request, make_user("fund_officer")))


@pytest.mark.parametrize(
    "change",
    [
        "total_satang = 1",
        "fund_code = 'OTHER'",
        "need = 'food'",
        "payout_method = 'cash'",
        "payee_kind = 'school'",
        "district_code = '9501'",
        "facts_sha256 = reason_encrypted",
    ],
)
def test_the_facts_are_frozen_unless_the_request_is_returned(team, change):
    request = make_request(team)
    with refused(FROZEN):
        execute(f"UPDATE disbursement_requests SET {change}")
    decide(request, team)
    with refused(FROZEN):
        execute(f"UPDATE disbursement_requests SET {change}")


def test_the_asker_cannot_be_exchanged(team):
    make_approved(team)
    with refused(FROZEN):
        execute("UPDATE disbursement_requests SET requested_by_id = :other", other=team.payer.id)


def test_lines_are_frozen_unless_the_request_is_returned(team):
    request = make_request(team)
    for change in ("UPDATE request_lines SET amount_satang = 1", "DELETE FROM request_lines"):
        with refused(FROZEN):
            execute(change)
    decide(request, team, Decision.RETURN)
    execute("UPDATE request_lines SET amount_satang = 1")


@pytest.mark.parametrize("status", ["approved", "paid", "confirmed", "problem"])
def test_nothing_counts_as_approved_that_is_not_in_the_books(team, status):
    make_request(team)
    with refused("approved_is_booked"):
        execute("UPDATE disbursement_requests SET status = :status", status=status)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("status = 'new'", "status_known"),
        ("version = 0", "version_from_one"),
        ("approval_entry_id = 1", FOREIGN_KEY),
    ],
)
def test_other_rules_of_a_request(team, change, why):
    make_request(team)
    with refused(why):
        execute(f"UPDATE disbursement_requests SET {change}")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("total_satang = 0", "total_positive"),
        ("need = 'fun'", "need_known"),
        ("payee_kind = 'friend'", "payee_kind_known"),
        ("payout_method = 'gold'", "payout_method_known"),
        ("fund_code = 'NOTHING'", FOREIGN_KEY),
    ],
)
def test_rules_that_hold_while_it_is_returned_too(team, change, why):
    decide(make_request(team), team, Decision.RETURN)
    with refused(why):
        execute(f"UPDATE disbursement_requests SET {change}")


def test_a_line_has_an_amount_and_a_child_has_one_line(team):
    request = make_request(team)
    line = {"id": 1, "request_id": request.id, "child_id": team.child.id, "amount_satang": 5}
    with refused("(?i)unique"):
        insert("request_lines", line)
    other = make_child(team.asker)
    with refused("amount_positive"):
        insert("request_lines", {**line, "child_id": other.id, "amount_satang": 0})


def test_a_problem_needs_a_note(team):
    request = make_paid(team)
    filed = prove(request, team, ReceiptOutcome.PROBLEM)
    values = {
        "id": new_id(),
        "request_id": request.id,
        "outcome": "not_received",
        "confirmed_on": "2026-11-24",
        "confirmed_by_encrypted": filed.confirmed_by_encrypted,
        "filed_by_id": team.prover.id,
        "filed_at": "2026-11-24T03:00:00Z",
    }
    with refused("problem_is_told"):
        insert("proofs", values)
    told = {**values, "note_encrypted": filed.note_encrypted}
    with refused("outcome_known"):
        insert("proofs", {**told, "outcome": "lost"})
    with refused("a signed paper shows"):
        insert("proofs", {**told, "outcome": "received"})
    for taken in (team.asker, team.payer):
        with refused("who asked or paid files no proof"):
            insert("proofs", {**told, "filed_by_id": taken.id})
    with refused("nothing was paid yet"):
        insert("proofs", {**told, "request_id": make_approved(team).id})
    insert("proofs", told)
    for change in (
        "UPDATE proofs SET outcome = 'problem'",
        "UPDATE proofs SET filed_by_id = 1",
        "DELETE FROM proofs",
    ):
        with refused("stays as it was filed"):
            execute(change)
