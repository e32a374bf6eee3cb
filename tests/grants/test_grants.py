"""A grant from its draft to its end: agreement, budget lines, instalments, conditions, reports."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.audit.checks.grants import CHECKS
from fundapp.banking.operations import match_line
from fundapp.children.errors import ChildNamedError
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Need
from fundapp.documents.intake import accept
from fundapp.errors import ForbiddenError, StaleError
from fundapp.giving.models import PledgeStatus
from fundapp.giving.queries import find_receipt_of, get_donor_file
from fundapp.grants import operations, queries
from fundapp.grants.drafts import ConditionDraft, GrantLineDraft, InstalmentDraft, ReportDraft
from fundapp.grants.errors import (
    AgreementMissingError,
    AnotherGrantError,
    GrantDayError,
    GrantDaysError,
    GrantKnownError,
    GrantOpenError,
    GrantorError,
    GrantStateError,
    NotAddingUpError,
    OutsideGrantError,
    SameLineError,
)
from fundapp.grants.kinds import GRANT_START, started_values
from fundapp.grants.models import GrantStatus, LineRule, ReportReturnReason, ReportStatus
from fundapp.grants.policy import version_of
from fundapp.ledger.errors import BudgetLineSpentError, PersonalDataError
from fundapp.proposals.errors import ProposalStaleError
from fundapp.proposals.operations import make_proposal, withdraw_proposal
from tests.audit.tampering import tampered
from tests.documents.pictures import picture
from tests.factories.actors import AUDITOR, OFFICER
from tests.factories.banking import Move, import_moves, make_bank_account
from tests.factories.books import make_fund
from tests.factories.children import make_child
from tests.factories.disbursements import decide, make_approved, make_paid, make_request, make_team
from tests.factories.giving import make_donor
from tests.factories.grants import (
    THOUSAND,
    agreement,
    make_draft,
    make_grant,
    make_grantor,
    send_first_report,
    start,
)
from tests.factories.identity import confirm_open_proposals, make_user, sign_in
from tests.raw_sql import not_refused

TODAY = date(2026, 11, 24)


def opened(client, address, typed):
    """What a form sends that is opened now."""
    page = client.get(address)
    assert page.status_code == 200
    return {**typed, "version": re.search(r'name="version"[^>]*value="(\w+)"', page.text)[1]}


def paper():
    return {"paper": (io.BytesIO(picture()), "letter.jpg")}


@pytest.fixture
def team(build_once, clock):
    """People who ask, approve and pay, and a fund with 20,000 baht."""
    return build_once("grants/team", lambda: make_team(20 * THOUSAND))


@pytest.fixture
def grantor(team):
    return make_grantor()


def lines_of(grant):
    """Committed, spent and left of each line, in baht."""
    db.session.rollback()
    db.session.expire_all()
    file = queries.get_grant_file(grant.public_id)
    return {
        (row.line.account_code, row.line.fiscal_year): (
            row.spending.committed_satang // 100,
            row.spending.spent_satang // 100,
            row.left_satang // 100,
        )
        for row in file.lines
    }


def test_a_grant_is_entered_started_and_kept_through_the_pages(app, client, team, grantor):
    officer, administrator = make_user(Role.FUND_OFFICER), make_user(Role.ADMINISTRATOR)
    sign_in(client, officer)
    client.set_cookie("lang", "en")
    data = {
        "donor": grantor.public_id, "fund": "GENERAL", "number": "12/2569", "title": "School",
        "signed_on": "20/10/2026", "starts_on": "1/11/2026", "ends_on": "31/10/2027",
        "total": "10,000",
    }  # fmt: skip
    wrong = client.post("/grants/new", data={**data, "ends_on": "1/1/2026", "title": "x"})
    assert (wrong.status_code, "must not come before" in wrong.text) == (422, True)
    answer = client.post("/grants/new", data={**data, **paper()})
    assert answer.status_code == 303, answer.text
    address = answer.location
    parts = {
        "lines": {"account": "5120", "fiscal_year": "2570", "amount": "10,000", "rule": "refuse"},
        "instalments": {"due_on": "1/12/2026", "amount": "10,000", "condition": "Signed"},
        "conditions": {"due_on": "15/12/2026", "text": "A list of schools"},
        "reports": {"from_on": "1/11/2026", "to_on": "31/10/2027", "due_on": "30/11/2027"},
    }
    assert "10,000.00 baht before the grant can start" in client.get(address).text
    for kind, part in parts.items():
        sent = opened(client, f"{address}/{kind}/new", part)
        for _click in range(2):
            assert client.post(f"{address}/{kind}/new", data=sent).status_code == 303, kind
    again = client.post(
        f"{address}/lines/new", data=opened(client, f"{address}/lines/new", parts["lines"])
    )
    assert (again.status_code, "There is a budget line" in again.text) == (422, True)
    (removal,) = re.findall(
        rf'action="({address}/conditions/\d+/remove)"', client.get(address).text
    )
    assert client.post(removal).status_code == 303
    sent = opened(client, f"{address}/conditions/new", parts["conditions"])
    assert client.post(f"{address}/conditions/new", data=sent).status_code == 303
    proposal = client.post(f"{address}/start")
    assert proposal.status_code == 303, proposal.text
    sign_in(client, administrator)
    assert "Start of a grant" in client.get(proposal.location).text
    assert client.post(proposal.location + "/confirm").status_code == 303
    sign_in(client, officer)
    page = client.get(address).text
    assert "Running" in page
    assert client.get(f"{address}/change").status_code == 404
    assert client.post(f"{address}/lines/new", data=parts["lines"]).status_code == 404
    assert client.post(f"{address}/withdraw").status_code == 422
    document = re.search(r'href="(/grants/papers/[^"]+)"', page)[1]
    assert client.get(document).mimetype == "image/jpeg"
    listed = client.get("/grants?status=running").text
    assert "12/2569" in listed
    sign_in(client, make_user(Role.AUDITOR))
    trail = client.get("/audit/trail?action=grants:grant:start").text
    assert "12/2569" in trail
    assert client.get("/grants/new").status_code == 403


@pytest.mark.sqlite
def test_conditions_and_reports_on_today_and_their_pages(client, team, grantor, clock):
    grant = make_grant(grantor)
    make_paid(team, THOUSAND)
    make_approved(team, THOUSAND // 2, need=Need.TRAVEL)
    sign_in(client, make_user(Role.FUND_OFFICER))
    client.set_cookie("lang", "en")
    today = client.get("/today").text
    assert "Conditions of grants due within 30 days" in today
    assert "Reports to grantors" not in today
    due = client.get("/grants/due?shown=conditions").text
    condition = re.search(r'href="(/grants/conditions/[^"]+)"', due)[1]
    assert client.get(condition).status_code == 200
    missing = client.post(f"{condition}/meet", data={"met_on": "24/11/2026"})
    assert (missing.status_code, "Send the evidence" in missing.text) == (422, True)
    future = client.post(f"{condition}/meet", data={"met_on": "25/11/2026", **paper()})
    assert (future.status_code, "not to come" in future.text) == (422, True)
    done = client.post(f"{condition}/meet", data={"met_on": "24/11/2026", **paper()})
    assert done.status_code == 303
    again = client.post(f"{condition}/meet", data={"met_on": "24/11/2026", **paper()})
    assert again.status_code == 422
    report = f"/grants/reports/{grant.reports[0].public_id}"
    page = client.get(report).text
    assert "1,000.00" in page
    sent = client.post(f"{report}/send", data={"sent_on": "24/11/2026", **paper()})
    assert sent.status_code == 303
    make_paid(team, THOUSAND)
    assert "As it was sent" in client.get(report).text
    file = queries.get_report_file(grant.reports[0].public_id)
    assert (file.sent_satang, file.spent_satang) == (THOUSAND, 2 * THOUSAND)
    assert client.post(f"{report}/return", data={"reason": "figures"}).status_code == 303
    assert "Figures to explain" in client.get(report).text
    assert client.post(f"{report}/accept").status_code == 422
    assert (
        client.post(f"{report}/send", data={"sent_on": "24/11/2026", **paper()}).status_code == 303
    )
    assert client.post(f"{report}/accept").status_code == 303
    complete = client.post(f"/grants/{grant.public_id}/complete")
    assert (complete.status_code, "until 31 October 2027" in complete.text) == (422, True)
    clock.shift(timedelta(days=342))
    unit_of_work(operations.complete_grant, grant.public_id, actor=OFFICER)
    db.session.rollback()
    db.session.expire_all()
    file = queries.get_report_file(grant.reports[0].public_id)
    assert (file.sent_satang, len(file.sendings)) == (2 * THOUSAND, 2)
    assert queries.get_grant(grant.public_id).status is GrantStatus.COMPLETED
    assert [r.check.name for r in run_checks() if r.violations] == []


def test_money_arrives_at_the_bank_on_the_instalment_and_has_a_receipt(team, grantor):
    make_bank_account()
    grant = make_grant(grantor)
    reference = grant.instalments[0].pledge.instalments[0].reference
    (line,) = import_moves(Move(4 * THOUSAND, f"transfer {reference}"))
    unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    db.session.rollback()
    file = queries.get_grant_file(grant.public_id)
    assert [row.arrived_satang for row in file.instalments] == [4 * THOUSAND, 0]
    (payment,) = get_donor_file(grantor.public_id).payments
    assert find_receipt_of(payment.id).donor_name == grantor.name


def test_help_is_charged_to_the_line_of_its_kind_and_fiscal_year(client, team, grantor, clock):
    grant = make_grant(grantor, rule=LineRule.REFUSE)
    make_paid(team, THOUSAND)
    make_approved(team, THOUSAND // 2)
    make_approved(team, THOUSAND, need=Need.FOOD)
    assert lines_of(grant) == {
        ("5120", 2570): (500, 1_000, 500),
        ("5120", 2571): (0, 0, 2_000),
        ("5130", 2570): (0, 0, 6_000),
    }
    assert queries.get_grant_file(grant.public_id).outside_satang == THOUSAND
    too_much, fits = make_request(team, THOUSAND), make_request(team, THOUSAND // 2)
    without = make_request(team, 100, need=Need.FOOD)
    sign_in(client, team.approver)
    client.set_cookie("lang", "en")
    page = client.get(f"/disbursements/{too_much.public_id}").text
    assert "500.00 baht left on the budget line for this help, and the line" in page
    assert "left on the budget line" not in client.get(f"/disbursements/{fits.public_id}").text
    assert "has no budget line" in client.get(f"/disbursements/{without.public_id}").text
    with pytest.raises(BudgetLineSpentError):
        decide(too_much, team)
    decide(fits, team)
    travel = make_request(team, 7 * THOUSAND, need=Need.TRAVEL)
    assert "It would be overspent" in client.get(f"/disbursements/{travel.public_id}").text
    decide(travel, team)  # its line only warns
    left = {key: values[2] for key, values in lines_of(grant).items()}
    assert left == {("5120", 2570): 0, ("5120", 2571): 2_000, ("5130", 2570): -1_000}
    sign_in(client, team.auditor)
    assert "−1,000.00" in client.get(f"/grants/{grant.public_id}").text
    yellow = [r.check.name for r in run_checks() if r.violations]
    assert yellow == ["grants.overspent"]


@pytest.mark.sqlite
def test_what_a_draft_refuses(team, grantor):
    person = make_donor("Somchai Jaidee")
    make_draft(grantor)

    def draft(**overrides):
        donor = overrides.pop("who", grantor)
        unit_of_work(operations.draft_grant, agreement(donor, **overrides), None, actor=OFFICER)

    for error, overrides in (
        (GrantorError, {"who": person, "number": "2"}),
        (GrantKnownError, {}),
        (GrantDaysError, {"number": "2", "ends_on": date(2026, 10, 31)}),
        (GrantDayError, {"number": "2", "signed_on": date(2026, 11, 25)}),
        (PersonalDataError, {"number": "2", "title": "Call 081 234 5678"}),
    ):
        with pytest.raises(error):
            draft(**overrides)
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.draft_grant, agreement(grantor), None, actor=AUDITOR)
    draft(number="3")
    other = queries.list_grants().rows[0]
    for error, part in (
        (OutsideGrantError, GrantLineDraft("5120", 2572, 1, LineRule.WARN)),
        (GrantDaysError, ReportDraft(date(2027, 1, 2), date(2027, 1, 1), date(2027, 2, 1))),
        (OutsideGrantError, ReportDraft(date(2026, 1, 2), date(2027, 1, 1), date(2027, 2, 1))),
    ):
        with pytest.raises(error):
            unit_of_work(operations.add_part, other.public_id, part, actor=OFFICER)
    line = GrantLineDraft("5120", 2570, 10 * THOUSAND, LineRule.WARN)
    unit_of_work(operations.add_part, other.public_id, line, actor=OFFICER)
    with pytest.raises(SameLineError):
        unit_of_work(operations.add_part, other.public_id, line, actor=OFFICER)
    with pytest.raises(AgreementMissingError):
        start(other)
    unit_of_work(
        operations.change_grant,
        other.public_id,
        agreement(grantor, number="3"),
        accept(picture(), None),
        actor=OFFICER,
    )
    with pytest.raises(NotAddingUpError):
        start(other)
    whole = InstalmentDraft(date(2026, 12, 1), 10 * THOUSAND)
    unit_of_work(operations.add_part, other.public_id, whole, actor=OFFICER)
    start(other)
    with pytest.raises(AnotherGrantError):
        start(queries.list_grants(GrantStatus.DRAFT).rows[0])


def test_what_is_confirmed_is_what_was_proposed(team, grantor):
    """Another condition, grantor or report after the proposal: it is proposed again."""
    grant = make_draft(grantor)
    ref, condition = grant.public_id, grant.conditions[0].id
    other = make_grantor("Another agency")

    def change(donor):
        unit_of_work(operations.change_grant, ref, agreement(donor), None, actor=OFFICER)

    def swap():
        unit_of_work(operations.remove_part, ref, "conditions", condition, actor=OFFICER)
        easier = ConditionDraft(date(2026, 12, 15), "Nothing")
        unit_of_work(operations.add_part, ref, easier, actor=OFFICER)

    for step in (lambda: change(other), swap):
        after = started_values(queries.get_grant(ref))
        proposer = make_user(Role.FUND_OFFICER).as_actor()
        proposal = unit_of_work(make_proposal, GRANT_START, ref, after, actor=proposer)
        step()
        with pytest.raises(ProposalStaleError):
            confirm_open_proposals()
        unit_of_work(withdraw_proposal, proposal.public_id, actor=proposer)
    seen = version_of(queries.get_grant(ref))
    change(grantor)
    with pytest.raises(StaleError):
        unit_of_work(operations.change_grant, ref, agreement(other), None, seen=seen, actor=OFFICER)
    unit_of_work(
        operations.change_grant, ref, agreement(other, starts_on=TODAY), None, actor=OFFICER
    )
    with pytest.raises(OutsideGrantError):  # its report is about days before
        start(queries.get_grant(ref))


@pytest.mark.sqlite
def test_an_agreement_names_no_child(team, grantor):
    words = "For Aminah Sani and her brother"
    make_child(given_name="Aminah", family_name="Sani")
    for draft in (agreement(grantor, title=words), agreement(grantor, number=words)):
        with pytest.raises(ChildNamedError):
            unit_of_work(operations.draft_grant, draft, None, actor=OFFICER)
    ref = make_draft(grantor).public_id
    day = date(2026, 12, 1)
    for part in (ConditionDraft(day, words), InstalmentDraft(day, 1, words)):
        with pytest.raises(ChildNamedError):
            unit_of_work(operations.add_part, ref, part, actor=OFFICER)


@pytest.mark.sqlite
def test_it_is_completed_when_nothing_is_left_to_do(team, grantor, clock):
    grant = make_grant(grantor)
    clock.shift(timedelta(days=342))
    with pytest.raises(GrantOpenError):
        unit_of_work(operations.complete_grant, grant.public_id, actor=OFFICER)


def test_a_grant_ends_early_and_what_did_not_arrive_is_asked_for_no_more(team, grantor, clock):
    grant = make_grant(grantor)
    with pytest.raises(GrantDayError):
        day = date(2026, 12, 1)
        unit_of_work(operations.end_grant, grant.public_id, ended_on=day, actor=OFFICER)
    day = date(2026, 11, 24)
    unit_of_work(operations.end_grant, grant.public_id, ended_on=day, actor=OFFICER)
    db.session.expire_all()
    grant = queries.get_grant(grant.public_id)
    statuses = {each.pledge.status for each in grant.instalments}
    assert (grant.status, statuses) == (GrantStatus.ENDED, {PledgeStatus.CANCELLED})
    clock.shift(timedelta(days=1))
    make_approved(team, THOUSAND)
    assert lines_of(grant)["5120", 2570] == (0, 0, 2_000)
    later = make_draft(
        grantor, number="4", starts_on=date(2026, 11, 25), ends_on=date(2027, 10, 31)
    )
    start(later)
    report = later.reports[0].public_id
    unit_of_work(
        operations.send_report, report, sent_on=day, paper=accept(picture(), None), actor=OFFICER
    )
    reason = ReportReturnReason.FORM
    unit_of_work(operations.return_report, report, reason=reason, actor=OFFICER)
    assert queries.get_report_file(report).report.status is ReportStatus.RETURNED
    with pytest.raises(GrantStateError):
        unit_of_work(operations.accept_report, report, actor=OFFICER)


#: What raw SQL may not change of a grant that runs.
AGREED = [
    "UPDATE grants SET total_satang = 1",
    "UPDATE grants SET status = 'draft'",
    "UPDATE grants SET proposal_id = NULL",
    "DELETE FROM grants",
    "UPDATE grant_lines SET amount_satang = 1 WHERE fiscal_year = 2571",
    "DELETE FROM grant_lines",
    "UPDATE grant_instalments SET amount_satang = 1",
    "DELETE FROM grant_instalments",
    "UPDATE grant_conditions SET text = 'Another'",
    "DELETE FROM grant_conditions",
    "UPDATE grant_conditions SET met_on = due_on",
    "UPDATE grant_reports SET status = 'accepted', to_on = from_on",
    "UPDATE grant_reports SET status = 'sent'",
    "UPDATE grant_report_sendings SET sent_by = 'x'",
    "DELETE FROM grant_report_figures",
]


def test_the_database_keeps_a_grant_as_agreed(grants_with_report):
    assert not_refused(AGREED, r"(?i)grant|append-only|check") == []


@pytest.fixture
def grants_with_report(build_once, clock):
    build_once("grants/report", make_report)


def make_report():
    make_fund("GENERAL")
    send_first_report(make_grant(make_grantor()))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE grants SET status = 'running', proposal_id = (SELECT min(id) FROM proposals)"
        " WHERE status = 'draft'",
        "UPDATE grants SET status = 'completed', proposal_id = (SELECT min(id) FROM proposals)"
        " WHERE status = 'draft'",
    ],
)
def test_the_database_starts_no_grant_that_does_not_add_up(grants_with_report, change):
    make_draft(make_grantor("Another agency"), number="5")
    with pytest.raises(Exception, match=r"add up|another grant|does not go"):
        unit_of_work(lambda: db.session.execute(text(change)))


def test_the_checks_find_what_was_tampered_with(grants_with_report):
    assert [r.check.name for r in run_checks() if r.violations] == []
    for statement, name in (
        ("UPDATE grant_lines SET amount_satang = 1", "grants.sums"),
        ("UPDATE grant_instalments SET amount_satang = 1", "grants.sums"),
        ("UPDATE pledges SET donor_id = donor_id + 1", "grants.instalments"),
        ("UPDATE pledges SET amount_satang = 1", "grants.instalments"),
    ):
        with tampered(statement):
            red = {check.name for check in CHECKS if any(check.find())}
            assert name in red, statement


def test_two_who_enter_the_same_agreement_at_once(app, team, grantor):
    """One of them reads that it is entered, with what was typed."""
    data = {
        "donor": grantor.public_id, "fund": "GENERAL", "number": "7/2569", "title": "School",
        "signed_on": "20/10/2026", "starts_on": "1/11/2026", "ends_on": "31/10/2027",
        "total": "10,000",
    }  # fmt: skip
    barrier, tabs = Barrier(2), [app.test_client() for _person in range(2)]
    for tab in tabs:
        tab.set_cookie("lang", "en")
        sign_in(tab, make_user(Role.FUND_OFFICER))

    def send(tab):
        barrier.wait()
        return tab.post("/grants/new", data=data)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, tabs))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
