"""Aid in instalments: one decision, each paid on its day when its conditions are met or waived."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.aid_plans import operations, queries
from fundapp.aid_plans.drafts import SplitDraft
from fundapp.aid_plans.errors import (
    AidHeldError,
    FactNotYoursError,
    FactPaperError,
    FactPercentError,
    FirstDayError,
    InstalmentsMadeError,
    NoSuchTermError,
    SplitNumberError,
    VisitMissingError,
)
from fundapp.aid_plans.models import AidInstalment, AidPlan, AidTermKind
from fundapp.aid_plans.policy import waiting_version
from fundapp.audit.checks import run_checks
from fundapp.audit.checks.aid_plans import CHECKS
from fundapp.children.casework.models import CaseKind
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.errors import InterestDeclaredError
from fundapp.disbursements.models import Decision, Interest, RequestStatus
from fundapp.disbursements.operations import declare_interest_in_request, resubmit_request
from fundapp.documents.intake import accept
from fundapp.errors import StaleError
from fundapp.ids import new_id
from fundapp.ledger.queries import fund_available
from fundapp.payouts.queries import held_requests, list_payable_requests
from tests.audit.tampering import tampered
from tests.disbursements.test_returns import come_back
from tests.disbursements.test_tables import execute, refused
from tests.documents.pictures import picture
from tests.factories.aid_plans import approve_all, make_aid_rules, make_plan
from tests.factories.casework import write_case_entry
from tests.factories.children import RAMAN
from tests.factories.disbursements import (
    THOUSAND,
    make_approved,
    make_request,
    make_team,
    pay,
    prove,
    request_draft,
    verify,
)
from tests.factories.disbursements import decide as decide_request
from tests.factories.identity import make_user, sign_in

ATTENDANCE, REGISTER, VISIT, PROOF = AidTermKind


@pytest.fixture
def team(build_once, clock):
    """A team with conditions for education."""

    def make():
        team = make_team(available_satang=20 * THOUSAND)
        make_aid_rules()
        return team

    return build_once("aid_plans/team", make)


@pytest.fixture
def plan(team, clock):
    """Three approved instalments of a thousand baht."""
    plan = make_plan(team)
    approve_all(plan, team)
    return plan


def second(plan):
    db.session.expire_all()
    return plan.instalments[1]


def show(part, kind, person, *, percent=None, paper=True):
    accepted = accept(picture()) if paper else None
    values = {"percent": percent, "paper": accepted, "actor": person.as_actor()}
    return unit_of_work(operations.record_fact, part.request.public_id, kind, **values)


def decide(fact, person, *, accept=True):
    return unit_of_work(
        operations.decide_fact, fact.public_id, accept=accept, actor=person.as_actor()
    )


def open_terms(part):
    db.session.expire_all()
    return [state.kind for state in queries.term_states(part) if state.holds]


def force_payout(part, team):
    """The payout of a held instalment by raw SQL, copied from the first one's."""
    approval = part.request.approvals[-1]
    execute(
        "INSERT INTO payouts SELECT :id, :public, 'PV-X', :request, requested_by_id, :approval,"
        " approver_id, decision, payer_id, method, paid_from_account_code, amount_satang, :day,"
        " bank_reference, (SELECT approval_entry_id FROM disbursement_requests"
        " WHERE id = :request), recorded_at, attempt FROM payouts",
        id=new_id(), public="x", request=part.request_id, approval=approval.id,
        day=app_clock.today().isoformat(),
    )  # fmt: skip


