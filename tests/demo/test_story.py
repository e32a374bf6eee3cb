"""The story by itself: plausible, in order, always the same, about nobody."""

import csv
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from demo.happenings import (
    ChildComes,
    DonorComes,
    HelpAsked,
    MonthCloses,
    PledgeMade,
    StatementComes,
)
from demo.sizes import SIZES
from demo.story import write_story
from demo.years import YEARS, ramadans, span_of, workday
from fundapp.thai.calendar import fiscal_year_be
from fundapp.thai.identity_numbers import check_id
from tests.architecture.sources import PACKAGE, ROOT, modules, name

DAYS = [date(2026, 11, 24), date(2026, 10, 1), date(2027, 9, 30), date(2028, 2, 29)]


def subdistricts():
    path = ROOT / "fundapp" / "places" / "data" / "yala_subdistricts.csv"
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["district_code"], []).append(row["subdistrict_code"])
    return found


@pytest.fixture(scope="module", params=DAYS, ids=str)
def story(request):
    return write_story(request.param, SIZES["small"], subdistricts())


def test_the_same_day_tells_the_same_story():
    first, second = (write_story(DAYS[0], SIZES["small"], subdistricts()) for _ in range(2))
    assert first == second


def test_it_is_as_large_as_promised(story):
    kinds = Counter(type(one) for one in story.happenings)
    assert kinds[DonorComes] >= 300
    assert kinds[PledgeMade] >= 600
    assert kinds[ChildComes] >= 500
    assert sum(not one.again for one in story.happenings if isinstance(one, HelpAsked)) >= 400
    payments = sum(line.money is not None for line in story.lines)
    assert payments >= 2500


def test_every_district_has_children(story):
    districts = {one.district for one in story.happenings if isinstance(one, ChildComes)}
    assert districts == set(subdistricts())


def test_it_goes_forward_and_ends_before_today(story):
    assert all(before.at <= after.at for before, after in pairwise(story.happenings))
    assert story.happenings[-1].at.date() < story.span.today
    assert fiscal_year_be(story.span.today) - fiscal_year_be(story.span.first) == YEARS - 1


def test_months_are_closed_after_their_statements(story):
    closed = {one.month_on: one.at for one in story.happenings if isinstance(one, MonthCloses)}
    late = [
        one
        for one in story.happenings
        if isinstance(one, StatementComes)
        and one.from_on.replace(day=1) in closed
        and one.at > closed[one.from_on.replace(day=1)]
    ]
    assert late == []


def test_the_last_days_wait_for_an_officer(story):
    assert story.span.today - story.halves.waiting_from >= timedelta(days=8)
    assert any(line.day >= story.halves.waiting_from for line in story.lines)


def test_nobody_can_be_reached(story):
    for one in story.happenings:
        if isinstance(one, DonorComes):
            assert one.email is None or one.email.endswith("@example.org")
            assert one.phone is None or one.phone.startswith("073-0")
        elif isinstance(one, ChildComes):
            assert check_id(one.facts.id_kind, one.facts.id_number) == one.facts.id_number
            if len(one.facts.id_number) == 13 and one.facts.id_number.isdigit():
                assert one.facts.id_number[1:5] == "9500"


def test_no_child_is_told_twice(story):
    facts = [one.facts for one in story.happenings if isinstance(one, ChildComes)]
    assert len({(one.given_name, one.family_name, one.birth_on) for one in facts}) == len(facts)


def test_ramadan_of_known_years():
    found = ramadans(span_of(date(2026, 11, 24)))
    assert found == [
        (date(2025, 3, 1), date(2025, 3, 30)),
        (date(2026, 2, 18), date(2026, 3, 19)),
    ]


def test_offices_are_closed_at_weekends():
    assert [workday(date(2026, 11, day)) for day in (20, 21, 22, 23)] == [
        date(2026, 11, 20),
        date(2026, 11, 23),
        date(2026, 11, 23),
        date(2026, 11, 23),
    ]


def test_only_the_demo_stands_in_the_past():
    found = [
        name(path)
        for path in modules()
        if "clock.at(" in path.read_text(encoding="utf-8") and PACKAGE / "demo" not in path.parents
    ]
    assert found == []
