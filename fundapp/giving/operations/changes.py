"""Pledges are changed, paused, resumed and cancelled, and instalments written off: by whoever knows
the address of a pledge, or by an officer with a reason, of which the donor is told.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.children.name_guard import require_no_child_named
from fundapp.db import Base, connection_of_work, db
from fundapp.db.prepared import run_all
from fundapp.errors import NotFoundError, StaleError
from fundapp.giving import emails, policy, schedule
from fundapp.giving.allocation import by_due_date, write_off
from fundapp.giving.channels.queries import has_way
from fundapp.giving.errors import (
    FundPausedError,
    PledgeReasonError,
    PledgeStateError,
    ScheduleError,
)
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import (
    Checkout,
    CheckoutStatus,
    Frequency,
    Instalment,
    Pledge,
    PledgeStatus,
    WriteOff,
)
from fundapp.giving.sharing import are_open
from fundapp.giving.steps import extend, instalment_runs, settle
from fundapp.giving.workflow import PledgeAction, next_pledge_status
from fundapp.mail.operations import queue_message
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event


def change_pledge(
    token: str,
    *,
    amount_satang: int,
    starts_on: date | None = None,
    frequency: Frequency | None = None,
    remaining: int | None = None,
    reason: str | None = None,
    version: str | None = None,
    actor: Actor,
) -> Pledge:
    """Change the amount, the days, how often and how many of what is still to come.

    Instalments with a payment stay as they are. The first of the others falls due on
    ``starts_on``, and ``remaining`` is how many there are of them; None leaves either, as it does
    ``frequency``. An open-ended pledge with ``remaining`` ends after those. ``amount_satang`` is in
    the unit of the pledge: the new amount each time of an open-ended one and of one that was made
    so (`Pledge.each_satang`), else the new total; ``version`` is that of the terms the actor saw
    (`policy.version_of`). With a ``reason`` an officer does it for the donor, who is told.

    Raises ForbiddenError, NotFoundError, PledgeReasonError, ChildNamedError, PledgeStateError,
    StaleError when somebody changed the terms meanwhile, and ScheduleError when the new amount does
    not cover what stays, or a part would be taken away that the donor was asked for;
    FundPausedError for a higher amount while a fund is not open.
    """
    pledge = _lock(token, reason, actor)
    if version not in (None, policy.version_of(pledge)):
        raise StaleError
    pledge.status = next_pledge_status(pledge.status, PledgeAction.CHANGE)
    each = pledge.each_satang or pledge.amount_satang
    if (amount_satang > each or (remaining or 0) > _count_unpaid(pledge)) and not are_open(pledge):
        raise FundPausedError(field="amount")
    before = _terms(pledge)
    _change_schedule(pledge, starts_on, frequency or pledge.frequency, remaining)
    _change_amounts(pledge, amount_satang)
    settle(pledge)
    _record("change", pledge, reason, actor, _differences(before, _terms(pledge)))
    return pledge


def pause_pledge(token: str, *, reason: str | None = None, actor: Actor) -> Pledge:
    """Pause a pledge: nothing of it is overdue; payments on it are still recorded.

    Raises ForbiddenError, NotFoundError, PledgeStateError, PledgeReasonError and ChildNamedError.
    """
    return _act(token, PledgeAction.PAUSE, reason, actor)


def resume_pledge(token: str, *, reason: str | None = None, actor: Actor) -> Pledge:
    """Resume a paused pledge.

    Raises what `pause_pledge` does, and FundPausedError while a fund of it is not open.
    """
    return _act(token, PledgeAction.RESUME, reason, actor)


def cancel_pledge(token: str, *, reason: str | None = None, actor: Actor) -> Pledge:
    """Cancel a pledge; what was paid is not returned. Raises what `pause_pledge` does."""
    return _act(token, PledgeAction.CANCEL, reason, actor)


def write_off_instalment(token: str, number: int, *, reason: str, actor: Actor) -> Pledge:
    """Write off what is open of an instalment that the donor will not pay: it counts as let go, and
    the pledge goes on. A pledge of which nothing would be left is cancelled instead.

    Raises ForbiddenError, NotFoundError, PledgeReasonError, ChildNamedError, and PledgeStateError
    when the pledge does not run, nothing of the instalment is open, or nothing else is left.
    """
    pledge = _lock(token, reason, actor)
    instalment = _instalment(pledge, number)
    open_satang = instalment.open_satang
    others = [row for row in pledge.instalments if row is not instalment]
    is_all = not any(row.open_satang or row.received_satang for row in others)
    if not open_satang or pledge.status not in _RUNNING or (is_all and not instalment.paid_satang):
        raise PledgeStateError
    _write_off(instalment, open_satang, actor)
    settle(pledge)
    changes: dict[str, tuple[object, object]] = {
        "written_off": (None, format_baht(open_satang)),
        "due_on": (None, instalment.due_on),
    }
    _record("write-off", pledge, reason, actor, changes)
    return pledge


def take_write_off_back(token: str, number: int, *, reason: str, actor: Actor) -> Pledge:
    """Open again what was written off of an instalment.

    Raises ForbiddenError, NotFoundError, PledgeReasonError, ChildNamedError, and PledgeStateError
    when nothing was written off or the pledge is cancelled.
    """
    pledge = _lock(token, reason, actor)
    instalment = _instalment(pledge, number)
    statement = select(WriteOff.amount_satang).where(WriteOff.instalment_id == instalment.id)
    satang = sum(db.session.scalars(statement))
    if not satang or pledge.status is PledgeStatus.CANCELLED:
        raise PledgeStateError
    _write_off(instalment, -satang, actor)
    settle(pledge)
    changes: dict[str, tuple[object, object]] = {
        "written_off": (format_baht(satang), None),
        "due_on": (None, instalment.due_on),
    }
    _record("take-back", pledge, reason, actor, changes)
    return pledge


_RUNNING = (PledgeStatus.ACTIVE, PledgeStatus.PAUSED)


def _lock(token: str, reason: str | None, actor: Actor) -> Pledge:
    """The pledge, locked, for who may change it; with a reason, for who may do so for donors."""
    if reason is None:
        require(policy.may_change_pledge(actor))
    else:
        require(policy.may_change_for_donor(actor))
        if not reason.strip():
            raise PledgeReasonError(field="reason")
        require_no_child_named(reason, field="reason")
    return lock_pledge(Pledge.token == token)


def _act(token: str, action: PledgeAction, reason: str | None, actor: Actor) -> Pledge:
    pledge = _lock(token, reason, actor)
    pledge.status = next_pledge_status(pledge.status, action)
    if action is PledgeAction.RESUME and not are_open(pledge):
        raise FundPausedError
    if action is PledgeAction.RESUME:
        extend(pledge, clock.today())
    _record(action, pledge, reason, actor)
    return pledge


def _instalment(pledge: Pledge, number: int) -> Instalment:
    found = next((row for row in pledge.instalments if row.number == number), None)
    if found is None:
        raise NotFoundError
    return found


def _write_off(instalment: Instalment, satang: int, actor: Actor) -> None:
    write_off(instalment, satang)
    row = WriteOff(
        instalment_id=instalment.id,
        amount_satang=satang,
        written_by=actor.ref,
        written_at=clock.now(),
    )
    db.session.add(row)


def _unpaid(pledge: Pledge) -> list[Instalment]:
    """The instalments that a change moves: without a payment, the earliest first."""
    return by_due_date(row for row in pledge.instalments if row.paid_satang == 0)


def _count_unpaid(pledge: Pledge) -> int:
    return len(_unpaid(pledge))


def _change_schedule(
    pledge: Pledge, starts_on: date | None, frequency: Frequency, remaining: int | None
) -> None:
    """Bring the days and the number of the unpaid instalments to the new terms."""
    unpaid = _unpaid(pledge)
    count = len(unpaid) if remaining is None else remaining
    if remaining is not None:
        _require_count(pledge, frequency, remaining)
    begins_on = starts_on or (unpaid[0].due_on if unpaid else clock.today())
    if unpaid and (frequency, begins_on) == (pledge.frequency, unpaid[0].due_on):
        days = [row.due_on for row in unpaid][:count]
        days += schedule.dates_after(frequency, pledge.starts_on, days[-1], count - len(days))
    else:
        days = schedule.due_dates(frequency, begins_on, count)
        pledge.starts_on = begins_on
    pledge.frequency = frequency
    for row, day in zip(unpaid, days, strict=False):
        row.due_on = day
    if remaining is None:
        return
    kept = len(pledge.instalments) - max(0, len(unpaid) - count)
    _remove(pledge, unpaid[count:])
    if pledge.instalment_count is None:
        pledge.each_satang = pledge.amount_satang
    pledge.instalment_count = kept + max(0, count - len(unpaid))
    added = [(day, pledge.each_satang or 1) for day in days[len(unpaid) :]]
    last = max(row.number for row in pledge.instalments)
    db.session.flush()
    run_all(connection_of_work(), instalment_runs(pledge.id, added, existing=last))
    db.session.expire(pledge, ["instalments"])


def _require_count(pledge: Pledge, frequency: Frequency, remaining: int) -> None:
    paid = len(pledge.instalments) - _count_unpaid(pledge)
    in_years = schedule.TIMES_A_YEAR.get(frequency, 1) * schedule.MAXIMUM_YEARS
    most = min(schedule.MAXIMUM_INSTALMENTS - paid, in_years)
    if pledge.frequency is Frequency.ONCE or not 1 <= remaining <= most:
        raise ScheduleError(
            N_("Choose from 1 to %(most)s parts for what is still to come."),
            field="remaining",
            params={"most": max(1, most)},
        )


def _remove(pledge: Pledge, rows: Sequence[Instalment]) -> None:
    """Take instalments away of which nothing else tells; ScheduleError for one that was begun."""
    for row in rows:
        if _is_begun(row):
            raise ScheduleError(
                N_(
                    "Part %(number)s was asked for or begun, so it stays. Choose more parts, or "
                    "ask the office."
                ),
                field="remaining",
                params={"number": row.number},
            )
        db.session.delete(row)


def _is_begun(instalment: Instalment) -> bool:
    """Whether any row refers to the instalment: a returned payment, a reminder, a card's page."""
    paying = select(Checkout.id).where(
        Checkout.reference == instalment.reference, Checkout.status == CheckoutStatus.OPEN
    )
    if db.session.scalars(paying.limit(1)).first() is not None:
        return True
    own = Instalment.__table__.c.id
    columns = [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is own
    ]
    return any(
        db.session.execute(select(column).where(column == instalment.id).limit(1)).first()
        for column in columns
    )


