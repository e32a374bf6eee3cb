"""Who may do what in giving: each operation asks before it changes anything."""

from datetime import date

import pytest
from sqlalchemy import func, select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.db import unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving import operations, policy
from fundapp.giving.models import Instalment, InstalmentState, PledgeStatus
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.operations import (
    ReceiptDraft,
    ReceiptNumber,
    issue_receipts,
    take_numbers,
    void_receipt,
)
from fundapp.trail.models import AuditEvent
from tests.factories import actors
from tests.factories.giving import incoming, make_donor, make_payment, make_pledge, terms

pytestmark = pytest.mark.sqlite

TODAY = date(2026, 11, 24)
NOBODY = Actor("nobody", frozenset())
EVERYBODY = {
    name: getattr(actors, name)
    for name in (
        "ADMINISTRATOR", "APPROVER", "AUDITOR", "COMMAND_LINE", "MANAGER", "OFFICER", "VISITOR",
        "WORKER",
    )
}  # fmt: skip
SIGNED_IN = {"ADMINISTRATOR", "APPROVER", "AUDITOR", "MANAGER", "OFFICER"}


@pytest.mark.parametrize(
    ("question", "allowed"),
    [
        (policy.may_make_pledge, {*SIGNED_IN, "VISITOR"}),
        (policy.may_change_pledge, {*SIGNED_IN, "VISITOR"}),
        (policy.may_extend_schedule, {"WORKER"}),
        (policy.may_record_payment, {"OFFICER"}),
        (policy.may_issue_receipt, {"OFFICER", "COMMAND_LINE"}),
        (policy.may_register_donor, {*SIGNED_IN, "VISITOR", "COMMAND_LINE"}),
        (policy.may_connect_donor, {"OFFICER"}),
        (policy.may_import_donors, {"OFFICER", "COMMAND_LINE"}),
        (policy.may_tidy_donors, {"OFFICER", "COMMAND_LINE", "WORKER"}),
        (policy.may_confirm_pledge, SIGNED_IN),
    ],
)
def test_who_may(question, allowed):
    assert {name for name, actor in EVERYBODY.items() if question(actor)} == allowed


@pytest.mark.parametrize("permission", [Permission.PAYMENT_RECORD, Permission.STATEMENT_MATCH])
def test_payments_are_recorded_by_hand_or_from_a_statement(permission):
    assert policy.may_record_payment(Actor("a", frozenset({permission})))


def test_without_the_permission_every_operation_is_refused(funds):
    pledge = make_pledge(instalment_count=None)
    payment = make_payment(500, pledge.instalments[0])
    receipt, donor = find_receipt_of(payment.id), make_donor()
    number, fund = ReceiptNumber(2570, 2, TODAY), pledge.fund
    attempts = [
        lambda: operations.make_pledge(terms(), actor=NOBODY),
        lambda: operations.change_pledge(
            pledge.token, amount_satang=5, starts_on=TODAY, actor=NOBODY
        ),
        lambda: operations.pause_pledge(pledge.token, actor=NOBODY),
        lambda: operations.resume_pledge(pledge.token, actor=NOBODY),
        lambda: operations.cancel_pledge(pledge.token, actor=NOBODY),
        lambda: operations.extend_schedule(pledge.token, actor=actors.OFFICER),
        lambda: operations.receive_payment(incoming(5, fund_code="GENERAL"), actor=actors.VISITOR),
        lambda: operations.reverse_payment(payment.public_id, reason="x", actor=actors.AUDITOR),
        lambda: operations.register_donor("A name", actor=NOBODY),
        lambda: operations.connect_donor(
            donor.public_id, email="a@example.org", actor=actors.ADMINISTRATOR
        ),
        lambda: operations.confirm_pledge("code", actor=actors.VISITOR),
        lambda: take_numbers(TODAY, 1, actor=actors.VISITOR),
        lambda: issue_receipts(
            [ReceiptDraft(payment, fund, "A name", number)], actor=actors.VISITOR
        ),
        lambda: void_receipt(receipt, reason="x", actor=actors.VISITOR),
    ]
    events = select(func.count()).select_from(AuditEvent)
    before = funds.scalar(events)
    for attempt in attempts:
        with pytest.raises(ForbiddenError):
            unit_of_work(attempt)
    assert funds.scalar(events) == before


@pytest.mark.parametrize(
    ("due_on", "paid", "status", "state"),
    [
        (date(2026, 11, 23), 0, PledgeStatus.ACTIVE, InstalmentState.OVERDUE),
        (date(2026, 11, 23), 4, PledgeStatus.ACTIVE, InstalmentState.OVERDUE),
        (date(2026, 11, 24), 0, PledgeStatus.ACTIVE, InstalmentState.DUE),
        (date(2026, 11, 24), 4, PledgeStatus.ACTIVE, InstalmentState.PART_PAID),
        (date(2026, 11, 25), 0, PledgeStatus.ACTIVE, InstalmentState.UPCOMING),
        (date(2026, 11, 23), 0, PledgeStatus.PAUSED, InstalmentState.ON_HOLD),
        (date(2026, 11, 23), 4, PledgeStatus.CANCELLED, InstalmentState.STOPPED),
        (date(2026, 11, 23), 5, PledgeStatus.ACTIVE, InstalmentState.PAID),
        (date(2026, 11, 23), 5, PledgeStatus.CANCELLED, InstalmentState.PAID),
    ],
)
def test_the_state_of_an_instalment(due_on, paid, status, state):
    instalment = Instalment(due_on=due_on, amount_satang=5, paid_satang=paid)
    assert policy.instalment_state(instalment, status, TODAY) is state


@pytest.mark.parametrize(
    ("received_on", "status", "is_late"),
    [
        (date(2026, 11, 23), PledgeStatus.ACTIVE, False),
        (date(2026, 11, 24), PledgeStatus.COMPLETED, False),
        (date(2026, 11, 25), PledgeStatus.ACTIVE, True),
        (date(2026, 11, 23), PledgeStatus.CANCELLED, True),
    ],
)
def test_a_late_payment(received_on, status, is_late):
    instalment = Instalment(due_on=TODAY, amount_satang=5, paid_satang=0)
    assert policy.is_late_payment(instalment, status, received_on) is is_late
