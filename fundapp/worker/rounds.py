"""One round of the work that no page waits for."""

import threading
from dataclasses import dataclass

from flask import current_app

from fundapp.access.actors import WORKER
from fundapp.db import unit_of_work
from fundapp.ledger.operations import fold_balances
from fundapp.mail.batches import Delivered, deliver_due
from fundapp.mail.mailers import mailer_of


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    mail: Delivered


def work_once() -> Round:
    """Fold waiting balances into their rows, then send what is due."""
    unit_of_work(fold_balances, actor=WORKER)
    return Round(mail=deliver_due(mailer_of(current_app.config), actor=WORKER))


def work_until(stop: threading.Event, *, pause_seconds: float) -> None:
    """Work round after round until ``stop`` is set; a round that fails is logged."""
    while not stop.is_set():
        try:
            work_once()
        except Exception:
            # The database may be away for a moment; the worker must outlive that.
            current_app.logger.exception("a round of the worker failed")
        stop.wait(pause_seconds)
