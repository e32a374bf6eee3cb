"""Asking for help, and asking again."""

import pytest

from fundapp.children.operations import withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import LineDraft, PayeeAccount
from fundapp.disbursements.errors import (
    ChildTwiceError,
    NoConsentError,
    NoLinesError,
    NotYoursError,
    OneDistrictError,
    PayeeAccountError,
    ThreePeopleError,
    UnknownFundError,
    WrongStateError,
)
from fundapp.disbursements.models import (
    Decision,
    DisbursementRequest,
    PayoutMethod,
    RequestStatus,
)
from fundapp.errors import NotFoundError, StaleError, UnreadableNameError
from fundapp.ledger.queries import fund_available
from fundapp.trail.queries import list_events
from tests.factories.children import MUEANG, RAMAN, YAHA, make_child
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_request,
    read,
    request_draft,
)
from tests.factories.identity import make_user


def submit(team, actor=None, **overrides):
    draft = request_draft(team, **overrides)
    return unit_of_work(operations.submit_request, draft, actor=(actor or team.asker).as_actor())


def test_a_request_is_numbered_dated_and_in_the_trail(team):
    request = submit(team)
    assert request.number.startswith("RQ")
    assert len(request.number) == 15
    assert request.status is RequestStatus.SUBMITTED
    assert request.version == 1
    assert request.district_code == RAMAN
    events = list_events("disbursement_request", request.public_id)
    assert [(event.action, event.actor) for event in events] == [
        ("disbursements:request:submit", team.asker.public_id)
    ]


@pytest.mark.sqlite
def test_asking_books_nothing(team):
    submit(team, satang=99 * THOUSAND)
    assert fund_available(team.fund) == 10 * THOUSAND


def test_the_total_is_the_sum_of_the_lines(team):
    other = make_child(team.asker)
    lines = [LineDraft(team.child.public_id, 100), LineDraft(other.public_id, 250)]
    assert submit(team, lines=lines).total_satang == 350


def test_what_names_a_person_is_encrypted_for_its_row(team):
    request = submit(team)
    for column in ("reason_encrypted", "payee_name_encrypted", "payee_account_encrypted"):
        encrypted = getattr(request, column)
        assert b"Aminah" not in encrypted
        assert b"1234567890" not in encrypted
    file = read(request, team)
    assert file.payee_name == "Aminah Invented"
    assert file.reason == "Shoes and books for the new term"
    assert file.account == PayeeAccount("006", "1234567890")


@pytest.mark.sqlite
def test_children_of_other_districts_do_not_exist(team):
    stranger = make_child(district_code=YAHA)
    with pytest.raises(NotFoundError):
        submit(team, lines=[LineDraft(stranger.public_id, 100)])


@pytest.mark.sqlite
def test_an_unknown_child_does_not_exist(team):
    with pytest.raises(NotFoundError):
        submit(team, lines=[LineDraft("nobody", 100)])


@pytest.mark.sqlite
def test_approvers_see_every_child_but_ask_for_none(team):
    with pytest.raises(NotYoursError):
        submit(team, actor=team.approver)


@pytest.mark.sqlite
def test_children_of_two_districts_need_two_requests(team):
    both = make_user("case_manager", (RAMAN, MUEANG))
    other = make_child(both, district_code=MUEANG)
    lines = [LineDraft(team.child.public_id, 100), LineDraft(other.public_id, 100)]
    with pytest.raises(OneDistrictError):
        submit(team, actor=both, lines=lines)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"lines": []}, NoLinesError),
        ({"fund_code": "NOTHING"}, UnknownFundError),
        ({"account": None}, PayeeAccountError),
        ({"payout_method": PayoutMethod.CASH}, PayeeAccountError),
        ({"payee_name": "\u3164"}, UnreadableNameError),
    ],
)
def test_what_the_rules_refuse_is_not_stored(team, change, error):
    with pytest.raises(error):
        submit(team, **change)
    assert db.session.query(DisbursementRequest).count() == 0


def test_a_child_has_one_line_in_a_request(team):
    line = LineDraft(team.child.public_id, 100)
    with pytest.raises(ChildTwiceError):
        submit(team, lines=[line, line])


def withdraw(team):
    consent = team.child.consents[0]
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())


@pytest.mark.sqlite
def test_without_a_consent_no_help_is_asked_for(team):
    withdraw(team)
    with pytest.raises(NoConsentError):
        submit(team)


@pytest.mark.sqlite
def test_a_consent_withdrawn_later_stops_the_approval(team):
    request = submit(team)
    withdraw(team)
    with pytest.raises(NoConsentError):
        decide(request, team)
    assert fund_available(team.fund) == 10 * THOUSAND


def returned(team):
    return decide(make_request(team), team, Decision.RETURN)


def resubmit(request, team, actor=None, version=None, **overrides):
    return unit_of_work(
        operations.resubmit_request,
        request.public_id,
        request_draft(team, **overrides),
        version=version or request.version,
        actor=(actor or team.asker).as_actor(),
    )


def test_a_returned_request_is_changed_and_sent_again(team):
    request = returned(team)
    before = request.facts_sha256
    resubmit(request, team, satang=700_00, payee_name="Fatimah Invented")
    assert request.status is RequestStatus.SUBMITTED
    assert request.version == 3
    assert request.total_satang == 700_00
    assert [line.amount_satang for line in request.lines] == [700_00]
    assert request.facts_sha256 != before
    assert request.approvals[0].facts_sha256 == before


@pytest.mark.sqlite
def test_it_needs_a_new_decision(team):
    request = returned(team)
    resubmit(request, team)
    with pytest.raises(StaleError):
        decide(request, team, version=1)
    decide(request, team)
    assert [approval.version for approval in request.approvals] == [1, 3]


@pytest.mark.sqlite
def test_only_who_asked_sends_it_again(team):
    request = returned(team)
    colleague = make_user("case_manager", (RAMAN,))
    with pytest.raises(NotYoursError):
        resubmit(request, team, actor=colleague)
    with pytest.raises(ThreePeopleError):
        resubmit(request, team, actor=team.approver)


@pytest.mark.sqlite
def test_only_a_returned_request_is_changed(team):
    with pytest.raises(WrongStateError):
        resubmit(make_request(team), team)
    with pytest.raises(WrongStateError):
        resubmit(make_approved(team), team)


def test_a_stale_change_is_refused(team):
    request = returned(team)
    with pytest.raises(StaleError):
        resubmit(request, team, version=1)
