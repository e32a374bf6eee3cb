"""Roles that exclude each other, and written exceptions: on pages, in the database, in time."""

import re
from datetime import date, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.access.combinations import Combination, combination
from fundapp.access.permissions import Permission, Role
from fundapp.db import db, unit_of_work
from fundapp.identity.kinds import EXCEPTION
from fundapp.identity.models import RoleException
from fundapp.identity.queries import get_user
from fundapp.identity.role_rows import ROLES
from fundapp.proposals.operations import make_proposal
from tests.factories.identity import agree, give, make_role_exception, make_user, sign_in
from tests.raw_sql import not_refused

TODAY = date(2026, 11, 24)
BOTH = [Role.CASE_MANAGER, Role.APPROVER]


def run(statement, **values):
    unit_of_work(lambda: db.session.execute(text(statement), values))


def add_role(user, role, granted_on=TODAY):
    """A role row by raw SQL, which says that a command gave it."""
    run(
        "INSERT INTO user_roles (user_id, role, granted_on, event_id) VALUES (:id, :role, :day, 1)",
        id=user.id, role=str(role), day=granted_on if _keeps_days() else granted_on.isoformat(),
    )  # fmt: skip


def _keeps_days():
    return db.engine.dialect.name == "postgresql"


def test_the_database_refuses_each_pair_that_is_not_allowed(session, clock):
    pairs = list(permutations(Role, 2))
    told = {pair: _told_of(session, *pair) for pair in pairs}
    assert told == {pair: combination(*pair) is Combination.ALLOWED for pair in pairs}
    assert set(told.values()) == {True, False}


def _told_of(session, held, given):
    """Whether the database lets somebody who holds one role have the other; its words otherwise."""
    user = make_user(held)
    try:
        add_role(user, given)
    except DBAPIError as error:
        return False if "does not hold these two roles" in str(error) else str(error)
    session.expire_all()
    return user.role_set() == {held, given}


def test_the_database_lets_a_pair_in_while_its_exception_counts(session, clock):
    user = make_user(Role.CASE_MANAGER, ("9506",))
    make_role_exception(user, Role.APPROVER, Role.CASE_MANAGER, days=30)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=31)):
        with pytest.raises(DBAPIError, match="does not hold these two roles"):
            add_role(user, Role.APPROVER, day)
    add_role(user, Role.APPROVER, TODAY + timedelta(days=30))


#: What the database says, and to what.
AGREED = {
    "never changed": ["UPDATE user_roles SET role = 'administrator'"],
    "explained": [
        "INSERT INTO user_roles (user_id, role, granted_on) SELECT id, 'donor', '2026-11-24'"
        " FROM users",
    ],
    "kept as written": [
        "UPDATE role_exceptions SET ends_on = '2099-01-01'",
        "UPDATE role_exceptions SET confirmed_by_id = user_id",
        "UPDATE proposals SET status = 'open'",
        "UPDATE proposals SET after_json = '{}'",
    ],
    "kept as written|append-only": ["DELETE FROM role_exceptions", "DELETE FROM proposals"],
}


def test_the_database_keeps_what_was_agreed(session, clock):
    make_user(Role.APPROVER, ("9506",), roles=BOTH)
    for sentence, statements in AGREED.items():
        assert not_refused(statements, sentence) == []


@pytest.mark.sqlite
def test_the_role_gives_nothing_from_the_day_after_the_last(client, session, clock):
    user = make_user(Role.APPROVER, ("9506",), roles=BOTH)
    assert user.as_actor().can(Permission.DISBURSEMENT_DECIDE)
    clock.shift(timedelta(days=30))
    assert user.as_actor().can(Permission.DISBURSEMENT_DECIDE)
    clock.shift(timedelta(days=1))
    actor = get_user(user.public_id).as_actor()
    assert not actor.can(Permission.DISBURSEMENT_DECIDE)
    assert actor.can_in(Permission.DISBURSEMENT_REQUEST, "9506")
    assert not actor.can_in(Permission.CHILD_READ, "9501")
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get(f"/users/{user.public_id}?lang=en").text
    assert "These roles have no effect" in page


