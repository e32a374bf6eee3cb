"""Requests for children whom their case manager handed on: what the one before still sees."""

import pytest
from sqlalchemy import event, select

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.aid_plans.drafts import SplitDraft
from fundapp.aid_plans.operations import split_request
from fundapp.children.models import Purpose
from fundapp.db import db, unit_of_reading, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.errors import NotYoursError, ThreePeopleError
from fundapp.disbursements.models import Decision, DisbursementRequest, PayoutMethod
from fundapp.disbursements.queries import (
    count_by_status,
    get_request,
    list_requests,
    sees_request,
    visible_requests,
)
from fundapp.disbursements.reader import request_file
from fundapp.errors import NotFoundError
from tests.factories.casework import hand_on
from tests.factories.children import RAMAN, every_consent, make_child
from tests.factories.disbursements import (
    PAYEE,
    THOUSAND,
    decide,
    make_request,
    make_team,
    request_draft,
    send_request,
)
from tests.factories.identity import make_user, sign_in

REASON = "Shoes and books for the new term"


@pytest.fixture
def team(build_once, clock):
    return build_once("handed_on/team", lambda: make_team(50 * THOUSAND))


@pytest.fixture
def other(build_once, team):
    return build_once("handed_on/other", lambda: make_user(Role.CASE_MANAGER, (RAMAN,)))


def browser_of(app, user):
    client = app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client


def seen_by(user):
    """The numbers of the requests that this person may list, by the list and by the rule."""
    db.session.rollback()
    viewer = user.as_actor()
    listed = {each.number for each in list_requests(viewer=viewer).rows}
    assert sum(count_by_status(viewer=viewer).values()) == len(listed)
    every = db.session.scalars(select(DisbursementRequest)).all()
    by_sql = db.session.scalars(select(DisbursementRequest).where(visible_requests(viewer))).all()
    assert listed == {each.number for each in every if sees_request(viewer, each)}
    assert listed == {each.number for each in by_sql}
    return listed


def test_who_asked_sees_how_far_it_is_and_nothing_that_names_the_child(app, team, other):
    mine, returned = make_request(team), make_request(team, 2 * THOUSAND)
    decide(returned, team, Decision.RETURN, reason="Which shop?")
    asked_by_other = unit_of_work(
        operations.submit_request,
        request_draft(team, reason="ค่าเดินทาง", payout_method=PayoutMethod.CASH, account=None),
        actor=other.as_actor(),
    )
    hand_on(team.child, team.asker, other)
    assert seen_by(team.asker) == {mine.number, returned.number}
    assert seen_by(other) == {mine.number, returned.number, asked_by_other.number}
    assert len(seen_by(team.prover)) == len(seen_by(team.approver)) == 3
    former, url = browser_of(app, team.asker), f"/disbursements/{mine.public_id}"
    page = former.get(url)
    assert page.status_code == 200
    told = [text in page.text for text in (mine.number, PAYEE, REASON, "7890", "1234567890")]
    assert told == [True, False, False, False, False]
    assert "You handed these children over" in page.text
    theirs = browser_of(app, other)
    assert all(text in theirs.get(url).text for text in (PAYEE, REASON))
    for path in (f"{url}/voucher", f"/disbursements/{asked_by_other.public_id}"):
        assert former.get(path).status_code == 404
    edit = f"/disbursements/{returned.public_id}/edit"
    assert (former.get(edit).status_code, former.post(edit).status_code) == (404, 404)
    assert "Change the request" not in former.get(f"/disbursements/{returned.public_id}").text
    draft, actor = request_draft(team, 2 * THOUSAND), team.asker.as_actor()
    version = db.session.get_one(DisbursementRequest, returned.id).version
    with pytest.raises(ThreePeopleError):
        unit_of_work(
            operations.resubmit_request, returned.public_id, draft, version=version, actor=actor
        )
    cancel = {
        "cancel-version": str(version),
        "cancel-code": "other",
        "cancel-reason": "ย้ายผู้ดูแล",
    }
    cancelled = former.post(f"/disbursements/{returned.public_id}/cancel", data=cancel)
    assert cancelled.status_code == 303, cancelled.text


def test_no_help_is_asked_for_a_child_that_was_handed_on(app, team, other):
    draft, actor = request_draft(team), team.asker.as_actor()
    hand_on(team.child, team.asker, other)
    with pytest.raises(NotFoundError):
        unit_of_work(operations.submit_request, draft, actor=actor)
    with pytest.raises(NotFoundError):
        unit_of_reading(
            operations.read_children_to_offer, [team.child.public_id],
            district_code=RAMAN, text="", limit=5, actor=actor,
        )  # fmt: skip
    offered = operations.read_codes_to_list(district_code=RAMAN, text="", actor=actor)
    assert team.child.code not in offered
    asked = unit_of_work(operations.submit_request, draft, actor=other.as_actor())
    assert asked.number in seen_by(other)


def test_a_request_for_several_names_those_who_are_left(app, team, other):
    left = [make_child(team.asker, consents=every_consent()) for _ in range(2)]
    children = [team.child, *left]
    lines = [LineDraft(child.public_id, THOUSAND) for child in children]
    request = send_request(team, lines=lines)
    hand_on(team.child, team.asker, other)
    actor = team.asker.as_actor()

    def read():
        found = get_request(request.public_id, viewer=actor)
        return request_file(found, purpose=Purpose.REQUEST, viewer=actor)

    file = unit_of_reading(read)
    named = {line.code: (bool(line.name), line.is_seen) for line in file.lines}
    assert named == {child.code: (child in left, child in left) for child in children}
    assert (file.parts.is_handed_on, file.reason, file.payee_name) == (False, "", PAYEE)
    page = browser_of(app, team.asker).get(f"/disbursements/{request.public_id}").text
    assert [f"/children/{child.public_id}" in page for child in children] == [False, True, True]
    parts = SplitDraft(count=2, months=1, first_on=clock.today())
    with pytest.raises(NotYoursError):
        unit_of_work(split_request, request.public_id, parts, version=request.version, actor=actor)
    decide(request, team, Decision.RETURN, reason="Which shop?")
    edit = browser_of(app, team.asker).get(f"/disbursements/{request.public_id}/edit").text
    assert [child.code in edit for child in children] == [False, True, True]


def test_many_children_are_one_question(team, other):
    children = [make_child(team.asker, consents=every_consent()) for _ in range(12)]
    few = send_request(team, lines=[LineDraft(children[0].public_id, THOUSAND)])
    many = send_request(team, lines=[LineDraft(each.public_id, 100_00) for each in children[1:]])
    hand_on(team.child, team.asker, other)

    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    def statements(request):
        asked.clear()
        found = get_request(request.public_id, viewer=team.asker.as_actor())
        file = request_file(found, purpose=Purpose.REQUEST, viewer=team.asker.as_actor())
        assert file.parts.reason
        return sum("child_managers" in statement for statement in asked)

    event.listen(db.engine, "before_cursor_execute", note)
    counts = [unit_of_reading(statements, request) for request in (few, many)]
    event.remove(db.engine, "before_cursor_execute", note)
    assert counts == [2, 2], "whether it is seen, and which children"
