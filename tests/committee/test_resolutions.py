"""From which amount on a request needs a resolution, what then cites it, and interests that an
approver declares on the page of a request.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.audit.checks.committee import CHECKS
from fundapp.committee.errors import (
    CommitteeRefusedError,
    NeedsResolutionError,
    RecusedError,
    RuleDayError,
    RuleKnownError,
)
from fundapp.committee.kinds import RULE, rule_values
from fundapp.committee.models import Ballot, CommitteeRule, ResolutionCitation
from fundapp.db import db, unit_of_work
from fundapp.disbursements.errors import InterestDeclaredError, WrongStateError
from fundapp.disbursements.models import Decision, DisbursementRequest, Interest
from fundapp.disbursements.operations import declare_interest_in_request, resubmit_request
from fundapp.errors import ForbiddenError
from fundapp.proposals.operations import make_proposal
from tests.audit.tampering import tamper, tampered
from tests.factories.committee import count, make_meeting, make_order, make_rule, open_with, vote
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_request,
    make_team,
    pay,
    request_draft,
)
from tests.factories.identity import make_user, sign_in

FOR, AGAINST = Ballot.FOR, Ballot.AGAINST


@pytest.fixture
def needed(build_once, clock):
    """From 2,000 baht on, a request needs a resolution; one of 2,000 and one of 1,999.99 wait."""

    def make():
        team = make_team()
        members = [team.approver, *(make_user(Role.APPROVER) for _ in range(2))]
        make_order(members)
        make_rule(2 * THOUSAND)
        return team, members, make_request(team, 2 * THOUSAND), make_request(team, 199_999)

    made = build_once("committee/needed", make)
    clock.shift(timedelta(days=1))
    return made


def _refused(statement: str, words: str) -> None:
    with pytest.raises(DBAPIError, match=words):
        unit_of_work(db.session.execute, text(statement))


def _resolve(request, needed, ballot=FOR):
    """The resolution on the request, all members of one mind."""
    team, members, *_requests = needed
    meeting = open_with(make_meeting(team.payer, request), team.payer, *members)
    vote(meeting, 1, *((each, ballot) for each in members))
    return count(meeting, 1, team.payer)


def _found():
    """What each check of the committee that is not green says, by its name."""
    found = {each.name: [one.sentence for one in each.find()] for each in CHECKS}
    return {name: said for name, said in found.items() if said}


def test_from_its_amount_a_request_needs_a_resolution(client, needed):
    team, _members, large, small = needed
    client.set_cookie("lang", "en")
    sign_in(client, team.approver)
    page = f"/disbursements/{large.public_id}"
    assert "From 2,000.00 baht on a request is approved with a resolution" in client.get(page).text
    sent = {"version": large.version, "reason": ""}
    refused = client.post(f"{page}/approve", data=sent)
    assert "needs a resolution of the committee" in refused.text
    approve = (
        "INSERT INTO approvals (id, request_id, requested_by_id, version, facts_sha256,"
        f" approver_id, decision, decided_at) SELECT 1, id, requested_by_id, version, {{facts}},"
        f" {team.approver.id}, 'approve', {{at}} FROM disbursement_requests"
        f" WHERE id = {large.id}"
    )
    at = "(SELECT max(at) FROM audit_events)"
    words = "needs a resolution of the committee on its facts"
    _refused(approve.format(facts="facts_sha256", at=at), words)
    # One baht less needs none, and its payment cites none.
    assert (
        "with a resolution of the committee only"
        not in client.get(f"/disbursements/{small.public_id}").text
    )
    pay(decide(small, team), team)
    assert db.session.scalars(select(ResolutionCitation)).all() == []
    assert _resolve(large, needed).label == "1/2570"
    # The resolution is on these facts, and on no others.
    other = "(SELECT min(facts_sha256) FROM approvals)"
    # Nor are the bank details verified for these: one of the two triggers answers first.
    _refused(approve.format(facts=other, at=at), f"{words}|verifies the bank details")
    assert client.post(f"{page}/approve", data=sent).status_code == 303
    approved = db.session.get_one(DisbursementRequest, large.id, populate_existing=True)
    [citation] = db.session.scalars(select(ResolutionCitation))
    assert citation.approval_id == approved.approvals[-1].id
    assert "Resolution 1/2570" in client.get(page).text
    sign_in(client, team.payer)
    assert "1/2570" in client.get(f"{page}/voucher").text
    pay(approved, team)
    assert _found() == {}
    for statement in (
        "DELETE FROM resolution_citations",
        "UPDATE resolution_citations SET item_id = item_id",
        "DELETE FROM committee_rules",
        "UPDATE committee_rules SET from_satang = 1",
    ):
        _refused(statement, "append-only")
    other_id = small.id
    with tampered("DELETE FROM resolution_citations"):
        said = _found()["committee.required"]
    assert said == ["was paid without a resolution of the committee"]
    # An approval that cites another request's resolution, and a payment that cites none.
    _refused(
        "INSERT INTO resolution_citations SELECT a.id, c.item_id FROM approvals a"
        f" CROSS JOIN resolution_citations c WHERE a.request_id = {other_id}",
        "a resolution that approves its facts",
    )


def test_a_payment_that_cites_no_resolution_is_refused(needed):
    team, _members, large, _small = needed
    _resolve(large, needed)
    approved_id = decide(large, team).id
    tamper("resolution_citations", "DELETE FROM resolution_citations")
    db.session.add(team.payer)
    with pytest.raises(DBAPIError, match="a payment of this amount cites a resolution"):
        pay(db.session.get_one(DisbursementRequest, approved_id), team)
    db.session.rollback()
    assert _found()["committee.required"] == ["was approved without a resolution of the committee"]


def test_what_was_refused_or_changed_needs_another_resolution(needed):
    team, _members, large, small = needed
    assert str(_resolve(small, needed, AGAINST).outcome) == "reject"
    with pytest.raises(CommitteeRefusedError):
        decide(small, team)
    _refused(
        "INSERT INTO approvals (id, request_id, requested_by_id, version, facts_sha256,"
        " approver_id, decision, decided_at) SELECT 1, id, requested_by_id, version, facts_sha256,"
        f" {team.approver.id}, 'approve', requested_at FROM disbursement_requests"
        f" WHERE id = {small.id}",
        "what the committee refused is not approved",
    )
    _resolve(large, needed)
    returned = decide(large, team, Decision.RETURN)
    again = unit_of_work(
        resubmit_request,
        returned.public_id,
        request_draft(team, 3 * THOUSAND),
        version=returned.version,
        actor=team.asker.as_actor(),
    )
    with pytest.raises(NeedsResolutionError):
        decide(again, team)
    assert str(_resolve(again, needed).outcome) == "approve"
    pay(decide(again, team), team)
    assert _found() == {}


@pytest.mark.sqlite
def test_a_rule_is_decided_by_two_administrators_for_days_to_come(client, needed):
    client.set_cookie("lang", "en")
    one, two = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    sign_in(client, one)
    page = "/committee/rules/new"
    today = app_clock.today()
    tomorrow = today + timedelta(days=1)
    data = {"from_satang": "50,000", "starts_on": f"{tomorrow:%d/%m/%Y}"}
    for changes, words in (
        ({"from_satang": ""}, "Enter an amount in baht"),
        ({"from_satang": "-1"}, "from_satang"),
        ({"starts_on": ""}, "Write the first day"),
        ({"starts_on": f"{today:%d/%m/%Y}"}, "Another rule|day to come"),
    ):
        wrong = client.post(page, data={**data, **changes})
        assert wrong.status_code == 422, changes
        assert any(word in wrong.text for word in words.split("|")), changes
    proposal = client.post(page, data=data)
    assert proposal.status_code == 303, proposal.text
    assert client.post(proposal.location + "/confirm").status_code == 422
    sign_in(client, make_user(Role.FUND_OFFICER))
    assert client.get(page).status_code == 403
    sign_in(client, two)
    assert "50,000.00" in client.get(proposal.location).text
    assert client.post(proposal.location + "/confirm").status_code == 303
    shown = client.get("/committee").text
    assert "From 2,000.00 baht on" in shown
    assert "50,000.00 baht" in shown
    for day, error in ((tomorrow, RuleKnownError), (today, RuleDayError)):
        with pytest.raises(error):
            unit_of_work(
                make_proposal, RULE, day.isoformat(), dict(rule_values(1)), actor=one.as_actor()
            )
    newest = db.session.scalars(select(CommitteeRule).order_by(CommitteeRule.starts_on.desc()))
    assert newest.first().from_satang == 5_000_000
    _refused(
        "INSERT INTO committee_rules SELECT '2026-01-01', 1, confirmed_by_id, p.id, r.recorded_at"
        " FROM committee_rules r CROSS JOIN proposals p WHERE p.id NOT IN"
        " (SELECT proposal_id FROM committee_rules)",
        "after the day on which it is recorded",
    )


def test_an_approver_with_an_interest_does_not_decide(client, needed):
    team, members, large, small = needed
    client.set_cookie("lang", "en")
    sign_in(client, team.approver)
    page = f"/disbursements/{small.public_id}"
    sent = {"interest-version": small.version}
    assert "Choose what your interest is" in client.post(f"{page}/declare", data=sent).text
    sent["interest-interest"] = "relative"
    assert client.post(f"{page}/declare", data=sent).status_code == 303
    assert client.post(f"{page}/declare", data=sent).status_code == 303  # twice is once
    shown = client.get(page).text
    assert "Interest declared; does not decide" in shown
    assert "A relative or friend is concerned" in shown
    assert f"{page}/approve" not in shown
    refused = client.post(f"{page}/approve", data={"version": small.version, "reason": ""})
    assert "You declared an interest in this request" in refused.text
    for decision in Decision:
        with pytest.raises(InterestDeclaredError):
            decide(small, team, decision)
    _refused(
        "INSERT INTO approvals (id, request_id, requested_by_id, version, facts_sha256,"
        " approver_id, decision, decided_at) SELECT 1, id, requested_by_id, version, facts_sha256,"
        f" {team.approver.id}, 'approve', requested_at FROM disbursement_requests"
        f" WHERE id = {small.id}",
        "who declared an interest in a request does not decide",
    )
    for statement in (
        "DELETE FROM request_interests",
        "UPDATE request_interests SET interest = 'work'",
    ):
        _refused(statement, "append-only")
    # Nor does the member vote on it in the committee.
    meeting = open_with(make_meeting(team.payer, large, small), team.payer, *members)
    with pytest.raises(RecusedError):
        vote(meeting, 2, (team.approver, FOR))
    vote(meeting, 2, *((each, FOR) for each in members[1:]))
    assert count(meeting, 2, team.payer).for_count == 2
    room = f"/committee/meetings/{meeting.public_id}"
    assert "Declared an interest: 1" in client.get(room).text
    item = client.get(f"{room}/items/{meeting.items[1].public_id}").text
    assert f"{team.approver.display_name}: no vote (A relative or friend is concerned)" in item
    # Who declares it in the committee does not approve the request afterwards.
    sign_in(client, members[1])
    address = f"/committee/meetings/{meeting.public_id}/items/{meeting.items[0].public_id}"
    assert client.post(f"{address}/declare", data={"interest": "work"}).status_code == 303
    with pytest.raises(InterestDeclaredError):
        decide(large, team, Decision.REJECT, actor=members[1].as_actor())
    decided = decide(small, team, actor=members[2].as_actor())
    for person, request, error in (
        (team.asker, large, ForbiddenError),
        (members[2], decided, WrongStateError),
    ):
        with pytest.raises(error):
            unit_of_work(
                declare_interest_in_request,
                request.public_id,
                Interest.OTHER,
                version=request.version,
                actor=person.as_actor(),
            )
    assert _found() == {}
    with tampered(
        "UPDATE request_interests SET user_id = (SELECT approver_id FROM approvals),"
        " declared_at = (SELECT min(requested_at) FROM disbursement_requests)"
        f" WHERE request_id = {small.id}"
    ):
        assert "committee.interests" in _found()
