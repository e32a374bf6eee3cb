"""Nobody computes the help of one child from all that is published over twelve months.

The attackers here are written apart from the code under test. They know every published figure of
every month, and the rule.
"""

import dataclasses
import itertools
from collections import defaultdict
from datetime import date

import pytest

from fundapp.transparency.rises import (
    MONTHS_OF_WAITING,
    NO_DISTRICT,
    Figure,
    HelpLine,
    K,
    is_batch,
    next_counts,
    next_fees,
    next_help,
)
from tests.transparency.worlds import DISTRICTS, FUNDS, MONTHS, publish, world

JANUARY, FEBRUARY = MONTHS[:2]
RAMAN, YAHA = "9506", "9505"


def help_to(number, *, district=RAMAN, fund="GEN", month=JANUARY, satang=1_000, first=1):
    """Help for so many children, who are numbered from ``first`` on."""
    return [HelpLine(fund, district, first + each, satang, month) for each in range(number)]


def figures_of(lines, months=MONTHS):
    """(shown by month) of the cell of `RAMAN`: help and children."""
    published = publish(lines, months)
    return [(each.help_paid["GEN", RAMAN].value, each.children[RAMAN].value) for each in published]


class TestABatch:
    """What may be added to a figure."""

    def test_ten_children_are_withheld_and_eleven_shown(self):
        assert not is_batch(help_to(K))
        assert is_batch(help_to(K + 1))

    def test_a_child_counts_once(self):
        assert not is_batch(help_to(K) + help_to(K))

    def test_a_child_with_more_than_half_of_the_money(self):
        others = help_to(K, first=100)
        assert is_batch([*others, *help_to(1, satang=10_000)])
        assert not is_batch([*others, *help_to(1, satang=10_001)])
        assert not is_batch([*others, *help_to(1, satang=6_000), *help_to(1, satang=6_000)])


class TestAFigure:
    """How a figure goes on from month to month."""

    def test_it_stands_still_until_more_than_ten_children_are_behind_the_step(self):
        lines = help_to(20) + [
            line
            for index, month in enumerate(MONTHS[1:])
            for line in help_to(1, month=month, first=100 + index)
        ]
        shown = figures_of(lines)
        assert shown == [(20_000, 20)] * 11 + [(31_000, 31)]

    def test_children_who_were_helped_before_are_no_new_ones(self):
        """Eleven were helped, one of them for the first time: the count must not say so."""
        lines = help_to(20) + help_to(K, month=FEBRUARY) + help_to(1, month=FEBRUARY, first=50)
        assert figures_of(lines, MONTHS[:2]) == [(20_000, 20), (31_000, 20)]

    def test_what_is_in_a_batch_enters_no_other(self):
        lines = help_to(K + 1) + help_to(K, month=FEBRUARY, first=50)
        assert figures_of(lines, MONTHS[:3])[-1] == (11_000, 11)

    def test_help_that_waited_is_shown_for_its_fund_alone(self):
        lines = help_to(6) + help_to(6, district=YAHA, first=50)
        published = publish(lines)
        shown = [each.help_paid["GEN", NO_DISTRICT].value for each in published]
        assert shown == [None] * MONTHS_OF_WAITING + [12_000] * (12 - MONTHS_OF_WAITING)
        assert published[-1].help_paid["GEN", RAMAN] == Figure()

    def test_help_is_shown_for_its_fund_once(self):
        lines = help_to(6) + help_to(6, district=YAHA, first=50)
        lines += help_to(6, first=80, month=MONTHS[MONTHS_OF_WAITING + 1])
        published = publish(lines)
        assert published[-1].help_paid["GEN", RAMAN] == Figure()
        assert published[-1].help_paid["GEN", NO_DISTRICT].value == 12_000

    def test_so_many_wait_that_every_district_must_have_some(self):
        """Two districts, ten children each: their sum of twenty would say so."""
        two = [RAMAN, YAHA]
        lines = help_to(K) + help_to(K, district=YAHA, first=50)
        assert publish(lines, districts=two)[-1].help_paid["GEN", NO_DISTRICT] == Figure()
        assert publish(lines)[-1].help_paid["GEN", NO_DISTRICT].value == 20_000

    def test_a_zero_is_withheld_like_a_small_number(self):
        shown = publish(help_to(K))[-1]
        assert set(shown.help_paid.values()) | set(shown.children.values()) == {Figure()}

    def test_fees_rise_with_help_of_the_fund_only(self):
        earlier = {"GEN": Figure(), "EDU": Figure(50, JANUARY)}
        risen = {("GEN", RAMAN): Figure(1, FEBRUARY), ("EDU", RAMAN): Figure(1, JANUARY)}
        fees = next_fees(earlier, {"GEN": 100, "EDU": 70}, risen, FEBRUARY)
        assert fees == {"GEN": Figure(100, FEBRUARY), "EDU": Figure(50, JANUARY)}