def test_one_administrator_ends_an_exception_at_once(app, client, session, clock):
    user = make_user(Role.APPROVER, ("9506",), roles=BOTH)
    theirs = app.test_client()
    sign_in(theirs, user)
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get(f"/users/{user.public_id}?lang=en").text
    url = re.search(r'action="(/users/[^"]+/exceptions/\d+/end)"', page).group(1)
    assert client.post(url).status_code == 303
    assert theirs.get("/today").status_code == 302, "still signed in"
    session.expire_all()
    assert not get_user(user.public_id).as_actor().can(Permission.DISBURSEMENT_DECIDE)
    assert client.post(f"/users/{user.public_id}/exceptions/1/end").status_code == 404


@pytest.mark.sqlite
def test_an_exception_is_proposed_on_a_page_and_confirmed_by_another(app, client, session, clock):
    user = make_user(Role.CASE_MANAGER, ("9506",))
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.get(f"/users/{user.public_id}/exceptions").status_code == 200
    form = {"role": "approver", "beside": "case_manager", "reason": "absence"}
    sent = client.post(
        f"/users/{user.public_id}/exceptions", data={**form, "ends_on": "31/12/2569"}
    )
    assert sent.status_code == 303
    page = client.get(f"/users/{user.public_id}?lang=en").text
    proposal = re.search(r'href="(/proposals/[^"]+)"', page).group(1)
    own = client.post(f"{proposal}/confirm?lang=en")
    assert (own.status_code, "You proposed this yourself." in own.text) == (422, True)
    assert session.scalar(select(RoleException.id)) is None
    other = app.test_client()
    sign_in(other, make_user(Role.ADMINISTRATOR))
    shown = other.get(f"{proposal}?lang=en").text
    assert "Stands in for somebody who is away" in shown
    assert other.post(f"{proposal}/confirm").status_code == 303
    exception = session.scalars(select(RoleException)).one()
    assert (exception.user_id, exception.last_day) == (user.id, date(2026, 12, 31))
    give(user, {Role.CASE_MANAGER: frozenset({"9506"}), Role.APPROVER: frozenset()})
    session.expire_all()
    assert user.role_set() == set(BOTH)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role": "auditor"}, "Choose one of the possibilities shown."),
        ({"role": ""}, "Choose the role."),
        ({"role": "case_manager"}, "There is no exception for"),
        ({"beside": "supervisor"}, "There is no exception for"),
        ({"reason": ""}, "Choose why."),
        ({"ends_on": ""}, "Enter the last day."),
        ({"ends_on": "24/11/2569"}, "An exception ends after today and within a year."),
        ({"ends_on": "1/1/2572"}, "An exception ends after today and within a year."),
    ],
)
def test_a_wrong_exception_is_refused_at_the_field(client, session, clock, change, sentence):
    user = make_user(Role.CASE_MANAGER, ("9506",))
    sign_in(client, make_user(Role.ADMINISTRATOR))
    form = {
        "role": "approver", "beside": "case_manager", "reason": "absence",
        "ends_on": "31/12/2569", **change,
    }  # fmt: skip
    answer = client.post(f"/users/{user.public_id}/exceptions?lang=en", data=form)
    assert (answer.status_code, sentence in answer.text) == (422, True)


@pytest.mark.sqlite
@pytest.mark.parametrize("excepted", ["proposed_by_id", "decided_by_id"])
def test_whoever_is_excepted_takes_no_part_in_it(session, clock, excepted):
    """Not even by raw SQL: the three people of an exception are three."""
    agree(ROLES, make_user(Role.DONOR).public_id, {"auditor": []})
    with pytest.raises(DBAPIError, match="two_others"):
        run(
            "INSERT INTO role_exceptions (id, user_id, role, beside, reason, starts_on, ends_on,"
            f" proposal_id, proposed_by_id, confirmed_by_id) SELECT 1, {excepted}, 'approver',"
            " 'case_manager', 'absence', expires_on, expires_on, id, proposed_by_id, decided_by_id"
            " FROM proposals"
        )


@pytest.mark.sqlite
def test_the_same_exception_is_not_proposed_twice(session, clock):
    user = make_user(Role.CASE_MANAGER, ("9506",))
    administrator = make_user(Role.ADMINISTRATOR).as_actor()
    after = {
        "role": "approver", "beside": "case_manager", "reason": "absence",
        "ends_on": "2026-12-31",
    }  # fmt: skip
    unit_of_work(make_proposal, EXCEPTION, user.public_id, after, actor=administrator)
    with pytest.raises(Exception, match="is proposed already"):
        unit_of_work(make_proposal, EXCEPTION, user.public_id, after, actor=administrator)
