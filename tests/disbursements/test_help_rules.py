"""Bands of approval and caps: rows that two administrators decide, asked in Python and held to by
the database, with what one month or one fiscal year adds up to.
"""

from datetime import timedelta

import pytest

from fundapp.audit.checks import run_checks
from fundapp.clock import today
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import HelpRulesDraft, LineDraft
from fundapp.disbursements.errors import (
    BandsError,
    CapsError,
    OverChildCapError,
    OverHouseholdCapError,
    RulesDayError,
)
from fundapp.disbursements.models import Decision, HelpRules, PayeeKind, RequestStatus
from fundapp.disbursements.steps import check_help_rules
from fundapp.errors import ForbiddenError
from fundapp.ledger.queries import fund_available
from fundapp.proposals.operations import make_proposal
from tests.audit.tampering import tamper
from tests.disbursements.test_tables import approval_values, execute, insert, refused
from tests.disbursements.views.pages import url
from tests.factories.children import every_consent, make_child
from tests.factories.disbursements import THOUSAND, decide, make_request, pay, request_draft
from tests.factories.help_rules import make_help_rules
from tests.factories.identity import make_user, sign_in

TWO, THREE = (2 * THOUSAND, 2), (5 * THOUSAND, 3)


def approve(request):
    """Approve it as a new approver."""
    approver = make_user("approver")
    values = {"decision": Decision.APPROVE, "reason": "", "version": request.version}
    actor = approver.as_actor()
    unit_of_work(operations.decide_request, request.public_id, **values, actor=actor)
    return approver


def force(request):
    """Set the state by raw SQL, as if one approval were enough."""
    execute(
        "UPDATE disbursement_requests SET status = 'approved', approval_entry_id = "
        "(SELECT max(id) FROM journal_entries) WHERE id = :id",
        id=request.id,
    )


def broken():
    """The names of the checks that fail."""
    db.session.rollback()
    return {result.check.name for result in run_checks() if result.violations}


def make_stranger(team):
    """A child of another guardian."""
    return make_child(team.asker, consents=every_consent())


def make_sibling(team):
    """Another child of the guardian."""
    sibling = make_stranger(team)
    execute(
        "UPDATE children SET guardian_id = :guardian WHERE id = :id",
        guardian=team.child.guardian_id, id=sibling.id,
    )  # fmt: skip
    db.session.expire_all()
    return sibling


def test_as_many_approve_as_the_band_asks_and_nobody_twice(team):
    make_help_rules(TWO, THREE)
    small = make_request(team, THOUSAND, payee_kind=PayeeKind.SCHOOL, payee_name="")
    approve(small)
    assert small.status is RequestStatus.APPROVED
    large = make_request(team, 5 * THOUSAND)
    first = approve(large)
    approve(large)
    assert large.status is RequestStatus.SUBMITTED
    assert fund_available(team.fund) == 9 * THOUSAND
    with pytest.raises(ForbiddenError):
        decide(large, team, actor=first.as_actor())
    with refused("more people approve this amount"):
        force(large)
    last = approve(large)
    assert large.status is RequestStatus.APPROVED
    with pytest.raises(ForbiddenError):
        pay(large, team, actor=last.as_actor())
    pay(large, team)
    assert large.status is RequestStatus.PAID


@pytest.mark.one_case
@pytest.mark.parametrize("by", ["child", "household", "payee"])
def test_splitting_below_a_band_does_not_help(team, by):
    make_help_rules(TWO)
    first = make_request(team, THOUSAND)
    approve(first)
    assert first.status is RequestStatus.APPROVED
    overrides = {}
    if by == "child":
        overrides = {"payee_kind": PayeeKind.SCHOOL, "payee_name": ""}
    else:
        is_sibling = by == "household"
        other = make_sibling(team) if is_sibling else make_stranger(team)
        overrides = {"lines": [LineDraft(other.public_id, THOUSAND)]}
        if is_sibling:
            overrides |= {"payee_kind": PayeeKind.SCHOOL, "payee_name": ""}
    second = make_request(team, THOUSAND, **overrides)
    approve(second)
    assert second.status is RequestStatus.SUBMITTED
    with refused("more people approve this amount"):
        force(second)
    approve(second)
    assert second.status is RequestStatus.APPROVED


