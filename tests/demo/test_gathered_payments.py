"""Payments are recorded together, and nothing that needs one comes before it."""

from itertools import pairwise

import pytest

from demo.events import HelpDecided, PaymentReceived
from demo.gathered_payments import gather_payments
from demo.plan import make_plan
from demo.sizes import Size
from fundapp.clock import local_day
from tests.conftest import MORNING


@pytest.fixture(scope="module")
def steps():
    districts = {f"950{number}": [f"950{number}01"] for number in range(1, 9)}
    plan = make_plan(MORNING.date(), Size(), districts)
    return plan.events, list(gather_payments(plan.events))


def test_every_event_is_carried_out_once(steps):
    events, gathered = steps
    carried_out = [event for _, together in gathered for event in together]
    assert sorted(map(id, carried_out)) == sorted(map(id, events))
    assert sum(isinstance(event, PaymentReceived) for event in events) > 2 * sum(
        isinstance(together[0], PaymentReceived) for _, together in gathered
    )


def test_time_never_goes_back_and_no_payment_is_recorded_on_another_day(steps):
    _, gathered = steps
    assert all(before <= after for (before, _), (after, _) in pairwise(gathered))
    assert all(local_day(event.at) == local_day(at) for at, each in gathered for event in each)


def test_no_pledge_comes_twice_in_one_step(steps):
    _, gathered = steps
    for _, together in gathered:
        pledges = [e.pledge for e in together if isinstance(e, PaymentReceived) and e.pledge]
        assert len(pledges) == len(set(pledges))


def test_what_is_decided_sees_every_payment_before_it(steps):
    events, gathered = steps
    order = {id(event): place for place, (_, each) in enumerate(gathered) for event in each}
    seen: list[int] = []
    for event in events:
        if isinstance(event, PaymentReceived):
            seen.append(order[id(event)])
        elif isinstance(event, HelpDecided):
            assert max(seen) < order[id(event)]
