"""Small differences that the fund lets go, and where every satang of a payment is."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.audit.checks import run_checks
from fundapp.banking import queries
from fundapp.banking.matching import reasons
from fundapp.banking.models import LineStatus, Match, Statement, StatementLine
from fundapp.banking.operations import SplitPart, match_line, split_line, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.errors import DomainError
from fundapp.giving.errors import LetGoRefusedError
from fundapp.giving.models import (
    Allocation,
    Instalment,
    Payment,
    PaymentStatus,
    PledgeStatus,
    ReturnReason,
)
from fundapp.giving.operations import return_payment, reverse_payment
from fundapp.ledger.queries import fund_available
from tests.banking.pages import line_status, text
from tests.factories.actors import OFFICER
from tests.factories.banking import MONDAY, Move, import_moves, make_single_pledge
from tests.factories.giving import make_pledge


def ref(pledge, number=1):
    return pledge.instalments[number - 1].reference


def let_go(line, pledge):
    return unit_of_work(
        match_line, line.public_id, instalment_reference=ref(pledge), lets_go=True, actor=OFFICER
    )


def the_payment():
    db.session.expire_all()
    return db.session.scalars(db.select(Payment).order_by(Payment.id.desc())).first()


def test_a_shortage_is_let_go_with_one_click(officer):
    """The bank took half a baht: the instalment counts as paid, and that is written on it."""
    pledge = make_single_pledge(50_000)
    (line,) = import_moves(Move(49_950, ref(pledge)))
    page = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "Match and let 0.50 go" in page
    answer = officer.post(
        f"/bank/lines/{line.public_id}/match",
        data={"instalment_reference": ref(pledge), "lets_go": "1"},
    )
    assert answer.status_code == 303
    payment = the_payment()
    (part,) = payment.allocations
    assert (payment.amount_satang, part.amount_satang, part.let_go_satang) == (49_950, 49_950, 50)
    instalment = payment.pledge.instalments[0]
    assert (instalment.open_satang, instalment.received_satang) == (0, 49_950)
    assert payment.pledge.status is PledgeStatus.COMPLETED
    why = [reason.text for reason in queries.get_line_history(line.public_id).active.reasons]
    assert reasons.LET_GO in why
    assert "Let go: the instalment counts as paid" in text(
        officer.get(f"/payments/{payment.public_id}")
    )


@pytest.mark.sqlite
def test_a_surplus_stays_a_gift_and_says_so(bank):
    """Not a satang of it goes to the next instalment, which is asked for in full."""
    pledge = make_pledge(amount_satang=90_000, instalment_count=3, starts_on=MONDAY)
    (line,) = import_moves(Move(30_050, ref(pledge)))
    let_go(line, pledge)
    payment = the_payment()
    assert [row.open_satang for row in payment.pledge.instalments] == [0, 30_000, 30_000]
    assert [part.let_go_satang for part in payment.allocations] == [0]
    why = [reason.text for reason in queries.get_line_history(line.public_id).active.reasons]
    assert reasons.LEFT_OVER in why


@pytest.mark.sqlite
def test_without_it_the_instalment_stays_open(bank):
    pledge = make_single_pledge(50_000)
    (line,) = import_moves(Move(49_950, ref(pledge)))
    unit_of_work(match_line, line.public_id, instalment_reference=ref(pledge), actor=OFFICER)
    assert the_payment().pledge.instalments[0].open_satang == 50


@pytest.mark.one_case
@pytest.mark.parametrize("satang", [49_899, 50_101])
def test_more_than_the_limit_is_refused(bank, satang):
    pledge = make_single_pledge(50_000)
    (line,) = import_moves(Move(satang, ref(pledge)))
    assert queries.list_candidates([line])[line.id][0].let_go_satang == 0
    with pytest.raises(LetGoRefusedError, match=r"1\.00 baht"):
        let_go(line, pledge)
    assert line_status(line) is LineStatus.UNMATCHED


@pytest.mark.sqlite
def test_the_fund_sets_the_limit(bank, runner):
    result = runner.invoke(args=["ledger", "let-go-limit", "GENERAL", "5"])
    assert (result.exit_code, result.output) == (
        0,
        "Fund GENERAL lets go of up to 5.00 baht.\n",
    )
    for code, baht, problem in (
        ("GENERAL", "100.01", "0 to 100.00 baht"),
        ("NOFUND", "1", "There is no fund NOFUND"),
        ("GENERAL", "x", ""),
    ):
        refused = runner.invoke(args=["ledger", "let-go-limit", code, baht])
        assert refused.exit_code == 1
        assert problem in refused.output
    pledge = make_single_pledge(50_000)
    (line,) = import_moves(Move(49_500, ref(pledge)))
    let_go(line, pledge)
    assert the_payment().allocations[0].let_go_limit_satang == 500


def test_a_reversed_payment_takes_back_what_was_let_go(bank):
    pledge = make_single_pledge(50_000)
    (line,) = import_moves(Move(49_950, ref(pledge)))
    let_go(line, pledge)
    unit_of_work(reverse_payment, the_payment().public_id, reason="Bounced", actor=OFFICER)
    instalment = the_payment().pledge.instalments[0]
    assert (instalment.open_satang, instalment.let_go_satang) == (50_000, 0)


def test_the_database_limits_it_too(bank):
    pledge = make_single_pledge(50_000)
    (line,) = import_moves(Move(49_950))
    unit_of_work(match_line, line.public_id, instalment_reference=ref(pledge), actor=OFFICER)
    other = make_single_pledge(50_000).instalments[0].id
    for let_go_satang, limit, refusal in (
        (101, 100, "let_go_within_limit"),
        (150, 200, "lets less go"),
    ):
        statement = sql(
            "INSERT INTO allocations"
            " (payment_id, instalment_id, amount_satang, let_go_satang, let_go_limit_satang)"
            f" VALUES ({the_payment().id}, {other}, 1, {let_go_satang}, {limit})"
        )
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(lambda statement=statement: db.session.execute(statement))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["match", "let go", "split", "undo", "reverse", "return"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=10,
)


@pytest.mark.sqlite
@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_every_satang_has_its_place(bank, steps):
    """Money in = allocated + surplus + returned + reversed, and due = received + let go + still to
    come, after any order of matching, letting go, splitting, undoing, reversing and returning.
    """
    pledges = [make_single_pledge(50_000), make_pledge(amount_satang=90_000, instalment_count=3)]
    references = [row.reference for pledge in pledges for row in pledge.instalments]
    lines = import_a_day(49_950, 30_050, 100_000, 30_000)
    for verb, line, reference in steps:
        carry_out(verb, lines[line].public_id, references[reference])
        db.session.expire_all()
        check_sums()
    assert [result.check.name for result in run_checks() if not result.is_green] == []


def import_a_day(*amounts):
    """The statement of a day that goes on where the last one ended."""
    number = db.session.scalar(db.select(db.func.count(Statement.id)))
    day = date(2026, 1, 1) + timedelta(days=number)
    moves = [Move(satang, day=day, time=f"1{n}:00") for n, satang in enumerate(amounts)]
    return import_moves(*moves, from_on=day, to_on=day, opening=10_000 + number * sum(amounts))


def carry_out(verb, line, reference):
    """One step; what the rules refuse changes nothing."""
    work = {
        "match": lambda: match_line(line, instalment_reference=reference, actor=OFFICER),
        "let go": lambda: match_line(
            line, instalment_reference=reference, lets_go=True, actor=OFFICER
        ),
        "split": lambda: split_line(
            line,
            [SplitPart(10_000, reference), SplitPart(20_000, fund_code="GENERAL")],
            actor=OFFICER,
        ),
        "undo": lambda: unmatch_line(line, reason="Wrong", actor=OFFICER),
        "reverse": lambda: reverse_payment(last_payment(), reason="Wrong", actor=OFFICER),
        "return": lambda: return_payment(
            last_payment(), reason=ReturnReason.CHARGEBACK, returned_on=clock.today(), actor=OFFICER
        ),
    }[verb]
    try:
        unit_of_work(work)
    except DomainError:
        db.session.rollback()


def last_payment():
    return db.session.scalar(db.select(Payment.public_id).order_by(Payment.id.desc())) or "none"


def check_sums():
    payments = list(db.session.scalars(db.select(Payment)))
    # What the lines say came in is what the payments say, and what counts of it is in the fund.
    money_in = db.session.scalar(
        db.select(db.func.coalesce(db.func.sum(StatementLine.matched_satang), 0))
    )
    with_line = set(
        db.session.scalars(db.select(Match.payment_id).where(Match.undone_at.is_(None)))
    )
    received = [each for each in payments if each.status is PaymentStatus.RECEIVED]
    returned = [each for each in payments if each.status is PaymentStatus.RETURNED]
    assert {each.id for each in received} <= with_line
    back = sum(each.amount_satang for each in returned if each.id in with_line)
    allocated = surplus = 0
    for payment in payments:
        of_payment = sum(part.amount_satang for part in payment.allocations)
        assert 0 <= of_payment <= payment.amount_satang
        if payment.status is PaymentStatus.RECEIVED:
            allocated, surplus = (
                allocated + of_payment,
                surplus + payment.amount_satang - of_payment,
            )
    assert allocated + surplus == fund_available("GENERAL")
    assert money_in == allocated + surplus + back
    counted = db.select(Allocation).join(Payment, Payment.id == Allocation.payment_id)
    parts = list(db.session.scalars(counted.where(Payment.status == PaymentStatus.RECEIVED)))
    for row in db.session.scalars(db.select(Instalment)):
        of_row = [part for part in parts if part.instalment_id == row.id]
        assert row.received_satang == sum(part.amount_satang for part in of_row)
        assert row.let_go_satang == sum(part.let_go_satang for part in of_row)
        assert row.amount_satang == row.received_satang + row.let_go_satang + row.open_satang
