"""The plan: large enough, in order, always the same, about no real person."""

import csv
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from demo import funds
from demo.dates import YEARS, ramadans, span_of, workday
from demo.events import (
    ChildClosed,
    ChildRegistered,
    ConsentWithdrawn,
    DonorRegistered,
    HelpRequested,
    MonthClosed,
    PaymentReceived,
    PledgeMade,
    StatementImported,
)
from demo.older_books import older_entries, older_pledges
from demo.plan import make_plan
from demo.sizes import SIZES, WITHOUT_OLDER_BOOKS
from fundapp.clock import local_day
from fundapp.giving.models import Method
from fundapp.thai.calendar import fiscal_year_be
from fundapp.thai.identity_numbers import check_id
from tests.architecture.sources import ROOT, modules, name

DAYS = [date(2026, 11, 24), date(2026, 10, 1), date(2027, 9, 30), date(2028, 2, 29)]


def subdistricts():
    path = ROOT / "fundapp" / "places" / "data" / "yala_subdistricts.csv"
    codes = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes.setdefault(row["district_code"], []).append(row["subdistrict_code"])
    return codes


@pytest.fixture(scope="module", params=DAYS, ids=str)
def plan(request):
    return make_plan(request.param, SIZES["small"], subdistricts())


def test_the_same_day_gives_the_same_plan():
    first, second = (make_plan(DAYS[0], SIZES["small"], subdistricts()) for _ in range(2))
    assert first == second


def test_it_is_as_large_as_its_size(plan):
    kinds = Counter(type(event) for event in plan.events)
    assert kinds[DonorRegistered] >= 300
    assert kinds[PledgeMade] >= 600
    assert kinds[ChildRegistered] >= 500
    requests = [event for event in plan.events if isinstance(event, HelpRequested)]
    assert sum(not request.is_resubmission for request in requests) >= 400
    payments = sum(line.received is not None for line in plan.lines)
    assert payments >= 2500


def test_a_larger_demo_has_more_of_everything():
    """Lists of files, requests and bank lines grow with it, not gifts alone."""
    sizes = []
    for size in ("small", "province", "nation"):
        plan = make_plan(DAYS[0], SIZES[size], subdistricts())
        kinds = Counter(type(event) for event in plan.events)
        until = plan.periods.not_imported_from
        lines = sum(plan.periods.starts_on <= line.day < until for line in plan.lines)
        sizes.append((kinds[ChildRegistered], kinds[HelpRequested], lines))
    for smaller, larger in pairwise(sizes):
        assert all(few < many for few, many in zip(smaller, larger, strict=True))
    nation, base = asdict(SIZES["nation"]), asdict(SIZES[WITHOUT_OLDER_BOOKS])
    assert nation["older_entries"] == 900_000
    assert base == nation | {"older_payments": 0, "older_entries": 0}
    children, requests, lines = sizes[1]
    assert children >= 4_400
    assert requests >= 2_800
    assert lines >= 1_500


def test_officers_record_on_two_days_of_the_week(plan):
    """So the slips of several days are entered together; a cheque is entered at once."""
    slips = [
        event
        for event in plan.events
        if isinstance(event, PaymentReceived) and event.method is not Method.CHEQUE
    ]
    days = Counter(local_day(event.at).weekday() for event in slips)
    assert days[1] + days[4] >= 0.98 * len(slips)
    for event in slips:
        assert timedelta(0) <= local_day(event.at) - event.received_on <= timedelta(days=4)
    assert max(local_day(event.at) for event in slips) < plan.span.today


def test_older_books_are_in_the_order_of_time():
    """A database writes side by side what lies side by side; and money comes before it is spent."""
    span = span_of(DAYS[0])
    days = [draft.entry_on for draft in older_entries(span, 5_000)]
    assert len(days) == 5_000
    assert days == sorted(days)
    assert days[-1] < span.statements_from
    starts = [pledge.starts_on for pledge in older_pledges(span, 500)]
    assert starts == sorted(starts)
    of_one_fund = list(older_entries(span, 5_000, [funds.ZAKAT]))
    assert {posting.fund for draft in of_one_fund for posting in draft.postings} == {funds.ZAKAT}
    assert len(of_one_fund) == 1_000


def test_every_district_has_children(plan):
    districts = {event.district for event in plan.events if isinstance(event, ChildRegistered)}
    assert districts == set(subdistricts())


def test_events_are_in_order_and_end_before_today(plan):
    assert all(before.at <= after.at for before, after in pairwise(plan.events))
    assert plan.events[-1].at.date() < plan.span.today
    assert fiscal_year_be(plan.span.today) - fiscal_year_be(plan.span.first) == YEARS - 1


def test_months_are_closed_after_their_statements(plan):
    closed_at = {
        event.month_on: event.at for event in plan.events if isinstance(event, MonthClosed)
    }
    late = [
        event
        for event in plan.events
        if isinstance(event, StatementImported)
        and event.from_on.replace(day=1) in closed_at
        and event.at > closed_at[event.from_on.replace(day=1)]
    ]
    assert late == []


def test_the_last_days_are_not_imported(plan):
    assert plan.span.today - plan.periods.not_imported_from >= timedelta(days=8)
    assert any(line.day >= plan.periods.not_imported_from for line in plan.lines)


def test_nobody_can_be_reached(plan):
    for event in plan.events:
        if isinstance(event, DonorRegistered):
            assert event.email is None or event.email.endswith("@example.org")
            assert event.phone is None or event.phone.startswith("073-0")
        elif isinstance(event, ChildRegistered):
            number = event.facts.id_number
            assert check_id(event.facts.id_kind, number) == number
            if len(number) == 13 and number.isdigit():
                assert number[1:5] == "9500"


def test_no_child_comes_twice(plan):
    """But for two, whom the supervisor has to do with."""
    registered = [event for event in plan.events if isinstance(event, ChildRegistered)]
    children = [event.facts for event in registered if not event.another_child]
    distinct = {(child.given_name, child.family_name, child.birth_on) for child in children}
    assert len(distinct) == len(children) == len(registered) - 2


def test_ramadan_of_known_years():
    assert ramadans(span_of(date(2026, 11, 24))) == [
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


def test_the_application_never_sets_the_clock_back():
    callers = [name(path) for path in modules() if "clock.at(" in path.read_text(encoding="utf-8")]
    assert callers == []


@pytest.fixture(scope="module")
def nation():
    return make_plan(DAYS[0], SIZES["nation"], subdistricts())


def test_no_guardian_is_known_by_a_file_that_is_closed(nation):
    closed, known = set(), 0
    for event in nation.events:
        if isinstance(event, ChildClosed | ConsentWithdrawn):
            closed.add(event.child)
        elif isinstance(event, ChildRegistered) and event.sibling_of is not None:
            known += 1
            assert event.sibling_of not in closed
    assert known > 500


def test_no_two_children_are_alike_by_chance(nation):
    """Else the second one would wait for a supervisor's decision."""
    events = nation.events
    alike = Counter(
        (event.facts.given_name, event.facts.family_name, event.facts.birth_on)
        for event in events
        if isinstance(event, ChildRegistered) and not event.another_child
    )
    assert len(alike) == SIZES["nation"].children
