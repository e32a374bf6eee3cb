"""Which instalments a payment pays, and what is left as surplus."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.giving.allocation import allocate, by_due_date, next_open
from fundapp.giving.models import Instalment, PledgeStatus

DAY = date(2026, 11, 24)
ACTIVE = PledgeStatus.ACTIVE


def instalment(number, amount=100, paid=0, due_on=None):
    due_on = due_on or DAY + timedelta(days=30 * number)
    return Instalment(number=number, due_on=due_on, amount_satang=amount, paid_satang=paid)


def shape(parts):
    return [(paid.number, satang) for paid, satang, _ in parts]


@pytest.mark.parametrize(
    ("amount", "named", "parts"),
    [
        (100, None, [(1, 100)]),
        (99, None, [(1, 99)]),
        (101, None, [(1, 100), (2, 1)]),
        (250, None, [(1, 100), (2, 100), (3, 50)]),
        (301, None, [(1, 100), (2, 100), (3, 100)]),
        (100, 3, [(3, 100)]),
        (150, 3, [(3, 100), (1, 50)]),
        (250, 2, [(2, 100), (1, 100), (3, 50)]),
    ],
)
def test_the_named_instalment_then_the_others_by_due_date(amount, named, parts):
    pledge = [instalment(number) for number in (1, 2, 3)]
    chosen = pledge[named - 1] if named else None
    assert shape(allocate(amount, pledge, named=chosen, status=ACTIVE)) == parts


def test_what_is_paid_takes_nothing():
    pledge = [instalment(1, paid=100), instalment(2, paid=40), instalment(3)]
    parts = allocate(80, pledge, named=pledge[0], status=ACTIVE)
    assert shape(parts) == [(2, 60), (3, 20)]


@pytest.mark.parametrize("status", [PledgeStatus.PAUSED, PledgeStatus.COMPLETED])
def test_a_paused_or_completed_pledge_is_paid_like_an_active_one(status):
    pledge = [instalment(1), instalment(2)]
    assert shape(allocate(150, pledge, named=None, status=status)) == [(1, 100), (2, 50)]


def test_of_a_cancelled_pledge_only_the_named_instalment_is_paid():
    pledge = [instalment(1), instalment(2)]
    cancelled = PledgeStatus.CANCELLED
    assert shape(allocate(150, pledge, named=pledge[1], status=cancelled)) == [(2, 100)]
    assert allocate(150, pledge, named=None, status=cancelled) == []


@given(
    st.integers(1, 2_000),
    st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)), max_size=8),
    st.integers(0, 8),
)
def test_parts_fit_and_only_a_paid_pledge_leaves_a_surplus(amount, amounts, named):
    pledge = [
        instalment(number, due, min(paid, due)) for number, (due, paid) in enumerate(amounts, 1)
    ]
    chosen = pledge[named] if named < len(pledge) else None
    parts = allocate(amount, pledge, named=chosen, status=ACTIVE)
    assert len({paid.number for paid, _, _ in parts}) == len(parts)
    assert all(0 < satang <= paid.open_satang for paid, satang, _ in parts)
    total = sum(satang for _, satang, _ in parts)
    assert total == min(amount, sum(row.open_satang for row in pledge))


def test_equal_due_dates_go_by_number():
    pledge = [instalment(2, due_on=DAY), instalment(1, due_on=DAY), instalment(3, due_on=date.min)]
    assert [row.number for row in by_due_date(pledge)] == [3, 1, 2]


def test_the_next_open_instalment():
    pledge = [instalment(3), instalment(1, paid=100), instalment(2, paid=1)]
    assert next_open(pledge).number == 2
    assert next_open([instalment(1, paid=100)]) is None
    assert next_open([instalment(1, paid=99)]).number == 1