def everything(lines):
    """Every published amount of twelve months, and every sum that the page makes of them."""
    amounts = {}
    for published in publish(lines):
        sums = defaultdict(int)
        for (fund, district), figure in published.help_paid.items():
            for name in (
                (fund, district), (fund, "*"), ("*", district), ("*", "*"),
            ):  # fmt: skip
                sums[name] += figure.value or 0
        amounts |= {(published.month, *name): value for name, value in sums.items()}
    return amounts


@pytest.mark.parametrize("seed", range(3))
def test_no_help_is_solvable_over_twelve_months_with_one_child_changed(seed):
    """Give one line of help one satang more, and see which of all published figures change.

    Lines that change the same figures cannot be told apart: whatever is added or subtracted, each
    has the same weight. So what can be computed is about all children of such a group together.
    """
    lines = world(seed, most=8)
    before = everything(lines)
    groups = defaultdict(set)
    for index, line in enumerate(lines):
        more = dataclasses.replace(line, satang=line.satang + 1)
        after = everything([*lines[:index], more, *lines[index + 1 :]])
        changed = frozenset(name for name, value in after.items() if value != before[name])
        assert all(after[name] == before[name] + 1 for name in changed)
        groups[changed].add(line.child_id)
    shown = {changed: children for changed, children in groups.items() if changed}
    assert len(shown) > 10, "much of this help is published"
    assert min(len(children) for children in shown.values()) > K


class Reader:
    """Somebody who knows the counts of a district in every month, and the rule.

    What was counted by the end of each month is unknown. What is known of it is a difference of two
    such numbers that is at least, or at most, so large; the exact bounds of any other difference
    are then lengths of shortest paths (Bellman and Ford).
    """

    def __init__(self, shown):
        nodes = range(len(shown) + 1)  # node 0: before the first month, nobody
        self.distance = {(a, b): 0 if a == b else float("inf") for a in nodes for b in nodes}
        last_rise, before = 0, 0
        for node, value in enumerate(shown, 1):
            self.at_least(node, node - 1, 0)
            if value != before:
                self.equal(node, last_rise, value - before)
                last_rise, before = node, value
            else:
                self.at_most(node, last_rise, K)  # that is why it stood still
        for middle, a, b in itertools.product(nodes, nodes, nodes):
            through = self.distance[a, middle] + self.distance[middle, b]
            self.distance[a, b] = min(self.distance[a, b], through)

    def at_most(self, later, earlier, most):
        self.distance[earlier, later] = min(self.distance[earlier, later], most)

    def at_least(self, later, earlier, least):
        self.at_most(earlier, later, -least)

    def equal(self, later, earlier, value):
        self.at_most(later, earlier, value)
        self.at_least(later, earlier, value)

    def bounds(self, later, earlier):
        """The least and the most that can have come between two months."""
        return -self.distance[later, earlier], self.distance[earlier, later]


def counted(lines, district):
    """How many children of the district were helped by the end of each month, truly."""
    of_district = [line for line in lines if line.district_code == district]
    return [len({line.child_id for line in of_district if line.month <= month}) for month in MONTHS]


@pytest.mark.parametrize("seed", range(8))
def test_each_hidden_count_of_children_can_be_in_an_interval_ten_wide(seed):
    """What came between any two months is published, of more than ten, or vague by ten.

    So it is without any total; and the totals that are published are sums of what is shown
    (test_publication.py), which say nothing of what is hidden.
    """
    lines = world(seed, most=5)
    published = publish(lines)
    for district in DISTRICTS:
        reader = Reader([each.children[district].value or 0 for each in published])
        truth = [0, *counted(lines, district)]
        for earlier, later in itertools.combinations(range(len(MONTHS) + 1), 2):
            least, most = reader.bounds(later, earlier)
            assert least <= truth[later] - truth[earlier] <= most
            assert most - least >= K or least == most > K, (district, earlier, later)


@pytest.mark.parametrize("seed", range(4))
def test_a_late_record_changes_later_months_only(seed):
    lines = world(seed)
    before = publish(lines)
    late = [HelpLine(FUNDS[0], DISTRICTS[3], 9_000 + each, 7, MONTHS[6]) for each in range(20)]
    after = publish(lines + late)
    assert after[:6] == before[:6]
    assert after[6:] != before[6:]


def test_a_year_of_a_province_takes_no_time():
    """8 districts, 5 funds, 450 children a month: the worker does it between two rounds."""
    lines = [
        HelpLine(f"F{number % 5}", DISTRICTS[number % 8], number % 2_900, 100_000, month)
        for month in MONTHS
        for number in range(450)
    ]
    shown = publish(lines, funds=[f"F{number}" for number in range(5)])[-1]
    total = sum(figure.value or 0 for figure in shown.help_paid.values())
    assert total > 0.8 * 450 * 12 * 100_000


def test_counts_begin_with_a_district_that_is_new():
    figures = next_counts({RAMAN: Figure(), "9600": Figure()}, help_to(K + 1), JANUARY)
    assert figures == {RAMAN: Figure(K + 1, JANUARY), "9600": Figure()}


def test_a_new_fund_has_nothing():
    cells = {("NEW", code): Figure() for code in (RAMAN, NO_DISTRICT)}
    assert next_help(cells, [], date(2026, 3, 1), [RAMAN]) == cells
