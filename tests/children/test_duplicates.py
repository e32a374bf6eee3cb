"""A new file that may be of a child who has one already: it waits, and a supervisor decides."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Permission, Role
from fundapp.children import errors, operations, queries
from fundapp.children.models import (
    Child,
    ChildStatus,
    CloseReason,
    DuplicateDecision,
    DuplicateFinding,
    Purpose,
)
from fundapp.children.open_files import count_open_files, find_wrong_counts
from fundapp.children.operations.erasures import erase_child_words, plan_erasure
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.errors import WaitingFileError
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.ids import new_id
from fundapp.remarks.models import ErasureReason, Remark, RemarkKind
from fundapp.trail.models import AuditEvent, ChildRead
from tests.factories.children import MUEANG, RAMAN, YAHA, make_child
from tests.factories.disbursements import THOUSAND, make_request, make_team
from tests.factories.identity import give, make_user, sign_in

SAME = {"given_name": "Ali", "family_name": "Invented", "birth_on": date(2017, 3, 4)}
WHY = "Another mother, another village."
REASON = "Asked the school and both families."
ANOTHER, THE_SAME = DuplicateDecision.ANOTHER_CHILD, DuplicateDecision.SAME_CHILD


@pytest.fixture
def supervisor(build_once, clock):
    return build_once("children/supervisor", lambda: make_user(Role.SUPERVISOR, (RAMAN,)))


@pytest.fixture
def waiting(manager, build_once):
    """A file of Raman with the names of an earlier one of Raman."""
    return build_once("children/waiting", lambda: make_waiting(manager))


def make_waiting(manager):
    make_child(manager, **SAME)
    return make_child(manager, **SAME, another_child=WHY)


def browser_of(app, user):
    client = app.test_client()
    sign_in(client, user)
    client.set_cookie("lang", "en")
    return client


def decide(client, child, decision=ANOTHER, reason=REASON):
    return client.post(
        f"/children/{child.public_id}/duplicate", data={"decision": decision, "reason": reason}
    )


def status_of(child):
    db.session.expire_all()
    return db.session.get_one(Child, child.id).status


def reads():
    db.session.rollback()
    found = db.session.query(ChildRead).filter_by(purpose=str(Purpose.DUPLICATE))
    return [read.child_ref for read in found]


def test_a_possible_duplicate_takes_no_help_until_it_is_decided(app, manager, supervisor, waiting):
    page = browser_of(app, manager).get(f"/children/{waiting.public_id}").text
    assert "Until a supervisor has decided, no help can be asked for or approved." in page
    assert "/disbursements/new" not in page
    team = make_team()
    with pytest.raises(WaitingFileError):
        make_request(team, lines=(LineDraft(waiting.public_id, THOUSAND),))
    assert decide(browser_of(app, supervisor), waiting).status_code == 303
    assert make_request(team, lines=(LineDraft(waiting.public_id, THOUSAND),)).lines


@pytest.mark.sqlite
def test_the_form_to_ask_for_help_does_not_offer_a_waiting_file(app, manager, waiting):
    page = browser_of(app, manager).get(f"/disbursements/new?district={RAMAN}").text
    assert waiting.code not in page


@pytest.mark.sqlite
def test_the_supervisor_sees_it_on_today_and_in_the_list(app, supervisor, waiting):
    client = browser_of(app, supervisor)
    assert 'href="/children/duplicates"' in client.get("/today").text
    page = client.get("/children/duplicates").text
    assert waiting.code in page
    assert "Ali" not in page
    assert reads() == []
    page = client.get(f"/children/{waiting.public_id}/duplicate").text
    assert page.count("Ali") == 2
    assert WHY in page
    earlier = queries.get_finding(waiting).other
    assert sorted(reads()) == sorted([waiting.public_id, earlier.public_id])


@pytest.mark.sqlite
def test_of_another_district_a_supervisor_sees_code_and_district_alone(app, manager, supervisor):
    earlier = make_child(district_code=YAHA, **SAME, school_name="Hidden School")
    waiting = make_child(manager, **SAME, school_name="")
    page = browser_of(app, supervisor).get(f"/children/{waiting.public_id}/duplicate").text
    assert earlier.code in page
    assert "Ask the case manager of that district" in page
    assert "Hidden School" not in page
    assert page.count("Ali") == 1
    assert reads() == [waiting.public_id]
    page = browser_of(app, manager).get(f"/children/{waiting.public_id}/duplicate").text
    assert earlier.code not in page


@pytest.mark.sqlite
def test_what_no_consent_allows_is_hidden_while_two_files_are_compared(app, supervisor, waiting):
    manager = make_user("case_manager", (RAMAN,)).as_actor()
    consent = waiting.consents[0].id
    unit_of_work(operations.withdraw_consent, waiting.public_id, consent, actor=manager)
    page = browser_of(app, supervisor).get(f"/children/{waiting.public_id}/duplicate").text
    assert page.count("Ali") == 1
    assert WHY not in page


def test_another_child_goes_on_and_the_case_manager_is_told(app, manager, supervisor, waiting):
    counted = count_open_files()
    told = browser_of(app, manager)
    assert "state=decided" not in told.get("/today").text
    answer = decide(browser_of(app, supervisor), waiting)
    assert (answer.status_code, answer.location) == (303, "/children/duplicates")
    assert status_of(waiting) is ChildStatus.ACTIVE
    assert sum(count_open_files().values()) == sum(counted.values()) + 1
    assert list(find_wrong_counts()) == []
    assert "/children/duplicates?state=decided" in told.get("/today").text
    page = told.get("/children/duplicates?state=decided").text
    assert waiting.code in page
    assert "Another child" in page
    page = told.get(f"/children/{waiting.public_id}/duplicate").text
    assert REASON in page
    assert supervisor.name in page


def test_the_same_child_closes_the_new_file_and_merges_nothing(app, supervisor, waiting):
    earlier = queries.get_finding(waiting).other
    counted = count_open_files()
    decide(browser_of(app, supervisor), waiting, THE_SAME)
    assert status_of(waiting) is ChildStatus.CLOSED
    assert waiting.close_reason is CloseReason.SAME_CHILD
    assert status_of(earlier) is ChildStatus.ACTIVE
    assert count_open_files() == counted
    assert list(find_wrong_counts()) == []


def test_a_second_file_is_compared_with_no_more(app, manager, supervisor):
    """Of an earlier file elsewhere and a closed second one here, the earlier one counts."""
    earlier = make_child(district_code=YAHA, **SAME)
    second = make_child(manager, **SAME)
    decide(browser_of(app, supervisor), second, THE_SAME)
    third = make_child(manager, **SAME)
    assert queries.get_finding(third).other.id == earlier.id


@pytest.mark.sqlite
@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_needs_a_reason(app, supervisor, waiting, reason):
    answer = decide(browser_of(app, supervisor), waiting, reason=reason)
    assert answer.status_code == 422
    assert "Write why: what you compared" in answer.text
    assert status_of(waiting) is ChildStatus.WAITING


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("Ali Invented has two files", "may be the name"), ("call 081-234-5678", "081-234-5678")],
)
def test_a_reason_names_nobody(app, supervisor, waiting, reason, sentence):
    answer = decide(browser_of(app, supervisor), waiting, reason=reason)
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.sqlite
def test_a_decision_without_a_form_needs_a_reason_too(supervisor, waiting):
    with pytest.raises(errors.NoReasonError):
        unit_of_work(
            operations.decide_duplicate,
            waiting.public_id,
            ANOTHER,
            reason=" ",
            actor=supervisor.as_actor(),
        )


@pytest.mark.sqlite
def test_a_decision_is_one_of_two(app, supervisor, waiting):
    answer = decide(browser_of(app, supervisor), waiting, decision="perhaps")
    assert answer.status_code == 422


def test_the_words_are_encrypted_and_can_be_erased(app, supervisor, waiting):
    decide(browser_of(app, supervisor), waiting)
    remarks = db.session.query(Remark).filter_by(kind=RemarkKind.DUPLICATE).all()
    assert [remark.about_child for remark in remarks] == [True, True]
    administrator = make_user(Role.ADMINISTRATOR).as_actor()
    plan = plan_erasure(waiting.code, actor=administrator)
    assert plan.goes == ((RemarkKind.DUPLICATE.label, 2),)
    unit_of_work(erase_child_words, waiting.code, why=ErasureReason.REQUESTED, actor=administrator)
    page = browser_of(app, supervisor).get(f"/children/{waiting.public_id}/duplicate").text
    assert (REASON in page, WHY in page) == (False, False)


@pytest.mark.sqlite
def test_the_trail_tells_who_found_and_who_decided(app, supervisor, waiting):
    decide(browser_of(app, supervisor), waiting)
    events = [
        (event.action, event.actor)
        for event in db.session.scalars(
            select(AuditEvent)
            .where(AuditEvent.action.like("children:duplicate:%"))
            .order_by(AuditEvent.id)
        )
    ]
    assert [action for action, _actor in events] == [
        "children:duplicate:find",
        "children:duplicate:decide",
    ]
    assert events[1][1] == supervisor.public_id
    page = browser_of(app, make_user(Role.ADMINISTRATOR)).get("/audit/trail").text
    assert "Possible duplicate decided" in page
    assert "Possible duplicate registered" in page
    assert "Another child" in page
    assert REASON not in page


@pytest.mark.sqlite
def test_supervisors_of_other_districts_do_not_know_it(app, waiting):
    client = browser_of(app, make_user(Role.SUPERVISOR, (MUEANG,)))
    assert waiting.code not in client.get("/children/duplicates").text
    assert client.get(f"/children/{waiting.public_id}/duplicate").status_code == 404
    assert decide(client, waiting).status_code == 404


@pytest.mark.sqlite
def test_a_supervisor_there_who_is_case_manager_here_does_not_decide(app, waiting):
    """By exception, each role with its own districts."""
    both = make_user(Role.SUPERVISOR, (MUEANG,), roles=[Role.SUPERVISOR, Role.CASE_MANAGER])
    give(both, {Role.SUPERVISOR: frozenset({MUEANG}), Role.CASE_MANAGER: frozenset({RAMAN})})
    client = browser_of(app, both)
    assert decide(client, waiting).status_code == 403
    assert 'name="decision"' not in client.get(f"/children/{waiting.public_id}/duplicate").text


@pytest.mark.sqlite
def test_whoever_registered_the_child_does_not_decide(app, session, clock):
    both = make_user(Role.SUPERVISOR, (RAMAN,), roles=[Role.SUPERVISOR, Role.CASE_MANAGER])
    make_child(both, **SAME)
    own = make_child(both, **SAME, another_child=WHY)
    client = browser_of(app, both)
    page = client.get(f"/children/{own.public_id}/duplicate").text
    assert "You registered this child. Another supervisor decides." in page
    answer = decide(client, own)
    assert answer.status_code == 403
    assert "You registered this child" in answer.text
    assert status_of(own) is ChildStatus.WAITING


STATES = ("none", "waiting", "closed", ANOTHER, THE_SAME)


def file_in(state, manager, supervisor):
    """A file of Raman that has been brought into the state."""
    if state == "none":
        return make_child(manager)
    make_child(manager, **SAME)
    child = make_child(manager, **SAME, another_child=WHY)
    if state == "closed":
        actor = manager.as_actor()
        unit_of_work(operations.close_child, child.public_id, CloseReason.MISTAKE, actor=actor)
    elif state != "waiting":
        actor = supervisor.as_actor()
        unit_of_work(
            operations.decide_duplicate, child.public_id, state, reason=REASON, actor=actor
        )
    return child


# Who may and in which state is asked in Python; deciding runs on both databases above.
@pytest.mark.sqlite
@pytest.mark.parametrize("decision", list(DuplicateDecision))
@pytest.mark.parametrize("state", STATES)
def test_who_decides_in_which_state(manager, supervisor, state, decision):
    child = file_in(state, manager, supervisor)
    before = status_of(child)
    actors = [make_user(role, (RAMAN,)).as_actor() for role in Role]
    (decider,) = [actor for actor in actors if actor.can(Permission.DUPLICATE_DECIDE)]

    def decide(actor):
        unit_of_work(
            operations.decide_duplicate, child.public_id, decision, reason=REASON, actor=actor
        )

    for actor in actors:
        if actor is not decider:
            with pytest.raises(ForbiddenError):
                decide(actor)
            assert status_of(child) is before
    if state == "waiting":
        decide(decider)
        is_open = decision is ANOTHER
        assert status_of(child) is (ChildStatus.ACTIVE if is_open else ChildStatus.CLOSED)
        return
    with pytest.raises(NotFoundError if state == "none" else errors.DuplicateDecidedError):
        decide(decider)
    assert status_of(child) is before


@pytest.mark.sqlite
def test_nobody_closes_a_file_by_hand_as_the_second_one(app, manager, waiting):
    client = browser_of(app, manager)
    address = f"/children/{waiting.public_id}/close"
    assert client.post(address, data={"reason": "same_child"}).status_code == 422
    with pytest.raises(ForbiddenError):
        unit_of_work(
            operations.close_child,
            waiting.public_id,
            CloseReason.SAME_CHILD,
            actor=manager.as_actor(),
        )
    counted = count_open_files()
    assert client.post(address, data={"reason": "mistake"}).status_code == 303
    assert count_open_files() == counted
    assert waiting.code not in client.get("/children/duplicates").text


@pytest.mark.sqlite
def test_a_decision_of_a_week_ago_leaves_the_list(app, clock, manager, supervisor, waiting):
    decide(browser_of(app, supervisor), waiting)
    clock.move_to(datetime(2026, 12, 5, 3, tzinfo=UTC))
    client = browser_of(app, manager)
    assert waiting.code not in client.get("/children/duplicates?state=decided").text
    assert "state=decided" not in client.get("/today").text


def test_of_two_supervisors_at_once_one_decides_and_the_other_is_told(app, supervisor, waiting):
    people = [supervisor.as_actor(), make_user(Role.SUPERVISOR, (RAMAN,)).as_actor()]
    public_id, start, results = waiting.public_id, Barrier(2), []
    db.session.remove()

    def work(actor, decision):
        with app.app_context():
            start.wait()
            try:
                unit_of_work(
                    operations.decide_duplicate, public_id, decision, reason=REASON, actor=actor
                )
                results.append("decided")
            except errors.DuplicateDecidedError as error:
                results.append(str(error))
            finally:
                db.session.remove()

    threads = [
        Thread(target=work, args=pair) for pair in zip(people, (ANOTHER, THE_SAME), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "decided" in results
    assert any("decided already" in result for result in results)


@pytest.mark.sqlite
def test_a_supervisor_who_is_late_is_told(app, supervisor, waiting):
    late = browser_of(app, make_user(Role.SUPERVISOR, (RAMAN,)))
    decide(browser_of(app, supervisor), waiting)
    answer = decide(late, waiting, THE_SAME)
    assert answer.status_code == 409
    assert "This has been decided already" in answer.text


#: After a file of Raman waits, has been decided on, or a request stands for the earlier one.
REFUSED_WHILE_WAITING = [
    "UPDATE children SET status = 'active' WHERE status = 'waiting'",
    "UPDATE children SET status = 'closed', closed_on = '2026-11-24', close_reason = 'same_child'"
    " WHERE status = 'waiting'",
    "UPDATE children SET status = 'waiting' WHERE status = 'active'",
    "UPDATE children SET registered_by_id = (SELECT max(id) FROM users) WHERE status = 'waiting'",
    "UPDATE duplicate_findings SET decision = 'another_child'",
    "UPDATE duplicate_findings SET decision = 'another_child', decided_at = found_at,"
    " decision_digest = found_digest, decided_by_id = found_by_id",
    "UPDATE duplicate_findings SET decision = 'perhaps', decided_at = found_at,"
    " decision_digest = found_digest, decided_by_id = (SELECT max(id) FROM users)",
    "UPDATE duplicate_findings SET other_id = child_id",
    "UPDATE duplicate_findings SET found_by_id = (SELECT max(id) FROM users)",
    "UPDATE request_lines SET child_id = (SELECT id FROM children WHERE status = 'waiting')",
    "DELETE FROM duplicate_findings",
]  # fmt: skip


def run(statement, **values):
    unit_of_work(lambda: db.session.execute(text(statement), values))


def test_the_tables_hold_a_waiting_file_back(manager, supervisor, waiting):
    team = make_team()
    make_request(team)
    for statement in REFUSED_WHILE_WAITING:
        with pytest.raises(DBAPIError):
            run(statement)
    line = (
        "INSERT INTO request_lines (id, request_id, child_id, amount_satang) SELECT"
        " :id, r.id, c.id, 100 FROM disbursement_requests r, children c WHERE c.status = 'waiting'"
    )
    with pytest.raises(DBAPIError):
        run(line, id=new_id())
    finding = (
        "INSERT INTO duplicate_findings (id, child_id, other_id, found_by_id, found_at)"
        " SELECT :id, c.id, (SELECT child_id FROM duplicate_findings), c.registered_by_id,"
        " c.registered_at FROM children c WHERE c.status = 'active'"
    )
    with pytest.raises(DBAPIError):
        run(finding, id=new_id())


def test_the_tables_let_a_decision_stand(app, supervisor, waiting):
    decide(browser_of(app, supervisor), waiting, THE_SAME)
    for statement in (
        "UPDATE duplicate_findings SET decision = 'another_child'",
        "UPDATE children SET status = 'active', closed_on = NULL, close_reason = NULL"
        " WHERE status = 'closed'",
    ):
        with pytest.raises(DBAPIError):
            run(statement)
    assert db.session.query(DuplicateFinding).one().decision is THE_SAME
