"""Runs of the checks, outside of any unit of work: they read all on one snapshot, and what they
came to is stored afterwards.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from flask import current_app

from fundapp.access.actors import Actor
from fundapp.audit.checks import CheckResult, Run, run_checks
from fundapp.audit.models import CheckOrder
from fundapp.audit.operations import (
    give_up_order,
    note_progress,
    release_order,
    store_run,
    take_order,
)
from fundapp.db import unit_of_work, unit_of_work_now
from fundapp.errors import BusyError

#: Seconds between two notes of how far a run is.
NOTED_EVERY = 2.0


class StoppedError(Exception):
    """The worker shall stop in the middle of a run."""


def carry_out_order(*, actor: Actor, stop: threading.Event) -> Sequence[CheckResult] | None:
    """Carry out the oldest order for a run, if one waits, and give its results. Raises
    ForbiddenError, and what a check raises: the order is then given up.

    When ``stop`` is set, it ends without results and another worker begins anew.
    """
    order = unit_of_work(take_order, actor=actor)
    if order is None:
        return None
    try:
        return _carry_out(order, actor, stop)
    except StoppedError:
        unit_of_work(release_order, order.id, actor=actor)
        return None
    except Exception:
        unit_of_work(give_up_order, order.id, actor=actor)
        raise


def _carry_out(order: CheckOrder, actor: Actor, stop: threading.Event) -> list[CheckResult]:
    notes = _Notes(order.id, actor, stop)
    run = Run(is_full=order.is_full, report=notes.entries_read)
    results = []
    for result in run_checks(run):
        results.append(result)
        notes.check_done()
    unit_of_work(store_run, run, results, order_id=order.id, actor=actor)
    return results


@dataclass(slots=True)
class _Notes:
    """Notes every few seconds how far a run is, and ends it when the worker shall stop."""

    order_id: int
    actor: Actor
    stop: threading.Event
    checks: int = 0
    entries: int = 0
    noted_at: float = field(default_factory=time.monotonic)

    def check_done(self) -> None:
        """One more check is done."""
        self.checks += 1
        self._note()

    def entries_read(self, done: int, total: int) -> None:
        """So many entries were read."""
        self.entries = done
        self._note()

    def _note(self) -> None:
        if self.stop.is_set():
            raise StoppedError
        if time.monotonic() - self.noted_at < NOTED_EVERY:
            return
        # In a session of its own: the run reads on in its snapshot. Whoever writes goes first.
        with current_app.app_context(), suppress(BusyError):
            unit_of_work_now(
                note_progress,
                self.order_id,
                checks=self.checks,
                entries=self.entries,
                actor=self.actor,
            )
        self.noted_at = time.monotonic()
