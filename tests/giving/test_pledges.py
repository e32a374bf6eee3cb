"""Pledges: made once, changed without touching what is paid, extended, paused, cancelled."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from fundapp.db import unit_of_work
from fundapp.errors import NotFoundError, UnreadableNameError
from fundapp.giving import operations
from fundapp.giving.errors import FundClosedToGiftsError, PledgeStateError, ScheduleError
from fundapp.giving.models import Donor, DonorKind, Frequency, Pledge, PledgeStatus
from fundapp.giving.queries import get_pledge, list_open_ended_tokens
from fundapp.giving.references import is_reference
from fundapp.ledger.models import Fund
from fundapp.trail.models import AuditEvent
from tests.factories.actors import OFFICER, WORKER, officer
from tests.factories.giving import make_donor, make_payment, make_pledge

TODAY = date(2026, 11, 24)


def shape(pledge):
    return [(row.due_on, row.amount_satang, row.paid_satang) for row in pledge.instalments]


def test_a_thousand_in_three_months(funds):
    pledge = get_pledge(make_pledge().token)
    assert shape(pledge) == [
        (date(2026, 11, 24), 33_334, 0),
        (date(2026, 12, 24), 33_333, 0),
        (date(2027, 1, 24), 33_333, 0),
    ]
    assert pledge.amount_satang == 100_000
    assert pledge.status is PledgeStatus.ACTIVE
    assert all(is_reference(row.reference) for row in pledge.instalments)
    assert len({row.reference for row in pledge.instalments}) == 3


def test_a_single_gift_is_a_pledge_of_one_instalment(funds):
    pledge = make_pledge(frequency=Frequency.ONCE, instalment_count=1)
    assert shape(pledge) == [(TODAY, 100_000, 0)]


def test_an_open_ended_pledge_has_twelve_instalments(funds):
    pledge = make_pledge(instalment_count=None, amount_satang=50_000)
    assert len(pledge.instalments) == 12
    assert {row.amount_satang for row in pledge.instalments} == {50_000}


def test_an_open_ended_pledge_is_extended_to_its_horizon(funds, clock):
    token = make_pledge(instalment_count=None, amount_satang=50_000).token
    assert list_open_ended_tokens(TODAY) == []
    clock.shift(timedelta(days=70))
    later = TODAY + timedelta(days=70)
    assert list_open_ended_tokens(later) == [token]
    unit_of_work(operations.extend_schedule, token, actor=WORKER)
    dates = [instalment.due_on for instalment in get_pledge(token).instalments]
    assert len(dates) == 15
    assert dates[-1] == date(2028, 1, 24)
    assert list_open_ended_tokens(later) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("frequency", "last"),
    [
        (Frequency.MONTHLY, date(2037, 10, 24)),
        (Frequency.TERM, date(2042, 11, 1)),
        (Frequency.YEARLY, date(2047, 11, 24)),
    ],
)
def test_a_pledge_that_was_paused_for_ten_years_goes_on_from_then(funds, clock, frequency, last):
    pledge = make_pledge(instalment_count=None, amount_satang=50_000, frequency=frequency)
    unit_of_work(operations.pause_pledge, pledge.token, actor=OFFICER)
    clock.shift(timedelta(days=3653))
    unit_of_work(operations.resume_pledge, pledge.token, actor=OFFICER)
    dates = [row.due_on for row in get_pledge(pledge.token).instalments]
    later = TODAY + timedelta(days=3653)
    assert sum(day >= later for day in dates) == 12
    assert dates[-1] == last


@pytest.mark.sqlite
def test_a_counted_pledge_is_never_extended(funds):
    token = make_pledge().token
    unit_of_work(operations.extend_schedule, token, actor=WORKER)
    assert len(get_pledge(token).instalments) == 3


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "overrides",
    [
        {"amount_satang": 2},
        {"amount_satang": 0},
        {"amount_satang": -5},
        {"instalment_count": 0},
        {"instalment_count": 601},
        {"frequency": Frequency.ONCE, "instalment_count": None},
        {"frequency": Frequency.ONCE, "instalment_count": 2},
        {"each_satang": 33_333},
    ],
)
def test_refused_terms_leave_nothing(funds, overrides):
    with pytest.raises(ScheduleError):
        make_pledge(**overrides)
    assert funds.scalar(select(func.count()).select_from(Donor)) == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["\u3164", "007", "..."])
def test_a_name_that_nobody_can_read_leaves_nothing(funds, name):
    with pytest.raises(UnreadableNameError) as refusal:
        make_pledge(name=name)
    assert refusal.value.field == "name"
    assert funds.scalar(select(func.count()).select_from(Donor)) == 0


@pytest.mark.sqlite
def test_a_fund_that_takes_no_gifts(funds):
    def close():
        funds.get(Fund, "SCHOLARSHIP").accepts_gifts = False

    unit_of_work(close)
    for code in ("SCHOLARSHIP", "NONE"):
        with pytest.raises(FundClosedToGiftsError):
            make_pledge(fund_code=code)


def test_the_same_form_makes_one_pledge(funds):
    first, second = (make_pledge(idempotency_key="form-1", email="a@example.org") for _ in range(2))
    assert first.token == second.token
    assert funds.scalar(select(func.count()).select_from(Pledge)) == 1


def test_address_and_name_find_the_donor_unchanged(funds):
    """A form does not ask what the donor is, so it finds a body too."""
    owner = make_donor("Mosque of Betong", email="amina@example.org", kind=DonorKind.MOSQUE)
    pledge = make_pledge(name=" MOSQUE of  betong", email="Amina@Example.org ")
    assert pledge.donor_id == owner.id
    known = funds.get(Donor, owner.id, populate_existing=True)
    assert (known.name, known.kind) == ("Mosque of Betong", DonorKind.MOSQUE)
    other = make_pledge(name="Somebody Else", email="amina@example.org")
    assert other.donor_id != owner.id
    assert (other.donor.name, other.donor.kind) == ("Somebody Else", DonorKind.INDIVIDUAL)


@pytest.mark.sqlite
def test_without_an_address_a_named_gift_has_a_donor_of_its_own(funds):
    pledges = [make_pledge(email=None) for _ in range(2)]
    assert len({pledge.donor_id for pledge in pledges}) == 2


@pytest.mark.sqlite
def test_who_gives_without_name_and_address_is_one_row(funds):
    pledges = [make_pledge(email=None, name="", is_anonymous=True) for _ in range(2)]
    payment = make_payment(500, fund_code="GENERAL", payer_name="")
    [donor] = funds.scalars(select(Donor))
    assert {*(pledge.donor_id for pledge in pledges), payment.donor_id} == {donor.id}
    assert (donor.kind, donor.name, donor.email) == (DonorKind.UNKNOWN, "", None)


@pytest.mark.sqlite
def test_what_is_given_each_time_is_changed_each_time(funds):
    pledge = make_pledge(amount_satang=150_000, each_satang=50_000)
    make_payment(50_000, pledge.instalments[0])
    change = {"amount_satang": 30_000, "starts_on": TODAY, "actor": OFFICER}
    unit_of_work(operations.change_pledge, pledge.token, **change)
    changed = get_pledge(pledge.token)
    assert [row.amount_satang for row in changed.instalments] == [50_000, 30_000, 30_000]
    assert (changed.each_satang, changed.amount_satang) == (30_000, 110_000)
    for instalment in changed.instalments[1:]:
        make_payment(100, instalment)
    with pytest.raises(ScheduleError):
        unit_of_work(operations.change_pledge, pledge.token, **change)


def test_a_change_moves_what_is_unpaid_and_adds_nothing(funds):
    pledge = make_pledge()
    make_payment(33_334, pledge.instalments[0])
    token = pledge.token
    unit_of_work(
        operations.change_pledge,
        token,
        amount_satang=200_000,
        starts_on=date(2026, 12, 1),
        actor=OFFICER,
    )
    assert shape(get_pledge(token)) == [
        (date(2026, 11, 24), 33_334, 33_334),
        (date(2026, 12, 1), 83_333, 0),
        (date(2027, 1, 1), 83_333, 0),
    ]


@pytest.mark.sqlite
def test_a_part_paid_instalment_stays_too(funds):
    pledge = make_pledge()
    make_payment(10_000, pledge.instalments[0])
    change = {"amount_satang": 43_334, "starts_on": date(2027, 3, 31), "actor": OFFICER}
    unit_of_work(operations.change_pledge, pledge.token, **change)
    assert shape(get_pledge(pledge.token)) == [
        (date(2026, 11, 24), 33_334, 10_000),
        (date(2027, 3, 31), 5_000, 0),
        (date(2027, 4, 30), 5_000, 0),
    ]


@pytest.mark.sqlite
def test_a_change_below_what_is_fixed_is_refused(funds):
    pledge = make_pledge()
    make_payment(33_334, pledge.instalments[0])
    before = shape(get_pledge(pledge.token))
    for total in (33_333, 33_335):
        with pytest.raises(ScheduleError):
            unit_of_work(
                operations.change_pledge,
                pledge.token,
                amount_satang=total,
                starts_on=TODAY,
                actor=OFFICER,
            )
    assert shape(get_pledge(pledge.token)) == before


def test_pause_resume_cancel_and_who_did_it(funds):
    token = make_pledge().token
    for act, status in (
        (operations.pause_pledge, PledgeStatus.PAUSED),
        (operations.resume_pledge, PledgeStatus.ACTIVE),
        (operations.cancel_pledge, PledgeStatus.CANCELLED),
    ):
        assert unit_of_work(act, token, actor=officer("u-1")).status is status
    with pytest.raises(PledgeStateError):
        unit_of_work(operations.resume_pledge, token, actor=officer("u-1"))
    actions = funds.scalars(select(AuditEvent.action).where(AuditEvent.actor == "u-1")).all()
    assert sorted(actions) == [f"giving:pledge:{verb}" for verb in ("cancel", "pause", "resume")]


@pytest.mark.sqlite
def test_a_resumed_pledge_asks_nothing_for_the_pause(funds, clock):
    token = make_pledge(instalment_count=None, amount_satang=50_000).token
    unit_of_work(operations.pause_pledge, token, actor=OFFICER)
    clock.move_to(date(2028, 6, 1))
    pledge = unit_of_work(operations.resume_pledge, token, actor=OFFICER)
    days = [row.due_on for row in pledge.instalments]
    assert days[11:14] == [date(2027, 10, 24), date(2028, 6, 24), date(2028, 7, 24)]
    assert len(days) == 24


@pytest.mark.sqlite
def test_an_unknown_token(funds):
    with pytest.raises(NotFoundError):
        unit_of_work(operations.pause_pledge, "nobody", actor=OFFICER)
    with pytest.raises(NotFoundError):
        get_pledge("nobody")