def test_one_decision_and_each_instalment_waits_for_day_and_conditions(plan, team, clock):
    assert [part.request.status for part in plan.instalments] == [RequestStatus.APPROVED] * 3
    assert fund_available(team.fund) == 17 * THOUSAND
    first = plan.instalments[0].request
    assert open_terms(plan.instalments[0]) == []
    pay(first, team)
    # The second has its day in a month, and four conditions.
    with pytest.raises(AidHeldError, match="2"):
        pay(second(plan).request, team)
    clock.shift(timedelta(days=31))
    part = second(plan)
    assert open_terms(part) == [ATTENDANCE, REGISTER, VISIT, PROOF]
    assert held_requests([part.request_id]) == {part.request_id}
    assert part.request not in list_payable_requests()
    assert queries.count_held_instalments(team.asker.as_actor()) == 1
    with pytest.raises(AidHeldError):
        pay(part.request, team)
    with refused("the instalment is held"):
        force_payout(part, team)
    with pytest.raises(FactPercentError):
        show(part, ATTENDANCE, team.asker)
    with pytest.raises(FactPaperError):
        show(part, ATTENDANCE, team.asker, percent=90, paper=False)
    low = show(part, ATTENDANCE, team.asker, percent=84)
    decide(low, team.prover)
    assert ATTENDANCE in open_terms(part)
    fact = show(part, ATTENDANCE, team.asker, percent=85)
    assert show(part, ATTENDANCE, team.asker, percent=85).id == fact.id
    for person in (team.asker, team.payer):
        with pytest.raises(FactNotYoursError):
            decide(fact, person)
    decide(fact, team.prover)
    refused_fact = show(part, REGISTER, team.prover)
    with pytest.raises(FactNotYoursError):
        decide(refused_fact, team.prover)
    decide(refused_fact, make_user(Role.SUPERVISOR, (RAMAN,)), accept=False)
    decide(show(part, REGISTER, team.asker), team.prover)
    with pytest.raises(VisitMissingError):
        show(part, VISIT, team.asker, paper=False)
    write_case_entry(team.child, team.asker, CaseKind.VISIT, on_day=app_clock.today())
    decide(show(part, VISIT, team.asker, paper=False), team.prover)
    with pytest.raises(NoSuchTermError):
        show(part, PROOF, team.asker)
    assert open_terms(part) == [PROOF]
    prove(first, team)
    assert open_terms(part) == []
    third = plan.instalments[2].request_id
    clock.shift(timedelta(days=31))
    assert held_requests([part.request_id, third]) == {third}
    pay(part.request, team)
    assert [result.check.name for result in run_checks() if result.violations] == []
    [check] = CHECKS
    with tampered("UPDATE aid_facts SET percent = 84"):
        assert len(list(check.find())) == 1
    with tampered("UPDATE aid_instalments SET due_on = '2028-01-01' WHERE number = 2"):
        assert len(list(check.find())) == 1


def test_an_instalment_that_came_back_is_not_received(plan, team, clock):
    first = plan.instalments[0].request
    pay(first, team)
    clock.shift(timedelta(days=31))
    write_case_entry(team.child, team.asker, CaseKind.VISIT, on_day=app_clock.today())
    part = second(plan)
    prove(first, team)
    for fact in (
        show(part, ATTENDANCE, team.asker, percent=85),
        show(part, REGISTER, team.asker),
        show(part, VISIT, team.asker, paper=False),
    ):
        decide(fact, team.prover)
    pay(part.request, team)
    come_back(first, team, returned_on=app_clock.today())
    assert queries.children_without_visit(second(plan)) == [team.child.code]
    # When the second was paid the receipt of the first was confirmed.
    assert [result.check.name for result in run_checks() if result.violations] == []
    with tampered("UPDATE proofs SET outcome = 'problem'"):
        assert len(list(CHECKS[0].find())) == 1


@pytest.mark.sqlite
def test_who_declared_an_interest_decides_on_no_instalment(team):
    request = make_request(team)
    unit_of_work(
        declare_interest_in_request,
        request.public_id,
        interest=Interest.RELATIVE,
        version=request.version,
        actor=team.approver.as_actor(),
    )
    db.session.expire_all()
    values = {"version": request.version, "actor": team.asker.as_actor()}
    draft = SplitDraft(2, app_clock.today(), 1)
    plan = unit_of_work(operations.split_request, request.public_id, draft, **values)
    for part in plan.instalments:
        with pytest.raises(InterestDeclaredError):
            decide_request(part.request, team)


def test_two_approvers_waive_a_condition(plan, team, clock):
    pay(plan.instalments[0].request, team)
    prove(plan.instalments[0].request, team)
    clock.shift(timedelta(days=31))
    part, other = second(plan), make_user(Role.APPROVER)
    address = part.request.public_id

    def waive(kind, person):
        args = (address, kind, "The school was closed by a flood")
        return unit_of_work(operations.waive_term, *args, actor=person.as_actor())

    def agree(kind, person):
        return unit_of_work(operations.agree_to_waiver, address, kind, actor=person.as_actor())

    for kind in (ATTENDANCE, REGISTER, VISIT):
        waive(kind, team.approver)
    with pytest.raises(FactNotYoursError):
        waive(PROOF, team.asker)
    with pytest.raises(FactNotYoursError):
        agree(ATTENDANCE, team.approver)
    assert open_terms(part) == [ATTENDANCE, REGISTER, VISIT]
    with refused("two_people"):
        execute("UPDATE aid_waivers SET second_by_id = first_by_id, second_at = first_at")
    with refused("agreed to once"):
        execute(
            "UPDATE aid_waivers SET second_by_id = :asker, second_at = first_at",
            asker=team.asker.id,
        )
    for kind in (ATTENDANCE, REGISTER, VISIT):
        agree(kind, other)
    assert open_terms(part) == []
    pay(part.request, team)
    with refused("agreed to once|append-only|refuse|cannot"):
        execute("UPDATE aid_waivers SET reason_digest = reason_digest")
    with refused("append-only|refuse|cannot"):
        execute("DELETE FROM aid_waivers")


