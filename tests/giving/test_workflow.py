"""Every state and every action of pledges and payments."""

import pytest

from fundapp.giving.errors import PaymentReversedError, PledgeStateError
from fundapp.giving.models import PaymentStatus, PledgeStatus
from fundapp.giving.workflow import (
    PaymentAction,
    PledgeAction,
    is_possible,
    next_payment_status,
    next_pledge_status,
)

#: One line for each state, one word for each action; a dash: not possible.
TABLE = """
            extend  change  pause   resume  cancel     complete   reopen
active      active  active  paused  -       cancelled  completed  -
paused      -       paused  -       active  cancelled  completed  -
completed   -       -       -       -       -          -          active
cancelled   -       -       -       -       -          -          -
"""


def rows():
    head, *lines = [line.split() for line in TABLE.strip().splitlines()]
    for state, *results in lines:
        yield from ((state, action, result) for action, result in zip(head, results, strict=True))


def test_the_table_is_whole():
    assert {(state, action) for state, action, _ in rows()} == {
        (state.value, action.value) for state in PledgeStatus for action in PledgeAction
    }


@pytest.mark.parametrize(("state", "action", "result"), list(rows()))
def test_pledge(state, action, result):
    state, action = PledgeStatus(state), PledgeAction(action)
    if result == "-":
        assert not is_possible(state, action)
        with pytest.raises(PledgeStateError):
            next_pledge_status(state, action)
    else:
        assert is_possible(state, action)
        assert next_pledge_status(state, action) == result


@pytest.mark.parametrize(
    ("action", "after"),
    [
        (PaymentAction.REVERSE, PaymentStatus.REVERSED),
        (PaymentAction.RETURN, PaymentStatus.RETURNED),
    ],
)
def test_a_payment_is_reversed_or_returned_once(action, after):
    assert next_payment_status(PaymentStatus.RECEIVED, action) is after
    for status in (PaymentStatus.REVERSED, PaymentStatus.RETURNED):
        with pytest.raises(PaymentReversedError):
            next_payment_status(status, action)
