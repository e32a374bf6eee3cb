"""Two officers at the same moment: one succeeds, the other is told; nothing is booked twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from fundapp.audit.checks import run_checks
from fundapp.banking.errors import LineTakenError
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import SplitPart, match_certain, match_line, split_line
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Payment
from tests.banking.pages import text
from tests.factories.actors import OFFICER
from tests.factories.banking import TUESDAY, Move, import_moves, make_single_pledge, move_of


def at_once(app, *works):
    """What each of the works returned or raised."""
    ready = Barrier(len(works))

    def carry_out(work):
        with app.app_context():
            ready.wait(timeout=10)
            try:
                return unit_of_work(work)
            except LineTakenError as error:
                return error
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(carry_out, works))


def amounts():
    db.session.expire_all()
    return sorted(db.session.scalars(db.select(Payment.amount_satang)))


def is_red():
    return {result.check.name for result in run_checks() if not result.is_green}


@pytest.mark.parametrize("other", ["match", "split"])
def test_one_line(app, bank, other):
    pledges = [make_single_pledge(30_000), make_single_pledge(20_000)]
    first, second = (pledge.instalments[0].reference for pledge in pledges)
    (line,) = import_moves(Move(50_000, f"{first} {second}"))
    line_id = line.public_id
    parts = [SplitPart(20_000, second), SplitPart(30_000, first)]
    works = {
        "match": lambda: match_line(line_id, instalment_reference=second, actor=OFFICER),
        "split": lambda: split_line(line_id, parts, actor=OFFICER),
    }
    outcomes = at_once(
        app, lambda: match_line(line_id, instalment_reference=first, actor=OFFICER), works[other]
    )
    assert sum(isinstance(outcome, LineTakenError) for outcome in outcomes) == 1
    assert sum(amounts()) == 50_000
    assert is_red() == set()


def test_one_instalment_in_two_statements(app, bank):
    """Both name the reference; the second is left for a person."""
    pledge = make_single_pledge()
    lines = [*import_moves(move_of(pledge), to_on=TUESDAY)]
    later = TUESDAY + timedelta(days=1)
    lines += import_moves(move_of(pledge, day=later), from_on=later, to_on=later, opening=1_050_000)
    statements = [line.statement.public_id for line in lines]
    results = at_once(
        app,
        *(lambda each=each: match_certain(each, actor=OFFICER).matched for each in statements),
    )
    assert sorted(results) == [0, 1]
    assert amounts() == [50_000]
    waiting = db.select(StatementLine).where(StatementLine.status == LineStatus.UNMATCHED)
    assert len(db.session.scalars(waiting).all()) == 1
    assert is_red() == set()


def test_two_splits_over_the_same_pledges(app, bank):
    """Each locks the pledges in one order, so neither waits for the other for ever."""
    pledges = [make_single_pledge(30_000), make_single_pledge(20_000)]
    first, second = (pledge.instalments[0].reference for pledge in pledges)
    one, two = import_moves(Move(50_000, "a"), Move(50_000, "b", time="11:00"))
    parts = [SplitPart(30_000, first), SplitPart(20_000, second)]
    ids = [one.public_id, two.public_id]
    outcomes = at_once(
        app,
        lambda: len(split_line(ids[0], parts, actor=OFFICER)),
        lambda: len(split_line(ids[1], parts[::-1], actor=OFFICER)),
    )
    assert outcomes == [2, 2]
    assert amounts() == [20_000, 20_000, 30_000, 30_000]
    assert is_red() == set()


def test_an_instalment_that_was_paid_on_another_page(officer, bank):
    """The page of the second line still offers it; the click does not record a surplus."""
    pledge = make_single_pledge()
    first, second = import_moves(move_of(pledge), move_of(pledge, time="11:00"))
    sent = {"instalment_reference": pledge.instalments[0].reference, "open_satang": "50000"}
    for line in (first, second):
        page = text(officer.get(f"/bank/lines/{line.public_id}"))
        assert 'name="open_satang" value="50000"' in page
    officer.post(f"/bank/lines/{first.public_id}/match", data=sent)
    answer = officer.post(f"/bank/lines/{second.public_id}/match", data=sent, follow_redirects=True)
    assert "This instalment was paid meanwhile. Look at the line again." in text(answer)
    assert amounts() == [50_000]
    officer.post(f"/bank/lines/{second.public_id}/match", data={**sent, "open_satang": "0"})
    assert amounts() == [50_000, 50_000]
