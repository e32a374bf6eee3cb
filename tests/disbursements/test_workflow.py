"""Every pair of state and action, one by one."""

import itertools

import pytest

from fundapp.disbursements.models import Decision, ReceiptOutcome, RequestStatus
from fundapp.disbursements.workflow import (
    OWED_STATES,
    TRANSITIONS,
    Action,
    action_of_decision,
    action_of_outcome,
    actions_in,
    next_status,
)

S, A = RequestStatus, Action

#: Rows are states, columns the actions in the order of `Action`; a dash is impossible.
TABLE = """
            resubmit   verify     approve   return    reject    cancel     release   pay   confirm    report_problem  reopen    come_back share_back
submitted   -          submitted  approved  returned  rejected  cancelled  -         -     -          -               -         -         -
returned    submitted  -          -         -         -         cancelled  -         -     -          -               -         -         -
approved    -          approved   -         -         -         cancelled  approved  paid  -          -               returned  -         -
rejected    -          -          -         -         -         -          -         -     -          -               -         -         -
cancelled   -          -          -         -         -         -          -         -     -          -               -         -         -
paid        -          -          -         -         -         -          paid      -     confirmed  problem         -         returned  paid
confirmed   -          -          -         -         -         -          confirmed -     -          -               -         returned  confirmed
problem     -          -          -         -         -         -          problem   -     confirmed  problem         -         returned  problem
"""  # noqa: E501


def table():
    header, *rows = [line.split() for line in TABLE.strip().splitlines()]
    for state, *cells in rows:
        for action, cell in zip(header, cells, strict=True):
            yield S(state), A(action), None if cell == "-" else S(cell)


def test_the_table_has_every_pair():
    assert {(state, action) for state, action, _ in table()} == set(itertools.product(S, A))


@pytest.mark.parametrize(("state", "action", "leads_to"), list(table()))
def test_the_pair(state, action, leads_to):
    assert next_status(state, action) is leads_to
    assert (action in actions_in(state)) == (leads_to is not None)


def test_in_every_state_but_the_last_ones_something_can_be_done():
    ends = {state for state in S if not actions_in(state)}
    assert ends == {S.REJECTED, S.CANCELLED}


def test_every_state_is_reached():
    assert set(TRANSITIONS.values()) == set(S)


def test_after_payment_nothing_is_cancelled():
    for state in (S.PAID, S.CONFIRMED, S.PROBLEM):
        assert A.CANCEL not in actions_in(state)


def test_from_approval_on_the_fund_owes_the_money_or_has_paid_it():
    assert {S.APPROVED, S.PAID, S.CONFIRMED, S.PROBLEM} == OWED_STATES


def test_decisions_and_outcomes_are_actions():
    assert [action_of_decision(d) for d in Decision] == [A.APPROVE, A.RETURN, A.REJECT]
    assert action_of_outcome(ReceiptOutcome.RECEIVED) is A.CONFIRM
    assert action_of_outcome(ReceiptOutcome.NOT_RECEIVED) is A.REPORT_PROBLEM
    assert action_of_outcome(ReceiptOutcome.PROBLEM) is A.REPORT_PROBLEM
