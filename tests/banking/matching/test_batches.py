"""Matching every certain line of a statement, in several units of work."""

from datetime import date

import pytest

from fundapp.banking.matching.batches import match_all_certain
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.db import db
from fundapp.errors import NotFoundError
from tests.factories.actors import OFFICER
from tests.factories.banking import book_otherwise, import_moves, make_single_pledge, move_of

OCTOBER = date(2026, 10, 5)


def test_more_lines_than_one_step_takes(bank, step):
    """The results of all steps are added up, with the lines that the rules refuse."""
    number = step + 1
    moves = [move_of(make_single_pledge(), day=OCTOBER)]
    moves += [
        move_of(make_single_pledge(), time=f"1{minute // 60}:{minute % 60:02}")
        for minute in range(number)
    ]
    lines = import_moves(*moves, from_on=OCTOBER)
    book_otherwise(lines[0])
    result = match_all_certain(lines[0].statement.public_id, actor=OFFICER)
    assert (result.matched, result.next_row) == (number, None)
    assert [refused.row_number for refused in result.refused] == [lines[0].row_number]
    db.session.expire_all()
    statuses = {db.session.get(StatementLine, line.id).status for line in lines[1:]}
    assert statuses == {LineStatus.MATCHED}


@pytest.mark.sqlite
def test_an_unknown_statement(bank):
    with pytest.raises(NotFoundError):
        match_all_certain("x", actor=OFFICER)
