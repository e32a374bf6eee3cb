"""The way of a proposal: made, taken over, confirmed, refused, withdrawn, stale, expired."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.identity.models import Delivery
from fundapp.identity.operations import (
    accept_invitation,
    disable_user,
    narrow_roles,
    print_second_sheet,
    reset_sign_in,
)
from fundapp.identity.queries import get_user
from fundapp.identity.role_rows import ROLES
from fundapp.ledger.kinds import LET_GO_LIMIT
from fundapp.ledger.models import Fund
from fundapp.ledger.operations import set_let_go_limit
from fundapp.proposals import errors, operations
from fundapp.proposals.models import Proposal, ProposalStatus
from fundapp.proposals.queries import count_waiting
from fundapp.trail.models import AuditEvent
from tests.factories.actors import COMMAND_LINE, HOUSE, VISITOR
from tests.factories.books import make_fund
from tests.factories.identity import make_user, sign_in

LIMIT = (LET_GO_LIMIT, "GENERAL", {"satang": 500})


def administrator():
    return make_user(Role.ADMINISTRATOR).as_actor()


def officer():
    return make_user(Role.FUND_OFFICER).as_actor()


def do(operation, proposal, actor):
    return unit_of_work(operation, proposal.public_id, actor=actor)


def make(*proposal, actor):
    return unit_of_work(operations.make_proposal, *proposal, actor=actor)


def reset_and_accept(person, maker, delivery=Delivery.PAPER, second=None):
    """Reset the sign-in of a person, who chooses a password again; on paper a second administrator
    prints too.
    """
    second, sheet = second or administrator(), ""
    code = unit_of_work(reset_sign_in, person.ref, delivery=delivery, actor=maker)
    if delivery is Delivery.PAPER and maker.user_id is not None:
        sheet = unit_of_work(print_second_sheet, person.ref, actor=second)
    chosen = {"password": "durian ferry 17 umbrella", "second_code": sheet, "actor": VISITOR}
    unit_of_work(accept_invitation, code, **chosen)


def limit():
    db.session.expire_all()
    return db.session.get(Fund, "GENERAL").let_go_limit_satang


@pytest.fixture
def proposed(session, clock):
    """An officer proposes another limit of a fund."""
    make_fund()
    return make(*LIMIT, actor=officer())


def test_it_holds_when_an_administrator_confirms(proposed):
    assert limit() == 100
    confirming = administrator()
    do(operations.confirm_proposal, proposed, confirming)
    assert limit() == 500
    row = db.session.get(Proposal, proposed.id)
    assert (row.status, row.decided_by_id) == (ProposalStatus.CONFIRMED, confirming.user_id)
    assert (row.before, row.after) == ({"satang": 100}, {"satang": 500})
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_type == "proposal"))
    assert [event.action.rpartition(":")[2] for event in events] == ["make", "confirm"]


def test_nobody_confirms_or_refuses_the_own_proposal(session, clock):
    make_fund()
    own = administrator()
    proposal = make(*LIMIT, actor=own)
    for operation in (operations.confirm_proposal, operations.refuse_proposal):
        with pytest.raises(errors.OwnProposalError):
            do(operation, proposal, own)
    assert limit() == 100
    with pytest.raises(DBAPIError, match="two_people"):
        unit_of_work(
            lambda: db.session.execute(
                text(
                    "UPDATE proposals SET status = 'confirmed', decided_by_id = proposed_by_id,"
                    " decided_at = proposed_at"
                )
            )
        )


@pytest.mark.sqlite
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR], ids=str)
def test_only_administrators_confirm_and_refuse(proposed, role):
    other = make_user(role).as_actor()
    for operation in (operations.confirm_proposal, operations.refuse_proposal):
        with pytest.raises(ForbiddenError):
            do(operation, proposed, other)
    assert limit() == 100


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "role",
    [role for role in Role if role not in (Role.ADMINISTRATOR, Role.FUND_OFFICER)],
    ids=str,
)
def test_only_officers_and_administrators_propose(session, clock, role):
    make_fund()
    with pytest.raises(ForbiddenError):
        make(*LIMIT, actor=make_user(role).as_actor())


def test_refused_and_withdrawn_change_nothing(proposed):
    with pytest.raises(ForbiddenError):
        do(operations.withdraw_proposal, proposed, administrator())
    do(operations.refuse_proposal, proposed, administrator())
    again = make(*LIMIT, actor=(own := officer()))
    do(operations.withdraw_proposal, again, own)
    for decided in (proposed, again):
        with pytest.raises(errors.ProposalDecidedError):
            do(operations.confirm_proposal, decided, administrator())
    assert limit() == 100


def test_what_changed_since_is_not_overwritten(proposed):
    unit_of_work(set_let_go_limit, "GENERAL", 200, actor=HOUSE)
    with pytest.raises(errors.ProposalStaleError):
        do(operations.confirm_proposal, proposed, administrator())
    assert limit() == 200


@pytest.mark.sqlite
def test_it_expires(proposed, clock):
    confirming = administrator()
    assert count_waiting(confirming) == 1
    clock.shift(timedelta(days=15))
    with pytest.raises(errors.ProposalExpiredError):
        do(operations.confirm_proposal, proposed, confirming)
    assert (limit(), count_waiting(confirming)) == (100, 0)
    again = make(*LIMIT, actor=officer())
    assert db.session.get(Proposal, proposed.id).status is ProposalStatus.EXPIRED
    do(operations.confirm_proposal, again, confirming)
    assert limit() == 500


def test_one_change_of_a_thing_waits_at_a_time(proposed):
    with pytest.raises(errors.AlreadyProposedError):
        make(*LIMIT, actor=administrator())
    with pytest.raises(errors.NothingProposedError):
        make(LET_GO_LIMIT, "GENERAL", {"satang": 100}, actor=administrator())
    with pytest.raises(NotFoundError):
        make(LET_GO_LIMIT, "NONE", {"satang": 100}, actor=administrator())
    with pytest.raises(NotFoundError):
        make("no such kind", "GENERAL", {}, actor=administrator())


def test_a_proposer_who_may_not_any_more_counts_for_nothing(session, clock):
    make_fund()
    user = make_user(Role.FUND_OFFICER)
    proposal = make(*LIMIT, actor=user.as_actor())
    unit_of_work(disable_user, user.public_id, actor=COMMAND_LINE)
    with pytest.raises(errors.ProposerGoneError):
        do(operations.confirm_proposal, proposal, administrator())
    assert limit() == 100


@pytest.mark.sqlite
def test_who_lost_the_role_meanwhile_confirms_nothing(proposed):
    """The actor of an older request is asked again when the row is locked."""
    user = make_user(Role.ADMINISTRATOR, roles=[Role.ADMINISTRATOR, Role.DONOR])
    earlier = user.as_actor()
    administrator()
    unit_of_work(
        narrow_roles, user.public_id, roles={Role.DONOR: frozenset()}, actor=administrator()
    )
    with pytest.raises(ForbiddenError):
        do(operations.confirm_proposal, proposed, earlier)
    assert limit() == 100


@pytest.mark.sqlite
def test_what_a_command_proposed_takes_two_people(session, clock):
    make_fund()
    proposal = make(*LIMIT, actor=COMMAND_LINE)
    first, second = administrator(), administrator()
    with pytest.raises(errors.NotTakenOverError):
        do(operations.confirm_proposal, proposal, first)
    do(operations.take_over_proposal, proposal, first)
    with pytest.raises(ForbiddenError):
        do(operations.take_over_proposal, proposal, second)
    with pytest.raises(errors.OwnProposalError):
        do(operations.confirm_proposal, proposal, first)
    do(operations.confirm_proposal, proposal, second)
    assert limit() == 500


@pytest.mark.sqlite
def test_nobody_confirms_the_own_roles(session, clock):
    """Neither as the second person: what others propose for oneself, a third confirms."""
    user = make_user(Role.ADMINISTRATOR)
    wanted = {"administrator": [], "donor": []}
    proposal = make(ROLES, user.public_id, wanted, actor=administrator())
    with pytest.raises(Exception, match="cannot change your own roles"):
        do(operations.confirm_proposal, proposal, user.as_actor())
    do(operations.confirm_proposal, proposal, administrator())
    db.session.expire_all()
    assert get_user(user.public_id).role_set() == {Role.ADMINISTRATOR, Role.DONOR}


@pytest.mark.sqlite
def test_one_administrator_cannot_make_three_people(app, client, session, clock):
    """What an attacker did: three new people with passwords that he knew, and their roles."""
    sign_in(client, make_user(Role.ADMINISTRATOR))
    second = make_user(Role.ADMINISTRATOR)
    made = []
    for role in ("case_manager", "approver", "fund_officer"):
        form = {"email": f"{role}@example.org", "name": "Somebody", "role": role}
        answer = client.post("/users", data={**form, "districts": ["9506"]})
        assert answer.status_code in (201, 303)
        made.append(form["email"])
    rows = db.session.execute(text("SELECT count(*) FROM user_roles r JOIN users u ON "
                                   "u.id = r.user_id WHERE u.name = 'Somebody'"))  # fmt: skip
    assert rows.scalar_one() == 0
    waiting = db.session.scalars(select(Proposal)).all()
    assert len(waiting) == len(made)
    for proposal in waiting:
        answer = client.post(f"/proposals/{proposal.public_id}/confirm?lang=en")
        assert (answer.status_code, "Not for this role" in answer.text) == (422, False)
        assert "You proposed this yourself." in answer.text
    unit_of_work(disable_user, second.public_id, actor=COMMAND_LINE)
    page = client.get("/proposals?lang=en").text
    assert "Fewer than two administrators may sign in" in page


@pytest.mark.sqlite
def test_the_pages_of_proposals(app, client, session, clock):
    make_fund()
    sign_in(client, make_user(Role.FUND_OFFICER))
    proposal = make(*LIMIT, actor=officer())
    page = client.get(f"/proposals/{proposal.public_id}?lang=en").text
    assert ("5.00" in page, "1.00" in page) == (True, True)
    assert f"/proposals/{proposal.public_id}/confirm" not in page
    assert client.post(f"/proposals/{proposal.public_id}/confirm").status_code == 403
    desk = app.test_client()
    sign_in(desk, make_user(Role.ADMINISTRATOR))
    today = desk.get("/today?lang=en").text
    assert "Proposals that wait for a second person" in today
    assert desk.get("/proposals?lang=en").status_code == 200
    assert desk.post(f"/proposals/{proposal.public_id}/confirm").status_code == 303
    assert limit() == 500
    assert desk.post(f"/proposals/{proposal.public_id}/confirm").status_code == 409
    assert desk.get("/proposals/nobody").status_code == 404
    assert desk.post("/proposals/nobody/confirm").status_code == 404
    reader = app.test_client()
    sign_in(reader, make_user(Role.AUDITOR))
    assert reader.get(f"/proposals/{proposal.public_id}").status_code == 200
    assert reader.post(f"/proposals/{proposal.public_id}/refuse").status_code == 403
    other = app.test_client()
    sign_in(other, make_user(Role.CASE_MANAGER))
    assert other.get("/proposals").status_code == 403


@pytest.mark.one_case
@pytest.mark.parametrize("delivery", [Delivery.MAIL, Delivery.PAPER])
@pytest.mark.parametrize("is_proposer", [True, False])
def test_who_reset_the_sign_in_of_the_other_is_no_second_person_for_a_week(
    session, clock, is_proposer, delivery
):
    """Whoever made the invitation may be the one who used it, and would confirm alone."""
    make_fund()
    one, other = administrator(), administrator()
    reset_and_accept(other, one, delivery)
    first, second = (one, other) if is_proposer else (other, one)
    proposal = make(*LIMIT, actor=first)
    with pytest.raises(errors.ResetBetweenError):
        do(operations.confirm_proposal, proposal, second)
    clock.shift(timedelta(days=7))
    do(operations.confirm_proposal, proposal, second)
    assert limit() == 500


@pytest.mark.sqlite
def test_a_third_person_confirms_after_a_reset(session, clock):
    make_fund()
    one, other, third = administrator(), administrator(), administrator()
    unit_of_work(reset_sign_in, other.ref, delivery=Delivery.PAPER, actor=one)
    do(operations.confirm_proposal, make(*LIMIT, actor=one), third)
    assert limit() == 500


@pytest.mark.sqlite
def test_who_printed_the_second_sheet_is_no_second_person_either(session, clock):
    make_fund()
    one, other, printer = administrator(), administrator(), administrator()
    reset_and_accept(other, one, second=printer)
    for second in (one, printer):
        with pytest.raises(errors.ResetBetweenError):
            do(operations.confirm_proposal, make(*LIMIT, actor=other), second)
        unit_of_work(operations.withdraw_proposal, _open_ref(), actor=other)


def _open_ref():
    statement = select(Proposal.public_id).where(Proposal.status == ProposalStatus.OPEN)
    return db.session.scalars(statement).one()


@pytest.mark.sqlite
def test_two_whom_one_administrator_reset_on_paper_are_no_two_people(session, clock):
    make_fund()
    maker, one, other = administrator(), administrator(), administrator()
    for person in (one, other):
        reset_and_accept(person, maker)
    with pytest.raises(errors.ResetBetweenError):
        do(operations.confirm_proposal, make(*LIMIT, actor=one), other)
    clock.shift(timedelta(days=7))
    do(operations.confirm_proposal, db.session.scalars(select(Proposal)).one(), other)
    assert limit() == 500


@pytest.mark.sqlite
def test_whom_a_command_reset_is_no_second_person_for_a_week(session, clock):
    """Whoever runs the server may be the other administrator."""
    make_fund()
    one, other = administrator(), administrator()
    reset_and_accept(other, COMMAND_LINE)
    proposal = make(*LIMIT, actor=one)
    with pytest.raises(errors.ResetBetweenError):
        do(operations.confirm_proposal, proposal, other)
    clock.shift(timedelta(days=7))
    do(operations.confirm_proposal, proposal, other)
