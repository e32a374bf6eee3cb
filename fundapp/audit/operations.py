"""Asking for runs of the checks, storing what they came to, and noting how far the books were
proved.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.audit.checks import CheckResult, Run, Violation
from fundapp.audit.marks import proof_of
from fundapp.audit.models import CheckMark, CheckOrder, CheckRun, CheckState, StoredResult
from fundapp.audit.policy import may_mark, may_order
from fundapp.audit.reading import NOTHING, Stretch
from fundapp.audit.run_proofs import prove
from fundapp.db import db, insert_if_new, lock
from fundapp.trail.operations import record_event

#: After so long without a sign of the worker that carries an order out, another one takes it.
SILENT_FOR = timedelta(minutes=15)
#: Longer than the hours of a night, shorter than a day.
NIGHT = timedelta(hours=12)
#: How many of the rows that break a check are stored; all of them are counted.
MOST_STORED = 20


def set_mark(proved: Stretch, *, actor: Actor) -> None:
    """Note that every check held up to the end of ``proved``; once. Raises ForbiddenError.

    It changes nothing that anybody reads in the books, so it leaves no trail.
    """
    require(may_mark(actor))
    if db.session.get(CheckMark, proved.entry_id) is not None:
        return
    insert_if_new(
        CheckMark,
        entry_id=proved.entry_id,
        entry_count=proved.entry_count,
        leaves_sha256=proved.leaves_sha256,
        proof=proof_of(proved),
        marked_at=clock.now(),
    )


def order_checks(*, is_full: bool = True, actor: Actor) -> CheckOrder:
    """Ask the worker for a run, unless one like it waits to be begun. Raises ForbiddenError."""
    require(may_order(actor))
    order = db.session.scalars(
        select(CheckOrder)
        .where(CheckOrder.ended_at.is_(None), CheckOrder.begun_at.is_(None))
        .order_by(CheckOrder.is_full.desc(), CheckOrder.id)
    ).first()
    if order is None or order.is_full < is_full:
        order = CheckOrder(is_full=is_full, asked_by=actor.ref, asked_at=clock.now())
        db.session.add(order)
    if actor.user_id is not None:
        record_event(
            "audit:checks:order", actor=actor, subject_type="audit_view", subject_ref="checks"
        )
    return order


def order_tonight(*, actor: Actor) -> None:
    """Ask for the run of the night, once, however many workers there are. Raises ForbiddenError."""
    require(may_mark(actor))
    is_asked = select(CheckOrder.id).where(
        CheckOrder.asked_by == actor.ref, CheckOrder.asked_at > clock.now() - NIGHT
    )
    if db.session.scalar(is_asked.limit(1)) is None:
        order_checks(is_full=False, actor=actor)


def take_order(*, actor: Actor) -> CheckOrder | None:
    """The oldest order that nobody carries out, begun, or None. Raises ForbiddenError."""
    require(may_mark(actor))
    is_free = CheckOrder.begun_at.is_(None) | (CheckOrder.seen_at < clock.now() - SILENT_FOR)
    oldest = (
        select(CheckOrder)
        .where(CheckOrder.ended_at.is_(None), is_free)
        .order_by(CheckOrder.id)
        .limit(1)
    )
    order = lock(oldest)
    if order is not None:
        order.begun_at = order.seen_at = clock.now()
        order.checks_done = order.entries_done = 0
    return order


def note_progress(order_id: int, *, checks: int, entries: int, actor: Actor) -> None:
    """Note how far the run of an order is. Raises ForbiddenError."""
    require(may_mark(actor))
    order = _lock_order(order_id)
    order.seen_at = clock.now()
    order.checks_done, order.entries_done = checks, entries


def release_order(order_id: int, *, actor: Actor) -> None:
    """Let another worker begin the run anew. Raises ForbiddenError."""
    require(may_mark(actor))
    order = _lock_order(order_id)
    order.begun_at = order.seen_at = None


def give_up_order(order_id: int, *, actor: Actor) -> None:
    """End an order whose run could not be carried out. Raises ForbiddenError."""
    require(may_mark(actor))
    _lock_order(order_id).ended_at = clock.now()


def store_run(
    run: Run, results: Sequence[CheckResult], *, order_id: int | None = None, actor: Actor
) -> None:
    """Store what a run came to, end its order, and set a mark where it began after one and nothing
    is red. Raises ForbiddenError.

    Like a mark it changes nothing of the books, so it leaves no trail.
    """
    require(may_mark(actor))
    order = None if order_id is None else _lock_order(order_id)
    is_red = any(result.state is CheckState.RED for result in results)
    proved = None if run.is_full or is_red else run.proved
    if proved is not None:
        set_mark(proved, actor=actor)
    start = run.reading.start if run.reading else NOTHING
    now = max(clock.now(), run.started_at)
    stored = CheckRun(
        order_id=order_id,
        is_full=run.is_full,
        started_at=run.started_at,
        ended_at=now,
        asked_by=order.asked_by if order else actor.ref,
        run_by=actor.ref,
        # After a checkpoint that the command named, there is no mark to name.
        began_after=None if start == NOTHING or run.since else start.entry_id,
        proved_to=proved and proved.entry_id,
        entry_count=run.reading.entry_count if run.reading else 0,
    )
    db.session.add(stored)
    db.session.flush()
    rows = list(_rows(stored, results))
    db.session.add_all([*rows, prove(stored, rows)])
    if order is not None:
        order.ended_at = now


def _rows(stored: CheckRun, results: Sequence[CheckResult]) -> Iterable[StoredResult]:
    for position, result in enumerate(results):
        yield StoredResult(
            run_id=stored.id,
            name=result.check.name,
            position=position,
            state=result.state,
            violation_count=len(result.violations),
            violations=[_plain(each) for each in result.violations[:MOST_STORED]],
            took_ms=result.took_ms,
        )


def _plain(violation: Violation) -> list[object]:
    """As JSON has it; a day under its own key. The name of a person is left out."""
    values = {
        name: {"day": value.isoformat()} if isinstance(value, date) else value
        for name, value in violation.params.items()
    }
    return [violation.ref, violation.problem, values]


def _lock_order(order_id: int) -> CheckOrder:
    order = lock(select(CheckOrder).where(CheckOrder.id == order_id))
    if order is None:
        raise LookupError(order_id)
    return order
