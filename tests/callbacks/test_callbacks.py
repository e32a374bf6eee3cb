"""Payments drawn at random and called about: the same rows from the seed, by other hands, what a
missing amount begins, and what is published.
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.audit.checks.callbacks import CHECKS
from fundapp.callbacks import operations, queries
from fundapp.callbacks.drafts import AnswerDraft, ReceiptRulesDraft
from fundapp.callbacks.drawing import draw_vouchers, sample_size
from fundapp.callbacks.errors import (
    CallDayError,
    CallerError,
    CallWordsError,
    MonthToDrawError,
    ReachedError,
    ReceiptRulesDayError,
    ReceiptRulesNumberError,
    SupervisorDaysError,
)
from fundapp.callbacks.models import Callback, CallbackOutcome
from fundapp.callbacks.steps import check_receipt_rules
from fundapp.concerns.models import Concern
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Payout
from fundapp.ids import new_id
from fundapp.remarks.models import Remark
from fundapp.transparency.operations import publish_callbacks
from fundapp.transparency.queries.callbacks import (
    children_by_payment,
    find_callback_rate,
    reached_of,
)
from tests.audit.tampering import tampered
from tests.disbursements.test_returns import again, come_back, send_again
from tests.disbursements.test_tables import execute, refused
from tests.factories.actors import WORKER
from tests.factories.callbacks import draw_month, make_receipt_rules
from tests.factories.children import RAMAN
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    help_children,
    make_paid,
    make_team,
    pay,
    send_request,
    verify,
)
from tests.factories.identity import make_user, sign_in

DECEMBER = datetime(2026, 12, 2, 3, tzinfo=UTC)
YES, NO, UNREACHED = CallbackOutcome


@pytest.fixture
def team(build_once, clock):
    """Rules, and five payments of November."""

    def make():
        team = make_team(available_satang=100 * THOUSAND)
        make_receipt_rules(percent=50, fewest=2)
        for _each in range(5):
            make_paid(team)
        return team

    return build_once("callbacks/team", make)


@pytest.fixture
def draw(team, clock):
    """Three of them, drawn in December."""
    clock.move_to(DECEMBER)
    return draw_month()


def call(callback, actor, outcome=YES, **overrides):
    draft = AnswerDraft(outcome, overrides.get("on", app_clock.today()), overrides.get("words", ""))
    key = overrides.get("key", f"key-{new_id()}")
    values = {"key": key, "actor": actor.as_actor()}
    return unit_of_work(operations.record_call, callback.number, draft, **values)


def failing():
    """The checks of call-backs that find something."""
    db.session.expire_all()
    return [check.name for check in CHECKS if list(check.find())]


def test_the_seed_draws_the_same_rows_again(draw, runner):
    assert (draw.population_count, draw.drawn_count, len(draw.callbacks)) == (5, 3, 3)
    vouchers = sorted(db.session.scalars(select(Payout.voucher)))
    drawn = [callback.payout.voucher for callback in draw.callbacks]
    assert drawn == draw_vouchers(vouchers, 3, draw.seed)
    assert len({tuple(draw_vouchers(vouchers, 3, f"{n:032x}")) for n in range(30)}) > 10
    assert [sample_size(n, 10, 3) for n in (0, 2, 5, 30, 31)] == [0, 2, 3, 3, 4]
    # Once, and no month that runs.
    assert unit_of_work(operations.draw_callbacks, actor=WORKER) == []
    assert "no month waits" in runner.invoke(args=["disbursements", "draw-callbacks"]).output
    again = runner.invoke(args=["disbursements", "draw-callbacks", "--month", "2026-11"])
    assert (again.exit_code, "after its end, once" in again.output) == (1, True)
    with pytest.raises(MonthToDrawError):
        unit_of_work(operations.draw_callbacks, app_clock.today(), actor=WORKER)
    assert failing() == []
    seeds = (f"{n:032x}" for n in range(30))
    other = next(seed for seed in seeds if draw_vouchers(vouchers, 3, seed) != drawn)
    with tampered(f"UPDATE callback_draws SET seed = '{other}'"):
        assert failing() == ["callbacks.drawn"]


def test_the_database_keeps_what_was_drawn(draw, team):
    with refused("append-only|refuse|cannot"):
        execute("UPDATE callbacks SET position = 9")
    with refused("append-only|refuse|cannot"):
        execute("DELETE FROM callback_draws")
    other = db.session.scalar(
        select(Payout.id).where(Payout.id.not_in(select(Callback.payout_id))).limit(1)
    )
    with refused("as many payments of the month"):
        execute(
            "INSERT INTO callbacks (id, draw_id, position, payout_id)"
            " VALUES (1, :draw, 4, :payout)",
            draw=draw.id, payout=other,
        )  # fmt: skip
    columns = "month_on, rules_id, seed, population_count, population_sha256, drawn_count, drawn_by"
    for month, count in (("'2026-12-01'", "5"), ("'2026-10-01'", "5")):
        with refused("after its end"):
            execute(
                f"INSERT INTO callback_draws (id, {columns}, drawn_at) SELECT 7, {month}, rules_id,"
                f" seed, {count}, population_sha256, drawn_count, drawn_by, drawn_at"
                " FROM callback_draws"
            )
    callback = draw.callbacks[0]
    for person, on in ((team.asker, "2026-12-02"), (team.payer, "2026-12-02")):
        with refused("who asked or paid does not call"):
            _insert_answer(callback, person, on)
    with refused("who asked or paid does not call"):
        _insert_answer(callback, team.prover, "2026-10-01")
    call(callback, team.prover)
    with refused("somebody was reached"):
        _insert_answer(callback, team.prover, "2026-12-02")
    with refused("rules of receipts"):
        execute(
            "INSERT INTO receipt_rules SELECT 3, '2026-12-09', percent, fewest, overdue_days,"
            " supervisor_days, confirmed_by_id, (SELECT max(id) FROM users), recorded_at"
            " FROM receipt_rules"
        )


def _insert_answer(callback, person, on):
    execute(
        "INSERT INTO callback_answers (id, callback_id, outcome, called_on, called_by_id,"
        " recorded_at, idempotency_key) SELECT :id, :callback, 'received', :day, :person, drawn_at,"
        " :key FROM callback_draws",
        id=new_id(), callback=callback.id, day=on, person=person.id, key=str(new_id()),
    )  # fmt: skip


def test_another_person_calls_and_a_missing_amount_becomes_a_concern(draw, team):
    first, second, _third = draw.callbacks
    assert queries.count_callbacks(team.prover.as_actor()) == 3
    colleague, stranger = (
        make_user(Role.CASE_MANAGER, (RAMAN,)),
        make_user(Role.SUPERVISOR, ("9501",)),
    )
    assert queries.count_callbacks(colleague.as_actor()) == 3
    for taken in (team.asker, team.payer, team.approver):
        assert queries.count_callbacks(taken.as_actor()) == 0
        with pytest.raises(CallerError):
            call(first, taken)
    assert queries.count_callbacks(stranger.as_actor()) == 0
    with pytest.raises(CallDayError):
        call(first, colleague, on=app_clock.today() + timedelta(days=1))
    with pytest.raises(CallWordsError):
        call(first, colleague, NO)
    call(first, colleague, UNREACHED, key="one")
    call(first, colleague, UNREACHED, key="one")
    call(first, team.prover)
    with pytest.raises(ReachedError):
        call(first, colleague)
    assert [len(each.answers) for each in (first, second)] == [2, 0]
    call(second, colleague, NO, words="Half of it only", key="two")
    call(second, colleague, NO, words="Half of it only", key="two")
    concern = db.session.scalars(select(Concern)).one()
    assert (second.answers[0].concern_id, str(concern.kind)) == (concern.id, "help")
    remark = db.session.scalars(select(Remark).where(Remark.kind == "callback")).one()
    assert second.answers[0].words_digest == remark.digest
    assert b"Half" not in remark.words_encrypted
    view = queries.list_draws()[0]
    assert (view.reached, view.confirmed) == (2, 1)
    assert failing() == []
    with tampered(f"UPDATE callback_answers SET called_by_id = {team.asker.id}"):
        assert failing() == ["callbacks.people"]


@pytest.mark.sqlite
def test_who_verified_the_account_is_asked_for_no_call(build_once, clock):
    team = build_once("callbacks/verified", lambda: make_team(available_satang=20 * THOUSAND))
    make_receipt_rules(percent=100)
    request = verify(send_request(team), team, actor=team.prover.as_actor())
    pay(decide(request, team, actor=team.approver.as_actor()), team)
    clock.move_to(DECEMBER)
    [callback] = draw_month().callbacks
    assert queries.count_callbacks(team.prover.as_actor()) == 0
    with pytest.raises(CallerError):
        call(callback, team.prover)
    other = make_user(Role.SUPERVISOR, (RAMAN,))
    assert queries.count_callbacks(other.as_actor()) == 1
    call(callback, other)


def test_two_payments_of_a_request_are_two_calls(build_once, clock, client):
    team = build_once("callbacks/again", lambda: make_team(available_satang=20 * THOUSAND))
    make_receipt_rules(percent=100)
    request = make_paid(team)
    come_back(request, team)
    send_again(request, team)
    decide(again(request), team)
    pay(again(request), team)
    clock.move_to(DECEMBER)
    draw = draw_month()
    assert queries.count_callbacks(team.prover.as_actor()) == 2
    sign_in(client, team.prover)
    client.set_cookie("lang", "en")
    first = next(each for each in draw.callbacks if each.payout.attempt == 1)
    for page in ("/callbacks", f"/callbacks/{first.number}"):
        assert client.get(page).text.count("Sent back by the bank") == 1
    for callback in draw.callbacks:
        call(callback, team.prover)
    reached = reached_of([draw])
    assert len(reached) == draw.drawn_count == 2
    assert children_by_payment(list(reached)) == {key: {team.child.id} for key in reached}
    clock.shift(timedelta(days=61))
    assert failing() == []


@pytest.mark.sqlite
def test_calls_and_rules_through_the_pages(client, team, clock):
    client.set_cookie("lang", "en")
    clock.move_to(DECEMBER)
    administrators = [make_user(Role.ADMINISTRATOR) for _each in range(2)]
    sign_in(client, administrators[0])
    data = {
        "starts_on": "3/12/2569", "percent": "10", "fewest": "4", "overdue_days": "20",
        "supervisor_days": "20",
    }  # fmt: skip
    wrong = client.post("/callbacks/rules/new", data=data)
    assert (wrong.status_code, "later than the case manager" in wrong.text) == (422, True)
    proposal = client.post("/callbacks/rules/new", data={**data, "supervisor_days": "40"})
    sign_in(client, administrators[1])
    assert "40" in client.get(proposal.location).text
    assert client.post(proposal.location + "/confirm").status_code == 303
    page = client.get("/callbacks/rules").text
    assert ("10 per cent, at least 4" in page, "Begins later" in page) == (True, True)
    draw = draw_month()
    sign_in(client, team.prover)
    assert "Payments to call about" in client.get("/today").text
    assert draw.callbacks[0].number in client.get("/callbacks?state=waiting").text
    address = f"/callbacks/{draw.callbacks[0].number}"
    assert "Aminah Invented" in client.get(address).text
    answer = {"outcome": "not_received", "called_on": "2/12/2569", "words": ""}
    empty = client.post(address, data=answer)
    assert (empty.status_code, "Write what was said" in empty.text) == (422, True)
    named = client.post(address, data={**answer, "words": "Aminah Invented was not paid"})
    assert (named.status_code, "Aminah" in named.text) == (422, True)
    assert client.post(address, data={**answer, "words": "Nothing came"}).status_code == 303
    page = client.get(address).text
    assert ("Nothing came" in page, "as a concern" in page) == (True, True)
    assert "Record a call" not in page
    sign_in(client, team.asker)
    asked = client.get(f"/callbacks/{draw.callbacks[1].number}").text
    assert "does not call about it" in asked
    assert client.post(address.replace("CB", "XX"), data=answer).status_code == 404
    listed = client.get("/callbacks").text
    days = {each.number: (each.payout.paid_on, each.payout.id) for each in draw.callbacks}
    places = [listed.index(number) for number in sorted(days, key=days.__getitem__, reverse=True)]
    assert places == sorted(places)
    assert client.get("/callbacks/rules").status_code == 403


@pytest.mark.sqlite  # the operations above wrote the rows; this is about numbers of a form
def test_rules_that_may_not_be(team):
    today = app_clock.today()
    for draft, error in (
        (ReceiptRulesDraft(today, 1, 1, 1, 2), ReceiptRulesDayError),
        (ReceiptRulesDraft(today - timedelta(days=1), 1, 1, 1, 2), ReceiptRulesDayError),
        (ReceiptRulesDraft(today + timedelta(days=1), 101, 1, 1, 2), ReceiptRulesNumberError),
        (ReceiptRulesDraft(today + timedelta(days=1), 1, 0, 1, 2), ReceiptRulesNumberError),
        (ReceiptRulesDraft(today + timedelta(days=1), 1, 1, 5, 5), SupervisorDaysError),
    ):
        with pytest.raises(error):
            check_receipt_rules(draft)


def test_the_rate_is_published_once_enough_were_reached(team, clock, client):
    client.set_cookie("lang", "en")
    for _each in range(8):
        help_children(team, 1)
    clock.move_to(DECEMBER)
    draw = draw_month()
    assert draw.drawn_count == 7
    for callback in draw.callbacks:
        call(callback, team.prover)
    assert unit_of_work(publish_callbacks, actor=WORKER) is False
    assert "Did the money arrive?" not in client.get("/").text
    # Half of them are of children of their own, whichever are drawn.
    for _each in range(16):
        help_children(team, 1)
    clock.move_to(DECEMBER + timedelta(days=31))
    second = draw_month()
    for callback in second.callbacks[:-1]:
        call(callback, team.prover)
    # One waits: it is published when it is done, or after 60 days.
    assert unit_of_work(publish_callbacks, actor=WORKER) is False
    call(second.callbacks[-1], team.prover, NO, words="Nothing came")
    assert unit_of_work(publish_callbacks, actor=WORKER) is True
    assert unit_of_work(publish_callbacks, actor=WORKER) is False
    rate = find_callback_rate()
    assert (rate.drawn, rate.reached, rate.confirmed) == (15, 15, 14)
    page = client.get("/").text
    assert ("Did the money arrive?" in page, "93.3 per cent" in page) == (True, True)
    assert failing() == []
    with refused("append-only|refuse|cannot"):
        execute("UPDATE published_callbacks SET confirmed_count = 13")
    with refused("not_small"):
        execute("INSERT INTO published_callbacks VALUES ('2026-11-01', 10, 10, 10, (SELECT"
                " max(drawn_at) FROM callback_draws))")  # fmt: skip
    with tampered("UPDATE published_callbacks SET drawn_count = 16"):
        assert failing() == ["callbacks.published"]
    clock.shift(timedelta(days=61))
    db.session.rollback()
    assert [result.check.name for result in run_checks() if result.violations] == []
