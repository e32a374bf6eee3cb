"""Reading requests: what each viewer is given, and that every read is recorded."""

import pytest

from fundapp.children.operations import withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.models import Decision, PayoutMethod
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.trail.models import ChildRead
from tests.factories.actors import APPROVER, AUDITOR, OFFICER
from tests.factories.children import RAMAN, make_child
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_paid,
    make_request,
    pay,
    read,
)
from tests.factories.identity import make_user


def read_as(user, operation, request):
    return unit_of_work(operation, request.public_id, actor=user.as_actor())


def reads():
    """Who read which child for what, in order."""
    rows = db.session.query(ChildRead).order_by(ChildRead.id)
    return [(row.reader, row.child_ref, row.purpose) for row in rows]


def reads_later():
    """The same without what writing a request and verifying its bank details read."""
    return [row for row in reads() if row[2] not in ("request form", "account")]


def withdraw(team):
    consent = team.child.consents[0]
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())


@pytest.mark.sqlite
def test_what_is_read_depends_on_the_viewer(team):
    request = make_request(team)
    file = read(request, team)
    assert file.payee_name == "Aminah Invented"
    assert file.lines[0].name
    masked = read_as(team.auditor, operations.read_request, request)
    assert (masked.payee_name, masked.reason, masked.lines[0].name) == ("", "", "")
    assert masked.lines[0].code == team.child.code
    assert masked.account.masked() == "•••7890"
    assert "Aminah" not in repr(file)
    assert "1234567890" not in repr(file)


def test_every_child_of_a_request_is_recorded_once(team):
    request = make_request(team)
    for user in (team.approver, team.payer):
        read_as(user, operations.read_request, request)
    assert reads_later() == [
        (team.approver.public_id, team.child.public_id, "request"),
        (team.payer.public_id, team.child.public_id, "request"),
    ]


@pytest.mark.sqlite
def test_an_account_of_which_the_last_digits_are_shown_is_read_too(team):
    """An auditor is shown nothing else that is encrypted, so cash is no read."""
    cash = make_request(team, payout_method=PayoutMethod.CASH, account=None)
    read_as(team.auditor, operations.read_request, cash)
    assert reads_later() == []
    read_as(team.auditor, operations.read_request, make_request(team))
    assert reads_later() == [(team.auditor.public_id, team.child.public_id, "request")]


def test_approving_and_paying_read_what_is_decided_on(team):
    request = make_request(team)
    written = (team.asker.public_id, team.child.public_id, "request form")
    verified = (team.verifier.public_id, team.child.public_id, "account")
    assert reads() == [written, verified], "the guardian's name is compared with the payee's"
    decide(request, team)
    pay(request, team)
    assert reads_later() == [
        (team.approver.public_id, team.child.public_id, "decision"),
        (team.payer.public_id, team.child.public_id, "decision"),
    ]


@pytest.mark.sqlite
def test_the_form_of_a_returned_request_is_for_who_asked(team):
    request = decide(make_request(team), team, Decision.RETURN)
    for user in (team.approver, make_user("case_manager", (RAMAN,))):
        with pytest.raises(NotFoundError):
            read_as(user, operations.read_request_to_change, request)
    assert reads_later() == []


@pytest.mark.sqlite
def test_the_form_of_a_returned_request_is_empty_without_a_consent(team):
    request = decide(make_request(team), team, Decision.RETURN)
    withdraw(team)
    file = read_as(team.asker, operations.read_request_to_change, request)
    assert (file.payee_name, file.account, file.reason, file.lines[0].name) == ("", None, "", "")
    assert reads_later() == []


@pytest.mark.sqlite
def test_the_voucher_is_read_by_those_who_may_know_the_payee_once_money_is_owed(team):
    waiting, approved, paid = make_request(team), make_approved(team), make_paid(team)
    for user, request in ((team.payer, waiting), (team.auditor, waiting)):
        with pytest.raises(NotFoundError):
            read_as(user, operations.read_voucher, request)
    for request in (approved, paid):
        read_as(team.payer, operations.read_voucher, request)
    vouchers = [row for row in reads() if row[2] == "voucher"]
    assert vouchers == [(team.payer.public_id, team.child.public_id, "voucher")] * 2


@pytest.mark.sqlite
def test_only_children_that_are_offered_are_recorded(team):
    other = make_child(team.asker, school_name="Ban Other School")

    def offer(actor, *chosen, text=""):
        return unit_of_work(
            operations.read_children_to_offer,
            chosen,
            district_code=RAMAN,
            text=text,
            limit=1,
            actor=actor,
        )

    for actor in (APPROVER, OFFICER, AUDITOR):
        with pytest.raises(ForbiddenError):
            offer(actor)
    names = offer(team.asker.as_actor(), team.child.public_id, text="other school")
    assert [name.code for name in names] == [team.child.code, other.code]
    assert offer(team.asker.as_actor(), text="nothing") == []
    assert [child for _reader, child, _purpose in reads()] == [
        team.child.public_id,
        other.public_id,
    ]
