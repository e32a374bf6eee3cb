"""Whatever happens to a pledge in whatever order, its money adds up: the pure core, by property."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.giving.allocation import allocate, pay, take_back, write_off
from fundapp.giving.models import Frequency, Instalment, Pledge, PledgeStatus
from fundapp.giving.schedule import add_months, amounts, dates_after, due_dates
from fundapp.giving.shares import share_out
from fundapp.giving.steps import settle
from fundapp.money import split_by_weights
from fundapp.thai.calendar import fiscal_year_be

pytestmark = pytest.mark.sqlite  # no database

DAY = date(2026, 11, 24)
REPEATED = [Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.TERM, Frequency.YEARLY]
pledges = st.lists(st.integers(1, 200), min_size=1, max_size=5)
payments = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 6)), max_size=6)


class Engine:
    """A pledge in memory, with what came for it; nothing is stored."""

    def __init__(self, due):
        rows = [
            Instalment(
                number=number,
                due_on=DAY + timedelta(days=30 * number),
                amount_satang=satang,
                paid_satang=0,
                let_go_satang=0,
            )
            for number, satang in enumerate(due, start=1)
        ]
        self.pledge = Pledge(
            status=PledgeStatus.ACTIVE, instalment_count=len(rows), instalments=rows
        )
        self.counting, self.refunded, self.came = [], 0, 0

    def receive(self, satang, named):
        rows = self.pledge.instalments
        chosen = rows[named] if named < len(rows) else None
        parts = allocate(satang, rows, named=chosen, status=self.pledge.status)
        pay(parts)
        self.came += satang
        self.counting.append((satang, parts))
        settle(self.pledge)

    def undo(self, index):
        satang, parts = self.counting.pop(index)
        take_back(parts)
        self.refunded += satang
        settle(self.pledge)

    def write_off(self, index):
        row = self.pledge.instalments[index % len(self.pledge.instalments)]
        write_off(row, row.open_satang)
        settle(self.pledge)

    @property
    def state(self):
        rows = self.pledge.instalments
        return [(row.paid_satang, row.let_go_satang) for row in rows], self.pledge.status

    def check(self):
        rows = self.pledge.instalments
        allocated = sum(part.satang for _satang, parts in self.counting for part in parts)
        surplus = sum(
            satang - sum(part.satang for part in parts) for satang, parts in self.counting
        )
        assert surplus >= 0
        assert self.came == allocated + surplus + self.refunded
        promised = sum(row.amount_satang for row in rows)
        let_go = sum(row.let_go_satang for row in rows)
        still_open = sum(row.open_satang for row in rows)
        assert promised == allocated + let_go + still_open
        for row in rows:
            assert 0 <= row.let_go_satang <= row.paid_satang <= row.amount_satang
        assert (self.pledge.status is PledgeStatus.COMPLETED) == (still_open == 0)


@given(pledges, st.data())
def test_money_in_is_allocated_surplus_let_go_or_given_back(due, data):
    engine = Engine(due)
    for _number in range(data.draw(st.integers(0, 8))):
        event = data.draw(st.sampled_from(["receive", "undo", "write off"]))
        if event == "receive":
            engine.receive(data.draw(st.integers(1, 400)), data.draw(st.integers(0, 6)))
        elif event == "write off":
            engine.write_off(data.draw(st.integers(0, 4)))
        elif engine.counting:
            engine.undo(data.draw(st.integers(0, len(engine.counting) - 1)))
        engine.check()
    while engine.counting:
        engine.undo(0)
        engine.check()
    assert all(row.received_satang == 0 for row in engine.pledge.instalments)


@given(pledges, payments, st.randoms(use_true_random=False))
def test_the_order_of_payments_changes_nothing(due, came, random):
    """Early, late, short, double and too much: the same payments leave the same instalments."""
    one, other = Engine(due), Engine(due)
    for payment in came:
        one.receive(*payment)
    shuffled = [*came]
    random.shuffle(shuffled)
    for payment in shuffled:
        other.receive(*payment)
    assert one.state == other.state


@given(pledges, payments, st.integers(1, 400), st.integers(0, 6))
def test_what_came_last_and_was_undone_leaves_nothing(due, came, satang, named):
    engine = Engine(due)
    for payment in came:
        engine.receive(*payment)
    before = engine.state
    engine.receive(satang, named)
    engine.undo(-1)
    assert engine.state == before


@given(
    st.lists(st.integers(1, 10_000), min_size=2, max_size=10),
    st.lists(st.integers(1, 5_000), max_size=12),
    st.data(),
)
def test_shares_are_exact_whatever_came_and_was_undone(shares, came, data):
    """Each payment is shared out whole; the whole pledge gives each fund exactly its share."""
    whole, kept = sum(shares), []

    def receive(satang):
        given_before = [sum(parts[i] for parts in kept) for i in range(len(shares))]
        parts = share_out(satang, shares, given_before)
        assert sum(parts) == satang
        assert min(parts) >= 0
        kept.append(parts)

    for satang in came:
        if whole > sum(map(sum, kept)) + satang:
            receive(satang)
        if kept and data.draw(st.booleans()):
            kept.pop(data.draw(st.integers(0, len(kept) - 1)))
    receive(whole - sum(map(sum, kept)))
    assert [sum(parts[i] for parts in kept) for i in range(len(shares))] == shares


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.lists(st.integers(1, 999), max_size=9))
def test_two_funds_have_the_same_however_it_was_cut(first, second, came):
    has = [0, 0]
    for satang in came:
        parts = share_out(satang, [first, second], has)
        has = [own + part for own, part in zip(has, parts, strict=True)]
    if came:
        assert has == split_by_weights(sum(came), [first, second])


@given(
    st.sampled_from(REPEATED),
    st.dates(date(2020, 1, 1), date(2080, 12, 31)),
    st.integers(1, 40),
    st.integers(1, 10**9),
)
def test_schedules_are_exact(frequency, starts_on, count, total):
    days = due_dates(frequency, starts_on, count)
    assert days == sorted(set(days))
    assert len(days) == count
    if total >= count:
        parts = amounts(total, count)
        assert sum(parts) == total
        assert max(parts) - min(parts) <= 1
    if frequency is Frequency.TERM:
        assert {(day.month, day.day) for day in days} <= {(5, 16), (11, 1)}
    else:
        step = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}[frequency]
        for number, day in enumerate(days):
            assert day == add_months(starts_on, step * number)
            # The day of the month stays, or is the last of a month that has fewer.
            assert day.day == min(starts_on.day, monthrange(day.year, day.month)[1])
    # Two terms, four quarters, twelve months or one year lie in each fiscal year, 1 October on.
    in_full = [fiscal_year_be(day) for day in days][1:]
    whole_years = set(in_full[1:]) - {in_full[0], in_full[-1]} if len(in_full) > 2 else set()
    a_year = {Frequency.MONTHLY: 12, Frequency.QUARTERLY: 4, Frequency.TERM: 2}.get(frequency, 1)
    for year in whole_years:
        assert in_full.count(year) == a_year
    # What is added later goes on where it stopped.
    cut = count // 2 + 1
    last = days[cut - 1]
    anchored = due_dates(frequency, starts_on, cut) + dates_after(
        frequency, starts_on, last, count - cut
    )
    assert anchored == days
