"""Every state and every action of a bank line."""

import pytest

from fundapp.banking.errors import LineTakenError
from fundapp.banking.matching.workflow import LineAction, is_line_action_possible, next_line_status
from fundapp.banking.models import LineStatus

#: One line for each state, one word for each action; a dash: not possible.
TABLE = """
            match    hold  ignore   release    unmatch
unmatched   matched  held  ignored  -          unmatched
held        matched  -     ignored  unmatched  held
ignored     -        -     -        unmatched  -
matched     -        -     -        -          unmatched
withdrawn   -        -     -        -          -
"""


def rows():
    head, *lines = [line.split() for line in TABLE.strip().splitlines()]
    for state, *results in lines:
        yield from ((state, action, result) for action, result in zip(head, results, strict=True))


@pytest.mark.parametrize(("state", "action", "result"), list(rows()))
def test_where_an_action_leads(state, action, result):
    pair = LineStatus(state), LineAction(action)
    assert is_line_action_possible(*pair) == (result != "-")
    if result == "-":
        with pytest.raises(LineTakenError):
            next_line_status(*pair)
    else:
        assert next_line_status(*pair) == LineStatus(result)


def test_the_table_has_every_state_and_action():
    assert {(state, action) for state, action, _result in rows()} == {
        (state.value, action.value) for state in LineStatus for action in LineAction
    }