def test_the_database_keeps_plans_and_facts(plan, team, clock):
    pay(plan.instalments[0].request, team)
    part = second(plan)
    fact = show(part, REGISTER, team.asker)
    with refused("decided on once"):
        execute(
            "UPDATE aid_facts SET decided_by_id = :asker, decided_at = recorded_at,"
            " is_accepted = (1 = 1)",
            asker=team.asker.id,
        )
    with refused("two_people|decided on once"):
        execute("UPDATE aid_facts SET decided_by_id = recorded_by_id, decided_at = recorded_at,"
                " is_accepted = (1 = 1)")  # fmt: skip
    decide(fact, team.prover)
    with refused("decided on once"):
        execute("UPDATE aid_facts SET kind = 'visit'")
    for table in ("aid_rules", "aid_terms", "aid_plans", "aid_instalments", "aid_facts"):
        with refused("append-only|refuse|cannot"):
            execute(f"DELETE FROM {table}")
    with refused("so many conditions|UNIQUE|unique"):
        execute("INSERT INTO aid_terms SELECT rules_id, 'attendance', 5 FROM aid_terms"
                " WHERE kind = 'proof'")  # fmt: skip
    decided = make_approved(team)
    with refused("wait for a decision"):
        execute(
            "INSERT INTO aid_instalments VALUES (:request, :plan, 4, :day)",
            request=decided.id, plan=plan.id, day=app_clock.today().isoformat(),
        )  # fmt: skip


def test_what_was_returned_is_not_approved_with_the_others(team, clock):
    """Its payee may be another one since; and nothing is approved that was not shown."""
    plan = make_plan(team)
    shown, actor = waiting_version(plan), team.approver.as_actor()
    changed = plan.instalments[1].request
    decide_request(changed, team, Decision.RETURN)
    again = {"version": changed.version, "actor": team.asker.as_actor()}
    draft = request_draft(team, account=PayeeAccount("004", "5556667778"))
    unit_of_work(resubmit_request, changed.public_id, draft, **again)
    verify(changed, team)
    with pytest.raises(StaleError):
        unit_of_work(operations.approve_plan, plan.public_id, version=shown, actor=actor)
    db.session.rollback()
    approve_all(plan, team)
    db.session.expire_all()
    states = [each.request.status for each in plan.instalments]
    assert states == [RequestStatus.APPROVED, RequestStatus.SUBMITTED, RequestStatus.APPROVED]
    with pytest.raises(FactNotYoursError):
        approve_all(plan, team)