def _change_amounts(pledge: Pledge, satang: int) -> None:
    """Bring the amounts of the unpaid instalments to the new terms."""
    unpaid = _unpaid(pledge)
    fixed = sum(row.amount_satang for row in pledge.instalments if row.paid_satang)
    amounts = _new_amounts(pledge, satang, fixed, len(unpaid))
    pledge.amount_satang = satang
    if pledge.each_satang is not None:
        pledge.each_satang, pledge.amount_satang = satang, fixed + sum(amounts)
    for row, own in zip(unpaid, amounts, strict=True):
        row.amount_satang = own
    db.session.flush()


def _new_amounts(pledge: Pledge, satang: int, fixed_satang: int, count: int) -> list[int]:
    """The new amounts of ``count`` instalments; ``fixed_satang`` is in those that stay."""
    if pledge.instalment_count is None:
        return [satang] * count
    if pledge.each_satang is not None:
        if count == 0:
            raise ScheduleError(
                N_("Every part is paid or begun, so there is no amount left to change."),
                field="amount",
            )
        return [satang] * count
    rest_satang = satang - fixed_satang
    if rest_satang < 0 or (count == 0 and rest_satang > 0):
        raise ScheduleError(field="amount")
    return schedule.amounts(rest_satang, count) if count else []


def _terms(pledge: Pledge) -> dict[str, object]:
    """What the history tells of a change."""
    return {
        "amount": format_baht(pledge.amount_satang),
        "starts_on": pledge.starts_on,
        "frequency": pledge.frequency,
        "instalments": pledge.instalment_count,
    }


def _differences(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    return {name: (before[name], after[name]) for name in before}


def _record(
    verb: str,
    pledge: Pledge,
    reason: str | None,
    actor: Actor,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Write what was done into the trail; with a reason, tell the donor."""
    note = ""
    if reason is not None:
        remark = write_remark(
            reason,
            kind=RemarkKind.PLEDGE,
            subject_type="pledge",
            subject_ref=str(pledge.id),
            actor=actor,
        )
        note = remark.trace
    record_event(
        f"giving:pledge:{verb}",
        actor=actor,
        subject_type="pledge",
        # Whoever knows the token can change the pledge, so the trail names the pledge by its id.
        subject_ref=str(pledge.id),
        note=note,
        changes=changes,
    )
    db.session.flush()
    if reason is not None and has_way(pledge.donor):
        queue_message(emails.pledge_changed(pledge, verb), actor=actor)
