"""The rounds of the worker: work that no page waits for."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from fundapp import clock
from fundapp.access.actors import WORKER
from fundapp.db import unit_of_work
from fundapp.documents.batches import check_due_documents
from fundapp.giving.operations import extend_schedule
from fundapp.giving.queries import list_open_ended_tokens
from fundapp.ledger.operations import fold_balances
from fundapp.mail.batches import Delivered, deliver_due
from fundapp.mail.mailers import mailer_of

#: How often a process looks for pledges whose schedule has to be extended.
EXTEND_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round did."""

    mail: Delivered


@dataclass(slots=True)
class Rounds:
    """The rounds of one process; ``extended_at`` is when it last extended schedules."""

    extended_at: datetime | None = None

    def work_once(self) -> RoundResult:
        """Fold waiting balances into their rows, extend schedules if it is time, send messages,
        open the stored files that are due.
        """
        unit_of_work(fold_balances, actor=WORKER)
        now = clock.now()
        if self.extended_at is None or now - self.extended_at >= EXTEND_EVERY:
            extend_schedules()
            self.extended_at = now
        mail = deliver_due(mailer_of(current_app.config), actor=WORKER)
        check_due_documents(actor=WORKER)
        return RoundResult(mail=mail)

    def work_until(self, stop: threading.Event, *, pause_seconds: float) -> None:
        """Work round after round until ``stop`` is set; a round that fails is logged."""
        while not stop.is_set():
            try:
                self.work_once()
            except Exception:
                # The database may be unavailable for a moment; the worker goes on afterwards.
                current_app.logger.exception("a round of the worker failed")
            stop.wait(pause_seconds)


def extend_schedules() -> None:
    """Give open-ended pledges their next instalments; a pledge that fails is logged."""
    # Read in a unit of work too: otherwise the transaction would stay open between the rounds.
    for token in unit_of_work(list_open_ended_tokens, clock.today()):
        try:
            unit_of_work(extend_schedule, token, actor=WORKER)
        except Exception:
            current_app.logger.exception("the schedule of a pledge could not be extended")