def test_through_the_pages(client, team, clock):
    client.set_cookie("lang", "en")
    request = make_request(team, payee_address="9 Example Road")
    sign_in(client, team.asker)
    page = client.get(f"/disbursements/{request.public_id}").text
    assert "Pay this help in instalments" in page
    form = client.get(f"/aid-plans/new/{request.public_id}").text
    assert "at least 85 per cent" in form
    data = {"count": "1", "first_on": "24/11/2569", "months": "1", "version": "1"}
    wrong = client.post(f"/aid-plans/new/{request.public_id}", data=data)
    assert (wrong.status_code, "from 2 to 12" in wrong.text) == (422, True)
    made = client.post(f"/aid-plans/new/{request.public_id}", data={**data, "count": "2"})
    assert made.status_code == 303, made.text
    told = "SELECT count(*) FROM request_payees WHERE address_encrypted IS NOT NULL"
    assert db.session.scalar(text(told)) == 2
    again = client.post(f"/aid-plans/new/{request.public_id}", data={**data, "count": "2"})
    assert again.status_code == 403
    plan = db.session.scalars(select(AidPlan)).one()
    sign_in(client, team.approver)
    assert f'href="/disbursements/{request.public_id}">Decide' in client.get(made.location).text
    shown = client.get(f"/disbursements/{request.public_id}").text
    assert "Instalments 1, 2: 2,000.00 baht in all." in shown
    assert client.post(f"{made.location}/approve").status_code == 409
    approved = client.post(f"{made.location}/approve", data={"version": waiting_version(plan)})
    assert approved.status_code == 303
    pay(plan.instalments[0].request, team)
    clock.shift(timedelta(days=31))
    part = second(plan)
    sign_in(client, team.asker)
    assert "Instalments of aid held by a condition" in client.get("/today").text
    assert plan.number in client.get("/aid-plans?state=held").text
    assert "is held" in client.get(f"/disbursements/{part.request.public_id}").text
    sign_in(client, team.payer)
    thai = client.get(f"/disbursements/{part.request.public_id}?lang=th").text
    assert ("ยังจ่ายงวดที่ 2 ไม่ได้" in thai, 'name="paid_from"' in thai) == (True, False)
    client.get("/today?lang=en")
    sign_in(client, team.asker)
    address = f"/aid-plans/{plan.public_id}/{part.request.public_id}"
    fact = {"kind": "attendance", "percent": "91"}
    missing = client.post(f"{address}/fact", data=fact)
    assert (missing.status_code, "Send the paper" in missing.text) == (422, True)
    paper = (io.BytesIO(picture()), "register.jpg")
    assert client.post(f"{address}/fact", data={**fact, "paper": paper}).status_code == 303
    page = client.get(made.location).text
    assert ("91 per cent" in page, "to be decided" in page, "Accept" in page) == (True, True, False)
    recorded = second(plan).facts[0]
    sign_in(client, team.prover)
    assert "Accept" in client.get(made.location).text
    assert client.get(f"/aid-plans/papers/{recorded.public_id}").status_code == 200
    accept_it = f"/aid-plans/{plan.public_id}/facts/{recorded.public_id}/accept"
    assert client.post(accept_it).status_code == 303
    assert client.post(accept_it).status_code == 409
    sign_in(client, team.approver)
    empty = client.post(f"{address}/waive", data={"term": "visit", "reason": ""})
    assert (empty.status_code, "Write why" in empty.text) == (422, True)
    waiver = {"term": "visit", "reason": "The road is closed"}
    assert client.post(f"{address}/waive", data=waiver).status_code == 303
    assert client.post(f"{address}/agree/visit").status_code == 403
    sign_in(client, make_user("approver"))
    asked = client.get(made.location).text
    assert ("The road is closed" in asked, "Agree to pay without it" in asked) == (True, True)
    sign_in(client, make_user(Role.APPROVER))
    assert "Agree to pay without it" in client.get(made.location).text
    assert client.post(f"{address}/agree/visit").status_code == 303
    assert open_terms(second(plan)) == [REGISTER, PROOF]
    sign_in(client, make_user(Role.CASE_MANAGER, ("9501",)))
    assert client.get(made.location).status_code == 404
    assert client.get(f"/aid-plans/papers/{recorded.public_id}").status_code == 404


@pytest.mark.sqlite
def test_conditions_are_proposed_and_confirmed_by_two(client, team, clock):
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.ADMINISTRATOR))
    data = {"need": "living", "starts_on": "25/11/2569", "percent": "", "others": ["proof"]}
    wrong = client.post("/aid-plans/rules/new", data={**data, "starts_on": "1/1/2569"})
    assert (wrong.status_code, "begin today or later" in wrong.text) == (422, True)
    proposal = client.post("/aid-plans/rules/new", data=data)
    assert proposal.status_code == 303, proposal.text
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert "Living costs" in client.get(proposal.location).text
    assert client.post(proposal.location + "/confirm").status_code == 303
    page = client.get("/aid-plans/rules").text
    assert ("Begins later" in page, "at least 85 per cent" in page) == (True, True)
    assert page.count("In force") == 1
    with refused("conditions of aid"):
        execute(
            "INSERT INTO aid_rules SELECT 9, need, '2027-01-01', 0, confirmed_by_id,"
            " (SELECT min(id) FROM proposals WHERE kind <> 'aid-rules'), recorded_at"
            " FROM aid_rules WHERE need = 'living'"
        )


@pytest.mark.sqlite
def test_who_may_make_instalments_and_how_many(team, clock):
    request = make_request(team)
    colleague = make_user(Role.CASE_MANAGER, (RAMAN,))
    today = app_clock.today()

    def split(person, draft):
        values = {"version": request.version, "actor": person.as_actor()}
        return unit_of_work(operations.split_request, request.public_id, draft, **values)

    with pytest.raises(InstalmentsMadeError):
        split(colleague, SplitDraft(2, today, 1))
    for draft in (SplitDraft(13, today, 1), SplitDraft(2, today, 0)):
        with pytest.raises(SplitNumberError):
            split(team.asker, draft)
    with pytest.raises(FirstDayError):
        split(team.asker, SplitDraft(2, today - timedelta(days=1), 1))
    assert db.session.scalars(select(AidInstalment)).all() == []
