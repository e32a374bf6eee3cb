"""Overdue proofs of receipt: seen by who asked, then by the supervisor; written about weekly."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.callbacks.operations import remind_of_proofs
from fundapp.callbacks.queries import count_overdue_proofs
from fundapp.db import db, unit_of_work
from fundapp.identity.models import User
from fundapp.mail.models import MailMessage
from fundapp.worker.rounds import chase_proofs
from tests.disbursements.test_tables import execute, refused
from tests.factories.actors import WORKER
from tests.factories.callbacks import make_receipt_rules
from tests.factories.casework import hand_on
from tests.factories.children import RAMAN
from tests.factories.disbursements import THOUSAND, make_paid, make_team, prove
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def team(build_once, clock):
    return build_once("callbacks/owing", lambda: make_team(available_satang=50 * THOUSAND))


def counts(*people: User) -> list[int]:
    """How many overdue proofs each of them sees to."""
    db.session.rollback()
    return [count_overdue_proofs(person.as_actor(), app_clock.today()) for person in people]


def written() -> list[str]:
    """To whom messages about them were written, in order."""
    db.session.rollback()
    found = select(MailMessage.to_address).where(MailMessage.about_type == "overdue_proofs")
    return list(db.session.scalars(found.order_by(MailMessage.id)))


def test_who_asked_is_told_and_then_the_supervisor(team, client, clock):
    client.set_cookie("lang", "en")
    paid, proved = make_paid(team), make_paid(team)
    prove(proved, team)
    clock.shift(timedelta(days=60))
    people = team.asker, team.prover
    # Nothing is overdue before rules are confirmed.
    assert counts(*people) == [0, 0]
    assert unit_of_work(remind_of_proofs, actor=WORKER) == 0
    make_receipt_rules(overdue_days=70, supervisor_days=90)
    clock.shift(timedelta(days=10))
    assert counts(*people) == [0, 0]
    clock.shift(timedelta(days=1))
    stranger = make_user(Role.CASE_MANAGER, (RAMAN,))
    assert counts(*people, stranger) == [1, 0, 0]
    sign_in(client, team.asker)
    assert "Overdue proofs of receipt to see to" in client.get("/today").text
    page = client.get("/callbacks/overdue-proofs").text
    assert (paid.number in page, proved.number in page) == (True, False)
    chase_proofs()
    chase_proofs()
    assert written() == [team.asker.email]
    body = db.session.scalars(select(MailMessage.body)).all()[-1]
    assert "/callbacks/overdue-proofs" in body
    clock.shift(timedelta(days=7))
    chase_proofs()
    assert written() == [team.asker.email] * 2
    clock.shift(timedelta(days=14))
    assert counts(*people) == [1, 1]
    chase_proofs()
    assert set(written()[2:]) == {team.asker.email, team.prover.email}
    sign_in(client, team.prover)
    assert paid.number in client.get("/callbacks/overdue-proofs").text
    with refused("append-only|refuse|cannot"):
        execute("DELETE FROM proof_reminders")
    with refused("UNIQUE|proof_reminders"):
        execute("INSERT INTO proof_reminders SELECT user_id, week_on, 2, queued_at"
                " FROM proof_reminders")  # fmt: skip
    prove(paid, team)
    assert counts(*people) == [0, 0]


@pytest.mark.sqlite
def test_the_supervisor_sees_at_once_what_somebody_left_behind(team, clock):
    make_receipt_rules(overdue_days=5, supervisor_days=90)
    make_paid(team)
    clock.shift(timedelta(days=6))
    assert counts(team.asker, team.prover) == [1, 0]
    next_one, elsewhere = (
        make_user(Role.CASE_MANAGER, (RAMAN,)),
        make_user(Role.SUPERVISOR, ("9501",)),
    )
    hand_on(team.child, team.asker, next_one)
    assert counts(team.asker, team.prover, elsewhere) == [0, 1, 0]
    # Who handed it back asked for help that was paid, too: whose payment it is counts.
    make_paid(replace(team, asker=next_one))
    clock.shift(timedelta(days=6))
    hand_on(team.child, next_one, team.asker)
    assert counts(team.asker, team.prover) == [1, 1]
    execute("UPDATE users SET status = 'disabled' WHERE id = :id", id=team.asker.id)
    assert counts(team.prover, next_one, elsewhere) == [1, 1, 0]
