"""Reminding the donors of all pledges, each in a unit of work of its own."""

import threading

from flask import current_app

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.giving.reminders.operations import remind
from fundapp.giving.reminders.queries import list_pledges_to_remind


def send_reminders(*, actor: Actor, stop: threading.Event | None = None) -> int:
    """Queue the reminders that are due, until ``stop`` is set; how many messages. A pledge that
    fails is logged, and the others go on.
    """
    stop = stop or threading.Event()
    count = 0
    # Read in a unit of work too: otherwise its transaction would stay open.
    for pledge_id in unit_of_work(list_pledges_to_remind, clock.today()):
        if stop.is_set():
            break
        try:
            count += bool(unit_of_work(remind, pledge_id, actor=actor))
        except Exception:
            current_app.logger.exception("a donor could not be reminded")
    return count