@pytest.mark.sqlite
def test_another_month_and_what_was_rejected_do_not_add_up(team, clock):
    make_help_rules(TWO)
    rejected = make_request(team, THOUSAND)
    decide(rejected, team, Decision.REJECT)
    approve(make_request(team, THOUSAND))
    clock.shift(timedelta(days=32))
    later = make_request(team, THOUSAND)
    approve(later)
    assert later.status is RequestStatus.APPROVED


def test_a_payee_of_no_file_has_two_and_a_large_amount_more(team):
    make_help_rules((THOUSAND, 3))
    other = {"payee_kind": PayeeKind.OTHER, "payee_name": "Hasan", "payee_reason": "The uncle"}
    request = make_request(team, THOUSAND, **other)
    approve(request)
    approve(request)
    assert request.status is RequestStatus.SUBMITTED
    small = make_request(team, 100_00, **{**other, "payee_name": "Yusuf"}, lines=[
        LineDraft(make_stranger(team).public_id, 100_00)
    ])  # fmt: skip
    approve(small)
    assert small.status is RequestStatus.SUBMITTED
    approve(small)
    assert small.status is RequestStatus.APPROVED


def test_caps_are_asked_when_help_is_asked_for_and_again_at_approval(team, english):
    early = make_request(team, 2 * THOUSAND)
    again = make_request(team, 2 * THOUSAND)
    make_help_rules(child=3 * THOUSAND, household=3 * THOUSAND)
    with pytest.raises(OverChildCapError) as over:
        make_request(team, THOUSAND)
    assert (over.value.params["left"], over.value.field) == ("0.00", "lines")
    sign_in(english, team.approver)
    page = english.get(url(early)).text
    for said in ("The cap of the fiscal year is nearly reached", team.child.code, "3,000.00"):
        assert said in page
    with pytest.raises(OverChildCapError):
        decide(early, team)
    insert("approvals", approval_values(early, team.approver))
    with refused("the cap of a child is passed"):
        force(early)
    decide(again, team, Decision.RETURN)
    with pytest.raises(OverChildCapError) as over:
        unit_of_work(
            operations.resubmit_request, again.public_id, request_draft(team, 2 * THOUSAND),
            version=again.version, actor=team.asker.as_actor(),
        )  # fmt: skip
    assert over.value.params["left"] == "1,000.00"
    make_request(team, THOUSAND)


def test_a_household_has_a_cap_of_its_own_and_a_year_ends_it(team, clock):
    sibling = make_sibling(team)
    lines = [LineDraft(sibling.public_id, 2 * THOUSAND)]
    early = make_request(team, lines=lines)
    make_request(team, 2 * THOUSAND)
    make_help_rules(household=3 * THOUSAND)
    with pytest.raises(OverHouseholdCapError):
        make_request(team, lines=lines)
    insert("approvals", approval_values(early, team.approver))
    with refused("the cap of a household is passed"):
        force(early)
    clock.shift(timedelta(days=330))
    later = make_request(team, 2 * THOUSAND)
    approve(later)
    assert later.status is RequestStatus.APPROVED


