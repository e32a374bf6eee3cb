"""A finding from the item of a sample to its retest, and what the public is told."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.actors import person
from fundapp.access.permissions import Role
from fundapp.audit.findings import operations
from fundapp.audit.findings.errors import (
    FindingDueError,
    FindingOwnerError,
    FindingStateError,
    OwnerRetestsError,
)
from fundapp.audit.findings.models import FindingStatus
from fundapp.audit.findings.workflow import FindingAction, next_finding_status
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from tests.documents.pictures import picture
from tests.factories.actors import AUDITOR, OFFICER, grants
from tests.factories.books import make_fund, make_gift
from tests.factories.findings import make_finding
from tests.factories.identity import make_user, sign_in
from tests.factories.samples import make_sample

SECRET = "Two people sign each receipt"


@pytest.fixture
def item(build_once):
    """The first item of a sample, by the name that people type."""

    def make():
        make_fund("GENERAL")
        make_gift(50_000)
        return f"{make_sample(10_000).number}/1"

    return build_once("audit/findings", make)


def test_a_finding_is_written_answered_retested_and_published(app, client, clock, item):
    auditor, owner = make_user(Role.AUDITOR), make_user(Role.FUND_OFFICER)
    sign_in(client, auditor)
    client.set_cookie("lang", "en")
    form = client.get(f"/audit/findings/new?reference={item}").text
    assert item in form
    data = {
        "severity": "high", "title": "Receipts with one signature", "criteria": SECRET,
        "condition": "One signed", "cause": "Absence", "effect": "Nobody checked",
        "owner": owner.public_id, "due_on": "20/12/2026", "reference": item, "form_id": "once",
    }  # fmt: skip
    for wrong, sentence in (
        ({"reference": "JE1"}, "Enter the number of an entry"),
        ({"due_on": "1/1/2026"}, "not past"),
        ({"title": "Call 081-234-5678"}, "telephone number"),
        ({"owner": auditor.public_id}, "Choose one of the possibilities"),
    ):
        answer = client.post("/audit/findings/new", data={**data, **wrong})
        assert (answer.status_code, sentence in answer.text) == (422, True), wrong
    address = client.post("/audit/findings/new", data=data).location
    assert client.post("/audit/findings/new", data=data).location == address
    other = client.post("/audit/findings/new", data={**data, "cause": "Another cause"})
    assert (other.status_code, "with other content" in other.text) == (422, True)
    for _twice in range(2):
        paper = {"paper": (io.BytesIO(picture()), "receipt.jpg"), "reference": item}
        assert client.post(f"{address}/evidence", data=paper).status_code == 303
    assert client.get(f"{address}/papers/2").mimetype == "image/jpeg"
    assert client.get(f"{address}/papers/3").status_code == 404
    assert client.get(f"{address}/papers/1").status_code == 404
    too_early = {"result": "pass", "words": "x"}
    assert client.post(f"{address}/retest", data=too_early).status_code == 422
    assert client.post(f"{address}/answer", data={"words": "x"}).status_code == 403
    sign_in(client, make_user(Role.APPROVER))
    assert SECRET in client.get(address).text
    refused = client.post(f"{address}/answer", data={"words": "It is done"})
    assert (refused.status_code, "Only the person" in refused.text) == (422, True)
    sign_in(client, owner)
    assert client.post(f"{address}/answer", data={"words": "Two sign now"}).status_code == 303
    sign_in(client, auditor)
    late = client.post(f"{address}/retest", data={"result": "fail", "words": "Not yet"})
    assert (late.status_code, "not past" in late.text) == (422, True)
    failed = {"result": "fail", "words": "Not yet", "due_on": "31/12/2026"}
    assert client.post(f"{address}/retest", data=failed).status_code == 303
    assert "Reopened" in client.get(address).text
    assert "Findings past" not in client.get("/today").text
    clock.shift(timedelta(days=60))
    for role in (Role.ADMINISTRATOR, Role.APPROVER):
        sign_in(client, make_user(role))
        assert "Findings past their due date" in client.get("/today").text
    assert "Receipts with one signature" in client.get("/audit/findings?status=late").text
    sign_in(client, owner)
    assert client.post(f"{address}/answer", data={"words": "Now it is"}).status_code == 303
    sign_in(client, auditor)
    passed = {"result": "pass", "words": "Ten receipts looked at"}
    assert client.post(f"{address}/retest", data=passed).status_code == 303
    assert "Receipts with one signature" not in client.get("/audit/findings?status=late").text
    assert client.post(f"{address}/evidence", data={"reference": item}).status_code == 422
    assert client.get("/audit/findings?status=nothing").status_code == 422
    named = client.post(f"{address}/release", data={"summary": "Ask 081-234-5678"})
    assert (named.status_code, "telephone number" in named.text) == (422, True)
    summary = {"summary": "Receipts had one signature; now they have two."}
    assert client.post(f"{address}/release", data=summary).status_code == 303
    assert client.post(f"{address}/release", data=summary).status_code == 422
    reopened = {"words": "Seen again", "due_on": app_clock.today() + timedelta(days=9)}
    assert client.post(f"{address}/reopen", data=reopened).status_code == 303
    stranger = app.test_client()
    stranger.set_cookie("lang", "en")
    page = stranger.get("/audit/published").text
    assert summary["summary"] in page
    assert SECRET not in page
    assert owner.name not in page
    sign_in(client, make_user(Role.CASE_MANAGER, ("9501",)))
    assert client.get(address).status_code == 403


@pytest.mark.sqlite
def test_what_is_refused(session, item):
    owner = make_user(Role.APPROVER)
    with pytest.raises(FindingOwnerError):
        make_finding(make_user(Role.CASE_MANAGER, ("9501",)), item)
    with pytest.raises(FindingDueError):
        make_finding(owner, item, due_on=app_clock.today() - timedelta(days=1))
    with pytest.raises(ForbiddenError):
        make_finding(owner, item, actor=OFFICER)
    finding = make_finding(owner, item)
    unit_of_work(operations.answer_finding, finding.number, "Done", actor=owner.as_actor())
    with pytest.raises(OwnerRetestsError):
        later = person(owner.public_id, owner.id, grants([Role.AUDITOR]))
        unit_of_work(operations.retest_finding, finding.number, "Right", passed=True, actor=later)
    with pytest.raises(FindingStateError):
        unit_of_work(
            operations.reopen_finding,
            finding.number, "Why", due_on=app_clock.today(), actor=AUDITOR,
        )  # fmt: skip


def test_the_database_keeps_findings(session, item):
    owner = make_user(Role.APPROVER)
    finding = make_finding(owner, item)
    number, key = finding.number, finding.id
    unit_of_work(operations.answer_finding, number, "Done", actor=owner.as_actor())
    unit_of_work(operations.release_finding, number, "Summary", actor=AUDITOR)
    step = "INSERT INTO audit_finding_steps SELECT finding_id, {}, '{}', {}, words_digest,"
    step += f" done_by, done_at FROM audit_finding_steps WHERE finding_id = {key}"
    for statement in (
        f"UPDATE audit_findings SET title = 'x' WHERE id = {key}",
        f"UPDATE audit_findings SET status = 'closed' WHERE id = {key}",
        f"UPDATE audit_findings SET due_on = '2027-12-31' WHERE id = {key}",
        f"UPDATE audit_findings SET summary = 'x' WHERE id = {key}",
        f"UPDATE audit_findings SET owner = made_by WHERE id = {key}",
        f"DELETE FROM audit_findings WHERE id = {key}",
        step.format(2, "answered", "NULL"),
        step.format(3, "closed", "NULL"),
        step.format(2, "reopened", "NULL"),
        f"UPDATE audit_finding_steps SET status = 'closed' WHERE finding_id = {key}",
        f"DELETE FROM audit_finding_steps WHERE finding_id = {key}",
        f"UPDATE audit_finding_evidence SET added_by = 'x' WHERE finding_id = {key}",
        f"DELETE FROM audit_finding_evidence WHERE finding_id = {key}",
        f"INSERT INTO audit_finding_evidence SELECT finding_id, 2, NULL, NULL, NULL, NULL,"
        f" added_by, added_at FROM audit_finding_evidence WHERE finding_id = {key}",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))
    unit_of_work(lambda: db.session.execute(text(step.format(2, "closed", "NULL"))))


@pytest.mark.sqlite
def test_every_pair_of_state_and_action():
    """Pure: no database."""
    allowed = {
        ("open", "answer"): "answered",
        ("reopened", "answer"): "answered",
        ("answered", "confirm"): "closed",
        ("answered", "fail"): "reopened",
        ("closed", "reopen"): "reopened",
        **{(state, "add-evidence"): state for state in ("open", "answered", "reopened")},
    }
    for status in FindingStatus:
        for action in FindingAction:
            wanted = allowed.get((str(status), str(action)))
            if wanted is not None:
                assert next_finding_status(status, action) == wanted
            else:
                with pytest.raises(FindingStateError):
                    next_finding_status(status, action)
