"""Every operation refuses an actor without its permission, whatever called it."""

import pytest

from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.models import Decision, DisbursementRequest, ReceiptOutcome
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.ledger import chart
from fundapp.trail.models import ChildRead
from tests.factories.actors import COMMAND_LINE, VISITOR, WORKER
from tests.factories.children import RAMAN
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    request_draft,
)
from tests.factories.identity import make_user

pytestmark = pytest.mark.sqlite

#: Each operation, the request it is called for, and its arguments besides that and the actor.
CALLS = {
    "decide_request": (make_request, {"decision": Decision.APPROVE, "reason": ""}),
    "cancel_request": (make_request, {"reason": "No longer needed"}),
    "record_payout": (make_approved, {"paid_from_account_code": chart.BANK_MAIN}),
    "file_proof_of_receipt": (
        make_paid,
        {"outcome": ReceiptOutcome.RECEIVED, "confirmed_by": "Aminah Invented"},
    ),
    "read_request": (make_request, None),
    "read_request_to_change": (make_request, None),
    "read_voucher": (make_approved, None),
}
DAYS = {"record_payout": "paid_on", "file_proof_of_receipt": "confirmed_on"}


def actors():
    """Nobody who has to do with requests, in the district of the team."""
    people = [make_user(role, (RAMAN,)).as_actor() for role in ("donor", "administrator")]
    return [*people, VISITOR, WORKER, COMMAND_LINE]


def refused(operation, *args, **values):
    for actor in actors():
        with pytest.raises((ForbiddenError, NotFoundError)):
            unit_of_work(operation, *args, actor=actor, **values)
    return True


@pytest.mark.parametrize("name", CALLS)
def test_others_do_nothing_with_a_request(team, name):
    make, values = CALLS[name]
    request = make(team)
    if values is not None:
        values = {**values, "version": request.version}
    if name in DAYS:
        values[DAYS[name]] = request.requested_at.date()
    before = request.status, request.version, db.session.query(ChildRead).count()
    assert refused(getattr(operations, name), request.public_id, **(values or {}))
    db.session.refresh(request)
    assert (request.status, request.version, db.session.query(ChildRead).count()) == before


def test_others_ask_for_nothing(team):
    assert refused(operations.submit_request, request_draft(team))
    assert refused(operations.read_children_to_offer, [], district_code=RAMAN, text="", limit=1)
    assert db.session.query(DisbursementRequest).count() == 0


def test_others_do_not_send_a_returned_request_again(team):
    request = decide(make_request(team), team, Decision.RETURN)
    draft = request_draft(team)
    assert refused(operations.resubmit_request, request.public_id, draft, version=request.version)


def test_others_read_no_signed_paper(team):
    request = make_paid(team)
    assert refused(operations.read_signed_paper, request.public_id, "nothing")