@pytest.mark.sqlite
def test_rules_are_proposed_and_confirmed_by_two_administrators_on_the_page(team, english):
    one, other = make_user("administrator"), make_user("administrator")
    sign_in(english, one)
    form = {"starts_on": today().isoformat(), "from_1": "2,000", "approvers_1": "2"}
    half = english.post("/disbursements/rules/new", data={**form, "approvers_1": ""})
    assert half.status_code == 422
    assert "2,000" in half.text
    sent = english.post("/disbursements/rules/new", data={**form, "child_cap": "12000"})
    assert sent.status_code == 303
    assert english.post(f"{sent.location}/confirm").status_code in (403, 422)
    sign_in(english, other)
    assert "2,000.00" in english.get(sent.location).text
    english.post(f"{sent.location}/confirm")
    page = english.get("/disbursements/rules").text
    for said in ("In force", "From 2,000.00 baht", "2 people approve", "12,000.00", other.name):
        assert said in page
    assert 'value="2,000.00"' in english.get("/disbursements/rules/new").text
    assert "/disbursements/rules" in english.get("/settings").text
    officer = make_user("fund_officer")
    sign_in(english, officer)
    assert english.get("/disbursements/rules").status_code == 200
    assert english.get("/disbursements/rules/new").status_code == 403
    with pytest.raises(ForbiddenError):
        unit_of_work(make_proposal, "help-rules", "2030-01-01", {}, actor=officer.as_actor())


def test_the_check_names_a_request_with_too_few_approvers(team):
    request = make_request(team, 2 * THOUSAND)
    make_help_rules(TWO)
    approve(request)
    assert not broken() & {"disbursements.bands"}
    tamper(
        "disbursement_requests",
        "UPDATE disbursement_requests SET status = 'approved', approval_entry_id = "
        "(SELECT max(id) FROM journal_entries) WHERE status = 'submitted'",
    )
    assert "disbursements.bands" in broken()


def test_the_checks_add_up_what_was_approved_before_in_month_and_year(team):
    first, second = make_request(team, THOUSAND), make_request(team, THOUSAND)
    for request in (first, second):
        approve(request)
    make_help_rules((3 * THOUSAND, 2), child=5 * THOUSAND, household=5 * THOUSAND)
    third = make_request(team, THOUSAND)
    approve(third)
    approve(third)
    db.session.rollback()
    assert not broken() & {"disbursements.bands", "disbursements.caps"}
    tamper("help_rules", "UPDATE help_rules SET child_cap_satang = 299999")
    assert {"disbursements.bands", "disbursements.caps"} & broken() == {"disbursements.caps"}
    tamper("help_rules", "UPDATE help_rules SET child_cap_satang = 500000")
    tamper("approval_bands", "UPDATE approval_bands SET from_satang = 300000, approvers = 3")
    assert {"disbursements.bands", "disbursements.caps"} & broken() == {"disbursements.bands"}


@pytest.mark.sqlite
def test_rules_that_may_not_be(team):
    first = today()
    wrong = [
        ((first - timedelta(days=1), (TWO,), None, None), RulesDayError),
        ((first, (THREE, TWO), None, None), BandsError),
        ((first, (TWO, (3 * THOUSAND, 2)), None, None), BandsError),
        ((first, ((THOUSAND, 1),), None, None), BandsError),
        ((first, (), 2 * THOUSAND, THOUSAND), CapsError),
    ]
    for values, error in wrong:
        with pytest.raises(error):
            check_help_rules(HelpRulesDraft(*values))


def test_rules_stay_and_rest_on_a_confirmed_proposal(team):
    make_help_rules(TWO, child=THOUSAND)
    rules = db.session.query(HelpRules).one()
    with refused("append-only"):
        execute("UPDATE help_rules SET child_cap_satang = 99")
    with refused("append-only"):
        execute("DELETE FROM approval_bands")
    with refused("append-only"):
        execute("UPDATE approval_bands SET approvers = 5")
    with refused("so many bands"):
        insert("approval_bands", {
            "rules_id": rules.id, "number": 2, "from_satang": 1, "approvers": 2,
        })  # fmt: skip
    with refused("two people confirm"):
        insert("help_rules", {
            "id": 1, "starts_on": "2990-01-01", "band_count": 0, "proposal_id": 77,
            "confirmed_by_id": team.approver.id, "recorded_at": "2026-11-24T03:00:00Z",
        })  # fmt: skip
