"""Pledges: made, extended, changed, paused, resumed, cancelled."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, bindparam, insert, select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import connection_of_work, db, lock
from fundapp.errors import NotFoundError, StaleError
from fundapp.giving import schedule
from fundapp.giving.errors import FundClosedToGiftsError, ScheduleError
from fundapp.giving.models import (
    Donor,
    DonorKind,
    Frequency,
    Instalment,
    Method,
    Pledge,
    PledgeStatus,
)
from fundapp.giving.operations.donors import register_donor
from fundapp.giving.policy import terms_of
from fundapp.giving.references import new_reference
from fundapp.giving.workflow import PledgeAction, may_pledge, next_pledge_status
from fundapp.ids import new_id, new_public_id
from fundapp.ledger.models import Fund
from fundapp.markers import N_
from fundapp.trail.operations import record_event

# Built once, and asked without the session, so of what is flushed: on SQLite every other writer
# waits meanwhile.
_ACCEPTS_GIFTS = select(Fund.accepts_gifts).where(Fund.code == bindparam("code"))
_MADE_WITH = select(Pledge.id).where(Pledge.idempotency_key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class PledgeTerms:
    """What a donor promises.

    ``amount_satang`` is the total of a counted pledge; with ``instalment_count`` None the pledge is
    open-ended and it is the amount each time. ``donor_id`` names a known donor; otherwise ``name``
    and ``email`` find or make one. The same ``idempotency_key`` twice makes one pledge.
    """

    amount_satang: int
    fund_code: str
    starts_on: date
    frequency: Frequency = Frequency.ONCE
    instalment_count: int | None = 1
    method: Method = Method.PROMPTPAY
    name: str = ""
    email: str | None = None
    is_anonymous: bool = False
    locale: str = "th"
    donor_id: int | None = None
    donor_kind: DonorKind = DonorKind.INDIVIDUAL
    idempotency_key: str | None = None


def make_pledge(terms: PledgeTerms, *, actor: Actor) -> Pledge:
    """Write a pledge with its dated instalments, each with a reference of its own.

    Raises FundClosedToGiftsError and ScheduleError.
    """
    earlier = _made_with(terms.idempotency_key)
    if earlier is not None:
        return earlier
    _check(terms)
    if not connection_of_work().scalar(_ACCEPTS_GIFTS, {"code": terms.fund_code}):
        raise FundClosedToGiftsError(field="fund")
    pledge = _pledge(terms, _donor(terms, actor))
    db.session.add(pledge)
    _record("make", pledge, actor)
    _add_instalments(pledge, _first_instalments(terms))
    return pledge


def extend_schedule(token: str, *, actor: Actor) -> Pledge:
    """Give an open-ended pledge its next instalments, so that `schedule.HORIZON` unpaid ones lie
    ahead.

    Nothing happens to a counted pledge. Raises NotFoundError and PledgeStateError.
    """
    pledge = locked_pledge(Pledge.token == token)
    pledge.status = next_pledge_status(pledge.status, PledgeAction.EXTEND)
    if extend(pledge, clock.today()):
        _record("extend", pledge, actor)
    db.session.flush()
    return pledge


def change_pledge(
    token: str, *, amount_satang: int, starts_on: date, actor: Actor, seen: str | None = None
) -> Pledge:
    """Change amount and first due day of what is still to come; ``seen`` are the terms that the
    actor saw (`terms_of`).

    Instalments that have money on them stay as they are, the others move; none is added or taken
    away. ``amount_satang`` is the new total of a counted pledge, the amount each time of an
    open-ended one. Raises NotFoundError, PledgeStateError, StaleError when somebody changed the
    terms meanwhile, and ScheduleError when the new total does not cover what is fixed.
    """
    pledge = locked_pledge(Pledge.token == token)
    if seen not in (None, terms_of(pledge)):
        raise StaleError
    pledge.status = next_pledge_status(pledge.status, PledgeAction.CHANGE)
    pledge.amount_satang, pledge.starts_on = amount_satang, starts_on
    untouched = [one for one in pledge.instalments if one.paid_satang == 0]
    fixed = sum(one.amount_satang for one in pledge.instalments if one.paid_satang)
    parts = _new_amounts(pledge, amount_satang - fixed, len(untouched))
    days = schedule.due_days(pledge.frequency, starts_on, len(pledge.instalments))
    for instalment, satang in zip(untouched, parts, strict=True):
        instalment.amount_satang = satang
        instalment.due_on = days[instalment.number - 1]
    _record("change", pledge, actor)
    db.session.flush()
    return pledge


def pause_pledge(token: str, *, actor: Actor) -> Pledge:
    """Let a pledge rest: no reminder, no overdue mark; money that comes still lands."""
    return _act(token, PledgeAction.PAUSE, actor)


def resume_pledge(token: str, *, actor: Actor) -> Pledge:
    """Take a resting pledge up again."""
    return _act(token, PledgeAction.RESUME, actor)


def cancel_pledge(token: str, *, actor: Actor) -> Pledge:
    """End a pledge. What was given stays given."""
    return _act(token, PledgeAction.CANCEL, actor)


def locked_pledge(which: ColumnElement[bool]) -> Pledge:
    """The pledge, locked with its instalments until the unit of work ends; NotFoundError.

    Whoever changes an instalment holds its pledge's lock.
    """
    plain = (lazyload(Pledge.donor), lazyload(Pledge.fund))
    pledge = lock(select(Pledge).where(which).options(*plain))
    if pledge is None:
        raise NotFoundError
    return pledge


def extend(pledge: Pledge, today: date) -> int:
    """Add what an open-ended, active pledge lacks of its horizon; how many were added."""
    if pledge.instalment_count is not None or pledge.status is not PledgeStatus.ACTIVE:
        return 0
    ahead = sum(1 for one in pledge.instalments if one.open_satang and one.due_on >= today)
    if ahead >= schedule.HORIZON:
        return 0
    had, last = len(pledge.instalments), max(one.due_on for one in pledge.instalments)
    days = schedule.due_days(pledge.frequency, pledge.starts_on, had + schedule.MAXIMUM_INSTALMENTS)
    # Days that went by while the pledge rested are left out: nobody is asked for them afterwards.
    coming = [day for day in days if day > last and day >= today][: schedule.HORIZON - ahead]
    _add_instalments(pledge, [(day, pledge.amount_satang) for day in coming], had=had)
    return len(coming)


def settle(pledge: Pledge) -> None:
    """Bring the pledge's state in line with its money: complete when all is paid, active again
    when not.
    """
    is_paid = all(one.open_satang == 0 for one in pledge.instalments)
    if pledge.status is PledgeStatus.COMPLETED:
        if not is_paid:
            pledge.status = next_pledge_status(pledge.status, PledgeAction.REOPEN)
    elif is_paid and pledge.instalment_count and may_pledge(pledge.status, PledgeAction.COMPLETE):
        pledge.status = next_pledge_status(pledge.status, PledgeAction.COMPLETE)


def _check(terms: PledgeTerms) -> None:
    count = terms.instalment_count
    in_range = count is None or 1 <= count <= schedule.MAXIMUM_INSTALMENTS
    if not in_range or (terms.frequency is Frequency.ONCE and count != 1):
        raise ScheduleError(N_("A single gift has one instalment, a pledge at most 600."))
    if terms.amount_satang <= 0:
        raise ScheduleError(N_("The amount must be more than zero."), field="amount")


def _made_with(key: str | None) -> Pledge | None:
    if key is None:
        return None
    made = connection_of_work().scalar(_MADE_WITH, {"key": key})
    return None if made is None else db.session.get(Pledge, made)


def _donor(terms: PledgeTerms, actor: Actor) -> Donor:
    if terms.donor_id is not None:
        known = db.session.get(Donor, terms.donor_id)
        if known is None:
            raise NotFoundError
        return known
    return register_donor(
        terms.name, kind=terms.donor_kind, email=terms.email, locale=terms.locale, actor=actor
    )


def _pledge(terms: PledgeTerms, donor: Donor) -> Pledge:
    return Pledge(
        id=new_id(),
        token=new_public_id(),
        donor_id=donor.id,
        fund_code=terms.fund_code,
        amount_satang=terms.amount_satang,
        frequency=terms.frequency,
        instalment_count=terms.instalment_count,
        starts_on=terms.starts_on,
        method=terms.method,
        donor_name=terms.name,
        is_anonymous=terms.is_anonymous,
        locale=terms.locale,
        status=PledgeStatus.ACTIVE,
        idempotency_key=terms.idempotency_key,
        created_at=clock.now(),
    )


def _first_instalments(terms: PledgeTerms) -> list[tuple[date, int]]:
    count = terms.instalment_count
    if count is None:
        days = schedule.due_days(terms.frequency, terms.starts_on, schedule.HORIZON)
        return [(day, terms.amount_satang) for day in days]
    days = schedule.due_days(terms.frequency, terms.starts_on, count)
    return list(zip(days, schedule.amounts(terms.amount_satang, count), strict=True))


def _add_instalments(pledge: Pledge, parts: list[tuple[date, int]], *, had: int = 0) -> None:
    """Write due days and amounts (satang) as instalments ``had`` + 1 and on, in one statement."""
    db.session.flush()
    rows = [
        {
            "id": new_id(),
            "pledge_id": pledge.id,
            "number": number,
            "reference": new_reference(),
            "due_on": due_on,
            "amount_satang": satang,
            "paid_satang": 0,
        }
        for number, (due_on, satang) in enumerate(parts, start=had + 1)
    ]
    if rows:
        db.session.execute(insert(Instalment), rows)
        db.session.expire(pledge, ["instalments"])


def _new_amounts(pledge: Pledge, rest_satang: int, count: int) -> list[int]:
    if pledge.instalment_count is None:
        return [pledge.amount_satang] * count
    if rest_satang < 0 or (count == 0 and rest_satang > 0):
        raise ScheduleError(field="amount")
    return schedule.amounts(rest_satang, count) if count else []


def _act(token: str, action: PledgeAction, actor: Actor) -> Pledge:
    pledge = locked_pledge(Pledge.token == token)
    pledge.status = next_pledge_status(pledge.status, action)
    _record(action, pledge, actor)
    if action is PledgeAction.RESUME:
        extend(pledge, clock.today())
    db.session.flush()
    return pledge


def _record(verb: str, pledge: Pledge, actor: Actor) -> None:
    record_event(
        f"giving:pledge:{verb}",
        actor=actor,
        subject_type="pledge",
        # The token opens the pledge's page, so the trail knows the pledge by its number.
        subject_ref=str(pledge.id),
    )
