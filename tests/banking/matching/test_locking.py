"""Several officers at the same moment: a line is matched once, a file is imported once.

Real threads, each with a session of its own, on the database in use.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fundapp.banking.models import LineStatus, Match, Statement, StatementLine
from fundapp.banking.operations import import_statement, match_certain, match_line, undo_import
from fundapp.banking.statement_files.parsing import read_file
from fundapp.db import db, unit_of_work
from fundapp.errors import DomainError, StaleError
from fundapp.giving.models import Payment, Receipt
from fundapp.ledger.queries import fund_available
from tests.factories.actors import OFFICER, officer
from tests.factories.banking import (
    TUESDAY,
    Move,
    import_moves,
    make_single_pledge,
    move_of,
    statement_file,
)
from tests.factories.giving import make_payment

AT_ONCE = 6


@pytest.fixture
def together(app):
    """Runs the same work `AT_ONCE` times at the same moment; gives back results and refusals."""
    barrier = threading.Barrier(AT_ONCE)

    def run_one(work, number):
        barrier.wait(timeout=60)
        with app.app_context():
            try:
                return work(number)
            except DomainError as error:
                return type(error)
            finally:
                db.session.remove()

    def run(work):
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return list(pool.map(lambda number: run_one(work, number), range(AT_ONCE)))

    return run


def count(kind, *conditions):
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(kind).where(*conditions))


def refused(results):
    return [result for result in results if isinstance(result, type)]


def test_a_line_is_matched_once(bank, together):
    references = [make_single_pledge().instalments[0].reference for _ in range(AT_ONCE)]
    (line,) = import_moves(Move(50_000))
    public_id = line.public_id
    results = together(
        lambda number: unit_of_work(
            match_line,
            public_id,
            instalment_reference=references[number],
            actor=officer(f"o{number}"),
        )
    )
    losers = refused(results)
    assert len(losers) == AT_ONCE - 1
    assert all(issubclass(error, StaleError) for error in losers)
    assert (count(Payment), count(Receipt), count(Match)) == (1, 1, 1)
    assert fund_available("GENERAL") == 50_000


def test_a_payment_is_matched_to_one_line(bank, together):
    payment_id = make_payment(50_000, received_on=TUESDAY).public_id
    lines = import_moves(*(Move(50_000, time=f"10:{number:02}") for number in range(AT_ONCE)))
    ids = [line.public_id for line in lines]
    results = together(
        lambda number: unit_of_work(
            match_line, ids[number], payment_public_id=payment_id, actor=OFFICER
        )
    )
    assert len(refused(results)) == AT_ONCE - 1
    assert count(Match) == 1
    assert count(StatementLine, StatementLine.status == LineStatus.MATCHED) == 1


def test_certain_lines_matched_by_everybody_at_once(bank, together):
    moves = [move_of(make_single_pledge(), time=f"10:{number:02}") for number in range(8)]
    statement_id = import_moves(*moves)[0].statement.public_id
    results = together(
        lambda number: (
            unit_of_work(match_certain, statement_id, actor=officer(f"o{number}")).matched
        )
    )
    assert sum(results) == 8
    assert (count(Payment), count(Receipt), count(Match)) == (8, 8, 8)
    assert fund_available("GENERAL") == 400_000


def test_an_import_is_taken_back_or_its_line_is_matched(bank, together):
    """Whoever comes second is told; no matched line stops counting."""
    payments = [make_payment(50_000, received_on=TUESDAY) for _ in range(AT_ONCE)]
    refs = [payment.public_id for payment in payments]
    (line,) = import_moves(Move(50_000))
    line_id, statement_id = line.public_id, line.statement.public_id

    def work(number):
        if number % 2:
            return unit_of_work(undo_import, statement_id, actor=OFFICER) and "undone"
        values = {"payment_public_id": refs[number], "actor": OFFICER}
        return unit_of_work(match_line, line_id, **values) and "matched"

    (done,) = [result for result in together(work) if isinstance(result, str)]
    status = LineStatus.MATCHED if done == "matched" else LineStatus.WITHDRAWN
    assert count(StatementLine, StatementLine.status == status) == 1
    assert count(Match) == (done == "matched")
    assert count(Statement, Statement.undone_at.is_not(None)) == (done == "undone")


def test_a_file_is_imported_once(bank, together):
    data = statement_file([Move(50_000), Move(60_000, time="11:00")])
    results = together(
        lambda number: (
            unit_of_work(
                import_statement,
                read_file(data, file_name=f"{number}.csv", profile_name="ktb"),
                account_code="KTB-MAIN",
                actor=OFFICER,
            ).new_lines
        )
    )
    assert sorted(results) == [0] * (AT_ONCE - 1) + [2]
    assert (count(Statement), count(StatementLine)) == (1, 2)
